import { randomInt } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { spawnNode } from '../../support/processes.ts'
import { killLater, parseLine, patience, quickStart } from '../killing.ts'
import { openTarget } from '../targets.ts'
import type { EngineName, Target } from '../targets.ts'
import { book } from './house.ts'
import { Ledger } from './ledger.ts'
import { openOutside } from './outside.ts'
import type { Outside } from './outside.ts'
import { kinds, slowEffect, tenantIds } from './protocol.ts'
import type { Fault, Line, Operation, Plan } from './protocol.ts'

export interface SoakOptions {
  readonly engine: EngineName
  readonly rounds: number
  readonly fault?: Fault | undefined
  /** hears of each round that is over */
  readonly onRound?: (round: number, ledger: Ledger) => void
}

interface Ports {
  readonly target: Target
  readonly outside: Outside
  readonly ledger: Ledger
  readonly migrations: string
}

const script = fileURLToPath(new URL('victim.ts', import.meta.url))

/**
 * Kills processes again and again in the middle of effects, and lets the next one make the same calls again. On a server
 * every third round has two processes that make the same calls at the same time.
 */
export async function soakEffects({ engine, rounds, fault, onRound }: SoakOptions): Promise<Ledger> {
  const migrations = await mkdtemp(join(tmpdir(), 'watertight-soak-sql-'))
  try {
    await writeFile(join(migrations, '0001-book.sql'), book)
    await using target = await openTarget(engine, migrations)
    await using outside = await openOutside()
    const ledger = new Ledger(outside.effects)
    const ports = { target, outside, ledger, migrations }
    for (let round = 1; round <= rounds; round++) {
      await Promise.all(planRound(engine, round, ledger, fault).map((plan) => runVictim(ports, round, plan)))
      await settle(ports)
      onRound?.(round, ledger)
    }
    outside.calm()
    const retries = [...ledger.open, ...sample(ledger.closed, 200)]
    const last = { name: 'last', retries, shared: [], slow: false, careful: true, finish: true, fault }
    await runVictim(ports, rounds + 1, last)
    await settle(ports)
    ledger.close()
    return ledger
  } finally {
    await rm(migrations, { recursive: true, force: true })
  }
}

function planRound(engine: EngineName, round: number, ledger: Ledger, fault: Fault | undefined): readonly Plan[] {
  const pair = engine === 'postgres' && round % 3 === 0
  const slow = round % 10 === 3
  const careful = !pair && round % 4 === 0
  const stall =
    slow || round % 2 === 1
      ? undefined
      : ({ at: randomInt(2) === 0 ? 'before' : 'after', turn: randomInt(1, 12) } as const)
  const retries = [...sample(ledger.open, 60), ...sample(ledger.closed, 20)]
  const plan = { name: `r${round}`, retries, shared: [], slow, careful, finish: false, fault, stall }
  if (!pair) return [plan]
  const shared = shareCalls(round, ledger, slow)
  return [
    { ...plan, name: `r${round}a`, shared },
    { ...plan, name: `r${round}b`, shared, stall: undefined },
  ]
}

// In runs that an earlier process began: both processes reach those in the same way.
function shareCalls(round: number, ledger: Ledger, slow: boolean): readonly Operation[] {
  return tenantIds.flatMap((tenantId) => {
    const runId = ledger.runOf(tenantId)
    if (runId === undefined) return []
    const call = (kind: Operation['kind'], at: number | 'slow', takes = 0): Operation => {
      const input = { memo: `r${round}.shared.${at}.${kind}`, amount: 100, takes }
      return { kind, tenantId, runId, step: 'first', input }
    }
    const quick = kinds.flatMap((kind) => Array.from({ length: 4 }, (_, at) => call(kind, at)))
    return slow ? [...quick, call('charge', 'slow', slowEffect), call('charge-looked-up', 'slow', slowEffect)] : quick
  })
}

/** Runs one victim to its end. */
async function runVictim({ target, outside, ledger, migrations }: Ports, round: number, plan: Plan): Promise<void> {
  const named = ['--database', target.database, '--migrations', migrations, '--url', outside.url]
  const env = target.keys === undefined ? {} : { WATERTIGHT_KEYS: target.keys }
  await using victim = spawnNode(script, [...named, '--plan', JSON.stringify(plan)], env, quickStart)
  const murder = new AbortController()
  const kill = (after: number) => killLater(victim, after, murder.signal)
  const hung = kill(patience)
  const deaths: Promise<boolean>[] = []
  if (!plan.finish && !plan.slow && !plan.careful && round % 7 === 5) deaths.push(kill(randomInt(20, 900)))
  // Counted in answers to new calls, not in time: a busy machine dies as deep in its work as a quiet one. A call is made three
  // times at most, so from 25 on at least one tenant has had its first call of every kind answered.
  let left = randomInt(25, 50)
  let counting = !plan.careful && randomInt(2) === 0
  for await (const text of victim.lines) {
    const line = parseLine(text) as Line | undefined
    if (line === undefined) continue
    ledger.hear(line, { round, alone: plan.careful && !counting })
    if (line.say === 'retried') counting = true
    if (plan.finish) continue
    if (line.say === 'stalled' || line.say === 'slow-over') deaths.push(kill(0))
    const isNew = line.say === 'answered' && line.operation.input.memo.startsWith(`${plan.name}.`)
    if (isNew && counting && !plan.slow && plan.stall === undefined && --left === 0) deaths.push(kill(randomInt(0, 30)))
  }
  murder.abort()
  const { code, signal } = await victim.exited
  const asked = (await Promise.all(deaths)).some(Boolean)
  if (await hung) throw new Error(`A process of round ${round} hung.`)
  if (plan.finish ? code !== 0 : !(asked && signal === 'SIGKILL'))
    throw new Error(`A process of round ${round} ended by itself (${code ?? signal}):\n${victim.stderr}`)
}

async function settle({ target, outside, ledger }: Ports): Promise<void> {
  await Promise.all([target.settled(), outside.settled()])
  ledger.judge()
}

function sample<Item>(items: readonly Item[], most: number): readonly Item[] {
  const rest = [...items]
  return Array.from({ length: Math.min(most, rest.length) }, () => rest.splice(randomInt(rest.length), 1)).flat()
}
