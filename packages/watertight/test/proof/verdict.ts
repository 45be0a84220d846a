import type { PartResult, ProofCounts } from './part.ts'

/** How one part ended. */
export interface PartOutcome {
  readonly name: string
  readonly seconds: number
  /** absent when the part broke: nothing was proved then */
  readonly result?: PartResult
  readonly broken?: string
}

export interface Proof {
  readonly outcomes: readonly PartOutcome[]
  readonly counts: ProofCounts
  /** `leaked`: something was seen that should not be, or a check saw less than it should; `broken`: a part did not run */
  readonly verdict: 'passed' | 'leaked' | 'broken'
}

/** Adds up what the parts counted, and judges. A leak that was found outweighs a part that broke. */
export function judge(outcomes: readonly PartOutcome[]): Proof {
  const counts = outcomes.map(({ result }) => result?.counts ?? {}).reduce(addCounts, {})
  const leaked = outcomes.some(({ result }) => result !== undefined && result.failures.length > 0)
  const broken = outcomes.length === 0 || outcomes.some(({ result }) => result === undefined)
  return { outcomes, counts, verdict: leaked ? 'leaked' : broken ? 'broken' : 'passed' }
}

/** In the order in which a line of them is read, whichever part ended first. */
const names = [
  'cases',
  'pending',
  'leaks',
  'worlds',
  'divergences',
  'incidents',
  'mutants',
  'renderings',
  'falseAlarms',
] as const satisfies readonly (keyof ProofCounts)[]

function addCounts(left: ProofCounts, right: ProofCounts): ProofCounts {
  const sums = names.map((name) => [name, add(left[name], right[name])] as const)
  return Object.fromEntries(sums.filter(([, sum]) => sum !== undefined))
}

type Count = ProofCounts[keyof ProofCounts]

function add(left: Count, right: Count): Count {
  if (left === undefined || right === undefined) return left ?? right
  if (typeof left === 'number' && typeof right === 'number') return left + right
  throw new TypeError('Two parts count the same things, and their shares cannot be added.')
}
