export { describeCache, describeJobs, describeMemory, describeRetrieval, describeStore } from './describe-contract.ts'
export type { ContractSkip, DescribeOptions } from './describe-contract.ts'
export { isolationMatchers } from './matchers.ts'
export type { IsolationMatchers } from './matchers.ts'
