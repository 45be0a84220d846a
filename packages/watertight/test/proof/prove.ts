import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import type { PartResult, ProofProfile } from './part.ts'
import { parts } from './parts.ts'
import type { PartMessage } from './run-part.ts'
import { judge } from './verdict.ts'
import type { PartOutcome, Proof } from './verdict.ts'

export interface ProofOptions extends ProofProfile {
  /** names of parts, or of what they are shares of */
  readonly only: readonly string[]
  readonly progress: (part: string, said: string) => void
}

/** How many parts run at once. */
const processes = 2

/** No part takes longer: one that hangs must not pass. */
const partTimeout = 15 * 60_000

/**
 * Runs the parts of the proof, each in a process of its own, and adds up what they counted.
 *
 * @throws {TypeError} when a name is no part's
 */
export async function prove(options: ProofOptions): Promise<Proof> {
  const waiting = chooseParts(options.only)
  const outcomes: PartOutcome[] = []
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      outcomes.push(await runPart(name, options))
  }
  await Promise.all(Array.from({ length: processes }, work))
  return judge(outcomes)
}

function chooseParts(only: readonly string[]): string[] {
  const names = Object.keys(parts)
  for (const wanted of only) {
    if (!names.some((name) => isShareOf(name, wanted)))
      throw new TypeError(`There is no part ${wanted}. The parts are ${names.join(', ')}.`)
  }
  return names.filter((name) => only.length === 0 || only.some((wanted) => isShareOf(name, wanted)))
}

function isShareOf(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}/`)
}

async function runPart(name: string, { quick, seed, progress }: ProofOptions): Promise<PartOutcome> {
  const started = performance.now()
  const child = fork(
    fileURLToPath(new URL('run-part.ts', import.meta.url)),
    [name, quick ? 'quick' : 'full', String(seed)],
    {
      timeout: partTimeout,
    },
  )
  let result: PartResult | undefined
  let broken: string | undefined
  child.on('message', (message: PartMessage) => {
    if ('said' in message) progress(name, message.said)
    if ('result' in message) result = message.result
    if ('broken' in message) broken = message.broken
  })
  const ended = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const outcome =
    result !== undefined && broken === undefined
      ? { name, seconds, result }
      : { name, seconds, broken: broken ?? `it ended without a result: ${ended}` }
  progress(name, outcome.result?.failures.join('\n') || (outcome.broken ?? `passed after ${seconds} s`))
  return outcome
}
