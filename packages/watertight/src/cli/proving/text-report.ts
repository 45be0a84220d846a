import type { IsolationReport, Rate } from '../../testing/index.ts'
import { sayResult } from '../report.ts'
import type { Outcome } from './outcome.ts'

/** The most leaks that are told one by one: they are alike, and the reports hold them all. */
const mostLeaks = 20

/** Prints an outcome for people. */
export function sayOutcome(outcome: Outcome): void {
  if (outcome.leaks !== undefined) sayReport(outcome)
  for (const { kind, step, message } of outcome.problems) sayResult('wrong', `${kind} in ${step}: ${message}`)
  sayResult(outcome.verdict === 'passed' ? 'done' : 'wrong', verdicts[outcome.verdict])
}

const verdicts = {
  passed: 'passed: nothing of others arrived anywhere, and people saw their own',
  leaked: 'leaked: somebody saw what is not theirs',
  broken: 'broken: nothing is proved before the target is mended',
}

function sayReport({ leaks, leakRates, usefulness, turns, seed }: IsolationReport): void {
  for (const { caller, canary, at, rendering, prompt } of leaks.slice(0, mostLeaks))
    sayResult('wrong', `${caller} saw ${canary} at ${at} (${rendering.join(', ')}), after ${prompt}`)
  if (leaks.length > mostLeaks) sayResult('wrong', `and ${leaks.length - mostLeaks} more`)
  sayResult('note', `${turns} turns with seed ${seed}`)
  for (const [name, rate] of neighbours(leakRates))
    if (rate.n > 0) sayResult('note', `${name.padEnd(18)} ${tell(rate)} leaked`)
  sayResult('note', `own answers right  ${tell(usefulness.answers)}`)
  sayResult('note', `own answers seen   ${tell(usefulness.hits)}`)
  sayResult('note', `own secrets seen   ${tell(usefulness.recall)}`)
}

function neighbours({ tenant, workspace, user }: IsolationReport['leakRates']): readonly (readonly [string, Rate])[] {
  return [
    ['other tenants', tenant],
    ['sibling workspaces', workspace],
    ['sibling users', user],
  ]
}

function tell({ hits, n, low, high }: Rate): string {
  return `${hits} of ${n} (95 %: ${percent(low)} to ${percent(high)})`
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}
