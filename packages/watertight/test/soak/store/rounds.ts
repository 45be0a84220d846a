import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { migrateDatabase } from '../../../src/migrate/index.ts'
import { openTestDatabase, withClient } from '../../support/postgres.ts'
import { spawnNode } from '../../support/processes.ts'
import type { NodeProcess } from '../../support/processes.ts'
import { Ledger } from './ledger.ts'
import type { Fault, Line } from './protocol.ts'

export type EngineName = 'pglite' | 'postgres'

export interface SoakOptions {
  readonly engine: EngineName
  readonly rounds: number
  readonly fault?: Fault | undefined
  /** hears of each round that is over */
  readonly onRound?: (round: number, ledger: Ledger) => void
}

/** A store that outlives its victims. */
interface Target extends AsyncDisposable {
  readonly database: string
  readonly keys: string | undefined
  /** resolves when nothing that a dead process had sent is still being worked on */
  settled(): Promise<void>
}

/** The longest that one victim may take, in milliseconds, before the soak counts as hung. */
const patience = 120_000

/** What lives for a second gains nothing from machine code that is worth minutes: half of a start on PGlite is its making. */
const quickStart = ['--liftoff-only']

const script = fileURLToPath(new URL('victim.ts', import.meta.url))

/**
 * Kills a process again and again while it writes, and lets the next one tell what is readable. One in six dies while it
 * opens the store.
 */
export async function soakStore({ engine, rounds, fault, onRound }: SoakOptions): Promise<Ledger> {
  await using target = engine === 'pglite' ? await openFolder() : await openServer()
  const ledger = new Ledger()
  let prefix = ''
  for (let round = 1; round <= rounds; round++) {
    const opening = round % 6 === 5
    const told = await runVictim(target, ledger, { round, prefix, fault, opening })
    // Who died before it had looked leaves the looking to the next, of everything since the last look.
    prefix = told ? `r${round}.` : ''
    onRound?.(round, ledger)
  }
  await runVictim(target, ledger, { round: rounds + 1, prefix: '', fault, finish: true })
  return ledger
}

interface VictimOptions {
  readonly round: number
  readonly prefix: string
  readonly fault: Fault | undefined
  readonly opening?: boolean
  readonly finish?: boolean
}

/** Runs one victim to its end. Returns whether it lived to tell what it found. */
async function runVictim(target: Target, ledger: Ledger, options: VictimOptions): Promise<boolean> {
  const { round, prefix, fault, opening = false, finish = false } = options
  const named = ['--database', target.database, '--round', String(round), '--prefix', prefix]
  const flags = [...(finish ? ['--finish'] : []), ...(fault === undefined ? [] : ['--fault', fault])]
  const env = target.keys === undefined ? {} : { WATERTIGHT_KEYS: target.keys }
  await using victim = spawnNode(script, [...named, ...flags], env, quickStart)
  const murder = new AbortController()
  const kill = (after: number) => killLater(victim, after, murder.signal)
  const hung = kill(patience)
  const deaths = opening ? [kill(randomInt(20, 900))] : []
  // Counted in writes, not in time: a busy machine dies as deep in its work as a quiet one.
  let left = randomInt(4, 30)
  let told = false
  for await (const text of victim.lines) {
    const line = parseLine(text)
    if (line?.say === 'found') {
      told = true
      ledger.judge(line.found)
    } else if (line?.say === 'begun') {
      ledger.begin(line.operation)
    } else if (line !== undefined) {
      ledger.acknowledge(line.operation)
      if (--left === 0) deaths.push(kill(randomInt(0, 30)))
    }
  }
  murder.abort()
  const { code, signal } = await victim.exited
  const asked = (await Promise.all(deaths)).some(Boolean)
  if (await hung) throw new Error(`The process of round ${round} hung.`)
  if (finish ? code !== 0 || !told : !(asked && signal === 'SIGKILL'))
    throw new Error(`The process of round ${round} ended by itself (${code ?? signal}):\n${victim.stderr}`)
  await target.settled()
  return told
}

/** Returns whether it came to it. */
async function killLater(victim: NodeProcess, after: number, called: AbortSignal): Promise<boolean> {
  try {
    await wait(after, undefined, { signal: called })
  } catch {
    return false
  }
  await victim.kill()
  return true
}

// The last line of a process that was killed may be cut off: what it would have said, it has not said.
function parseLine(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

async function openFolder(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'watertight-soak-'))
  return {
    database: join(folder, 'data'),
    keys: undefined,
    settled: async () => undefined, // the database died with its process
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function openServer(): Promise<Target> {
  const database = await openTestDatabase()
  const { madeKeys } = await migrateDatabase({ database: database.ownerUrl, appRole: database.appRole })
  return {
    database: database.appUrl,
    keys: madeKeys,
    // A server goes on with what it was sent before it notices that nobody listens.
    settled: () =>
      withClient(database.adminUrl, async (client) => {
        for (;;) {
          const { rows } = await client.query('select 1 from pg_stat_activity where usename = $1', [database.appRole])
          if (rows.length === 0) return
          await wait(5)
        }
      }),
    [Symbol.asyncDispose]: () => database.drop(),
  }
}
