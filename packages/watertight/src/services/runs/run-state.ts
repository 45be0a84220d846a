import type { Recorder } from '../../audit/index.ts'
import { labelItem } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { requireId, writeJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Refusal, RunEnded } from '../../errors.ts'
import type { Store } from '../../store/index.ts'

/** The largest value of run state, in bytes of JSON. */
const maximumStateBytes = 262_144

/** A value of a run's scratchpad. Untrusted: the model may have written it. */
export interface StateItem {
  readonly key: string
  readonly value: Json
}

/** The scratchpad of one run. It ends with the run; what should outlive it goes through `memory.promote()`. */
export interface RunState {
  /** The item under a key of this run, or `undefined`: never written, deleted, or expired. */
  get(key: string): Promise<StateItem | undefined>
  /**
   * @param value JSON of at most 256 KiB
   * @throws {RunEnded} when the run has ended
   */
  set(key: string, value: Json): Promise<void>
  /** Returns whether there was one. */
  delete(key: string): Promise<boolean>
}

export function createRunState(
  store: Store,
  runId: string,
  live: () => Promise<AgentBoundary>,
  recorder: Recorder,
): RunState {
  return {
    async get(key) {
      const boundary = await live()
      const name = await noting(recorder, boundary, () => requireId(key, 'key'))
      const [row] = await store.call(boundary, 'run_state_get', [runId, name])
      if (row === undefined) return undefined
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column, written by `set`
      const item: StateItem = { key: name, value: row['value'] as Json }
      return labelItem(boundary, item, {
        integrity: 'untrusted',
        source: { surface: 'runs', id: name },
        personal: true,
      })
    },
    async set(key, value) {
      const boundary = await live()
      const [name, text] = await noting(recorder, boundary, () => [
        requireId(key, 'key'),
        writeJson(value, 'value', maximumStateBytes),
      ])
      const draft = { event: 'state-written', surface: 'runs', detail: { keys: [name] } } as const
      await recorder.during(boundary, [draft], async (events) => {
        const [row] = await store.call(boundary, 'run_state_set', [runId, name, text, events])
        // Nothing was written then, the events neither: thrown here, the recorder keeps those of the reads before.
        if (row?.['run_state_set'] !== true) throw new RunEnded()
      })
    },
    async delete(key) {
      const boundary = await live()
      const name = await noting(recorder, boundary, () => requireId(key, 'key'))
      // Looked up first: the event of a key that is not here must not name it.
      if ((await store.call(boundary, 'run_state_get', [runId, name])).length === 0) return false
      const draft = { event: 'state-deleted', surface: 'runs', detail: { keys: [name] } } as const
      const [row] = await recorder.during(boundary, [draft], (events) =>
        store.call(boundary, 'run_state_delete', [runId, name, events]),
      )
      return row?.['run_state_delete'] === true
    },
  }
}

// A refusal is a decision: it leaves evidence before it is thrown.
async function noting<Result>(recorder: Recorder, boundary: AgentBoundary, check: () => Result): Promise<Result> {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reason = error.code.toLowerCase()
    await recorder.note(boundary, { event: 'input-refused', surface: 'runs', decision: 'refused', reason })
    await recorder.flush(boundary)
    throw error
  }
}
