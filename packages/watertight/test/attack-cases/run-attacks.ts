import { askOwn } from './ask-own.ts'
import type { OwnAnswers } from './ask-own.ts'
import { attackClasses } from './attack-case.ts'
import type { AttackCase, AttackClass } from './attack-case.ts'
import { attackCases } from './cases/index.ts'
import { pendingCases } from './cases/pending.ts'
import { furnish } from './furnish.ts'
import { runCase } from './run-case.ts'
import type { Verdict } from './run-case.ts'
import type { Stage } from './stage.ts'
import { openTightStage } from './tight-stage.ts'

export interface AttackOptions {
  /** the cases to play; all where absent */
  readonly cases?: readonly AttackCase[]
  /** what they are played on: Watertight on an embedded database where absent */
  readonly open?: () => Promise<Stage>
  /** hears of each case when it has been played */
  readonly progress?: (done: number, total: number) => void
}

export interface AttackReport {
  /** how many were played */
  readonly cases: number
  /** how many wait for their surface, and were not played */
  readonly pending: number
  /** how many let something of another owner out, changed it, or told that it exists */
  readonly leaks: number
  /** what the attacker asked for that is their own, before anything else */
  readonly own: OwnAnswers
  readonly byClass: Readonly<
    Record<AttackClass, { readonly cases: number; readonly held: number; readonly pending: number }>
  >
  /** every case that did not end as it must, leak or not */
  readonly failures: readonly Verdict[]
}

/** Plays attacks one after the other on one stage. */
export async function runAttacks(options: AttackOptions = {}): Promise<AttackReport> {
  const { cases = attackCases, open = openTightStage, progress } = options
  await using stage = await open()
  const furnished = await furnish(stage)
  const own = await askOwn(furnished)
  const verdicts: Verdict[] = []
  for (const attack of cases) {
    verdicts.push(await runCase(furnished, attack))
    progress?.(verdicts.length, cases.length)
  }
  return reportOn(cases, verdicts, own)
}

/** Says whether a case let something out, changed it, or told of it. */
export function didLeak({ leaks, harm, told }: Verdict): boolean {
  return leaks.length > 0 || harm || told
}

function reportOn(cases: readonly AttackCase[], verdicts: readonly Verdict[], own: OwnAnswers): AttackReport {
  const held = new Set(verdicts.filter((verdict) => verdict.held).map(({ id }) => id))
  const count = (name: string) => {
    const these = cases.filter((attack) => attack.class === name)
    return {
      cases: these.length,
      held: these.filter(({ id }) => held.has(id)).length,
      pending: pendingCases.filter((waiting) => waiting.class === name).length,
    }
  }
  return {
    cases: verdicts.length,
    pending: pendingCases.length,
    leaks: verdicts.filter(didLeak).length,
    own,
    byClass: Object.fromEntries(
      Object.keys(attackClasses).map((name) => [name, count(name)]),
    ) as AttackReport['byClass'],
    failures: verdicts.filter((verdict) => !verdict.held),
  }
}

/** The table for people: a line for each class. */
export function tableOf({ byClass, cases, pending, leaks }: AttackReport): string {
  const line = (name: string, story: string, ...numbers: readonly (number | string)[]) =>
    `${name.padEnd(4)} ${story.padEnd(58)} ${numbers.map((number) => String(number).padStart(7)).join(' ')}`
  const rows = Object.entries(byClass).map(([name, { cases: played, held, pending: waiting }]) =>
    line(name, new Map<string, string>(Object.entries(attackClasses)).get(name) ?? '', played, held, waiting),
  )
  const heldAll = Object.values(byClass).reduce((sum, { held }) => sum + held, 0)
  return [
    line('', '', 'played', 'held', 'pending'),
    ...rows,
    line('all', `${leaks} leaks`, cases, heldAll, pending),
  ].join('\n')
}
