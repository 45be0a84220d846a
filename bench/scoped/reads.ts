import { keyOf, startRun } from '../support/desk.ts'
import type { Desk } from '../support/desk.ts'
import { interleave } from '../support/interleave.ts'
import { logRaw, readRaw } from '../support/raw.ts'
import type { Queries } from '../support/raw.ts'
import { toRow } from '../support/report.ts'
import type { Row } from '../support/report.ts'

/** Reads whose evidence is written together: as many as a run of a few steps makes before anything leaves it. */
const readsOfRun = 20

const sides = { ours: 'scoped', unit: 'raw' }

/** One memory read inside a run, against the same statement without a guard. Evidence is buffered, and written between. */
export async function measureReads(name: string, goal: number, desk: Desk, raw: Queries, rounds: number): Promise<Row> {
  await using run = await startRun(desk)
  let last: object | undefined
  const medians = await interleave(
    {
      ways: {
        scoped: async (round) => (last = await run.memory.get(keyOf(round))),
        raw: (round) => readRaw(raw, keyOf(round)),
      },
      between: async (round) => {
        if (round % readsOfRun === readsOfRun - 1) await run.context.add(requireItem(last))
      },
    },
    rounds,
  )
  return toRow(name, goal, medians, sides)
}

/**
 * The reads of one run and the flush of their evidence, against as many bare reads. `raw-with-log` tells how much of it
 * any app pays that keeps a log of the same length in the same database.
 */
export async function measureRuns(name: string, goal: number, desk: Desk, raw: Queries, rounds: number): Promise<Row> {
  let run = await startRun(desk)
  const keys = Array.from({ length: readsOfRun }, (_, at) => keyOf(at))
  const readAllRaw = async () => {
    for (const key of keys) await readRaw(raw, key)
  }
  const medians = await interleave(
    {
      ways: {
        scoped: async () => {
          let last: object | undefined
          for (const key of keys) last = await run.memory.get(key)
          await run.context.add(requireItem(last)) // text enters the prompt: its evidence is durable first
        },
        raw: readAllRaw,
        'raw-with-log': async () => {
          await readAllRaw()
          await logRaw(raw, keys)
        },
      },
      between: async () => {
        await run.end()
        run = await startRun(desk)
      },
    },
    rounds,
  )
  await run.end()
  return toRow(name, goal, medians, sides)
}

function requireItem(item: object | undefined): object {
  if (item === undefined) throw new Error('The scoped read found nothing: the benchmark would compare nothing.')
  return item
}
