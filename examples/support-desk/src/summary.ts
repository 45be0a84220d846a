import type { RunOutcome } from './outcome.ts'

/** The whole desk in four numbers; printed as one line of JSON for programs to read. */
export interface Summary {
  readonly runs: number
  readonly answered: number
  readonly refused: number
  readonly leaks: number
}

export function summaryOf(outcomes: readonly RunOutcome[]): Summary {
  return {
    runs: outcomes.length,
    answered: outcomes.filter(({ answered }) => answered).length,
    refused: outcomes.reduce((sum, outcome) => sum + refusalsOf(outcome), 0),
    leaks: outcomes.reduce((sum, { leaks }) => sum + leaks.length, 0),
  }
}

/** Counts what was refused in one run. */
export function refusalsOf({ refused }: RunOutcome): number {
  return refused.reduce((sum, { count }) => sum + count, 0)
}
