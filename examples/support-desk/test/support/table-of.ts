import type { RunOutcome } from '../../src/outcome.ts'
import { summaryOf } from '../../src/summary.ts'

/** Writes outcomes as the checked-in table has them: the summary, and of each run what was refused and whether it answered. */
export function tableOf(outcomes: readonly RunOutcome[]): string {
  const runs = outcomes.map(({ tenant, model, prompt, answered, refused }) => {
    const counts = Object.fromEntries(
      refused
        .toSorted((one, other) => (one.reason < other.reason ? -1 : 1))
        .map(({ reason, count }) => [reason, count]),
    )
    return [`${tenant.id} ${model} ${prompt.id}`, { answered, refused: counts }]
  })
  return `${JSON.stringify({ summary: summaryOf(outcomes), runs: Object.fromEntries(runs) }, undefined, 2)}\n`
}
