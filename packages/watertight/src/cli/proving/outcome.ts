import type { IsolationReport, ProveProgress } from '../../testing/index.ts'

/** What is wrong with a target that could not even be proved to the end. */
interface SetupProblem {
  readonly kind: 'set-up'
  readonly step: string
  readonly message: string
}

/** What the command came to: a report, or why there is none. */
export type Outcome =
  | IsolationReport
  | { readonly verdict: 'broken'; readonly problems: readonly SetupProblem[]; readonly leaks?: undefined }

/** What the process of a target tells the command. */
export type ProvingMessage =
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly progress: ProveProgress }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }

export function setupProblem(step: string, message: string): Outcome {
  return { verdict: 'broken', problems: [{ kind: 'set-up', step, message }] }
}
