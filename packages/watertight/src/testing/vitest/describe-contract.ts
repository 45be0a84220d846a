import { describe, test } from 'vitest'

import { cacheContract } from '../contracts/cache-contract.ts'
import type { CachePort } from '../contracts/cache-contract.ts'
import type { ContractCase, ContractOptions } from '../contracts/contract.ts'
import { jobsContract } from '../contracts/jobs-contract.ts'
import type { JobsPort } from '../contracts/jobs-contract.ts'
import { memoryContract } from '../contracts/memory-contract.ts'
import type { MemoryPort } from '../contracts/memory-contract.ts'
import { retrievalContract } from '../contracts/retrieval-contract.ts'
import type { RetrievalPort } from '../contracts/retrieval-contract.ts'
import { storeContract } from '../contracts/store-contract.ts'
import type { StorePort } from '../contracts/store-contract.ts'

/** Cases that an implementation cannot keep, and why. */
export interface ContractSkip {
  /** shown in the title of each skipped test */
  readonly reason: string
  /** titles of tests */
  readonly tests: readonly string[]
}

export interface DescribeOptions<Port> extends ContractOptions<Port> {
  readonly skip?: readonly ContractSkip[]
}

/**
 * Describes a store of values under keys, one test for each promise of the contract.
 *
 * @param name what the tests are called
 * @param options `open` gives one owner's store over a backend that all owners share
 * @throws {TypeError} when a skip has no reason, or names a test that the contract does not have
 */
export function describeStore(name: string, options: DescribeOptions<StorePort>): void {
  describeCases(name, storeContract(options), options.skip)
}

/** Describes a memory of texts, as `describeStore()` does a store. */
export function describeMemory(name: string, options: DescribeOptions<MemoryPort>): void {
  describeCases(name, memoryContract(options), options.skip)
}

/** Describes an index of documents, as `describeStore()` does a store. */
export function describeRetrieval(name: string, options: DescribeOptions<RetrievalPort>): void {
  describeCases(name, retrievalContract(options), options.skip)
}

/** Describes a cache, as `describeStore()` does a store. */
export function describeCache(name: string, options: DescribeOptions<CachePort>): void {
  describeCases(name, cacheContract(options), options.skip)
}

/** Describes a queue of jobs, as `describeStore()` does a store. */
export function describeJobs(name: string, options: DescribeOptions<JobsPort>): void {
  describeCases(name, jobsContract(options), options.skip)
}

function describeCases(name: string, cases: readonly ContractCase[], skip: readonly ContractSkip[] = []): void {
  const titles = new Set(cases.map(({ title }) => title))
  for (const { reason, tests } of skip) {
    if (reason.trim() === '') throw new TypeError('A skip needs a reason.')
    for (const title of tests)
      if (!titles.has(title)) throw new TypeError(`The contract has no test "${title}" to skip.`)
  }
  const reasonFor = (title: string) => skip.find(({ tests }) => tests.includes(title))?.reason
  describe(name, () => {
    for (const { title, run } of cases) {
      const reason = reasonFor(title)
      if (reason === undefined) test(title, run)
      else test.skip(`${title} (skipped: ${reason})`, run)
    }
  })
}
