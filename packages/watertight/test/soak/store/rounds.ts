import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { spawnNode } from '../../support/processes.ts'
import { killLater, parseLine, patience, quickStart } from '../killing.ts'
import { openTarget } from '../targets.ts'
import type { EngineName, Target } from '../targets.ts'
import { Ledger } from './ledger.ts'
import type { Fault, Line } from './protocol.ts'

export interface SoakOptions {
  readonly engine: EngineName
  readonly rounds: number
  readonly fault?: Fault | undefined
  /** hears of each round that is over */
  readonly onRound?: (round: number, ledger: Ledger) => void
}

const script = fileURLToPath(new URL('victim.ts', import.meta.url))

/**
 * Kills a process again and again while it writes, and lets the next one tell what is readable. One in six dies while it
 * opens the store.
 */
export async function soakStore({ engine, rounds, fault, onRound }: SoakOptions): Promise<Ledger> {
  await using target = await openTarget(engine)
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
    const line = parseLine(text) as Line | undefined
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
