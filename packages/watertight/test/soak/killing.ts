import { setTimeout as wait } from 'node:timers/promises'

import type { NodeProcess } from '../support/processes.ts'

/** The longest that one victim may take, in milliseconds, before the soak counts as hung. */
export const patience = 120_000

/** What lives for a second gains nothing from machine code that is worth minutes: half of a start on PGlite is its making. */
export const quickStart: readonly string[] = ['--liftoff-only']

/** Returns whether it came to it. */
export async function killLater(victim: NodeProcess, after: number, called: AbortSignal): Promise<boolean> {
  try {
    await wait(after, undefined, { signal: called })
  } catch {
    return false
  }
  await victim.kill()
  return true
}

// The last line of a process that was killed may be cut off: what it would have said, it has not said.
export function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
