export type { ContextItem, RunContext } from './run-context.ts'
export type { RunState, StateItem } from './run-state.ts'
export { startRun } from './start-run.ts'
export type { RunOptions, StartedRun } from './start-run.ts'
