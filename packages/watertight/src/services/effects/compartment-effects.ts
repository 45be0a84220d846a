import type { AgentBoundary } from '../../boundary/index.ts'
import { requireLive } from '../../boundary/index.ts'
import type { Recorder } from '../../audit/index.ts'
import { InvalidInput, NotFound } from '../../errors.ts'
import type { Row, Store } from '../../store/index.ts'
import { createEffects } from './effects.ts'
import type { DoubtedEffect, UnsettledEffect } from './effects.ts'

/** The effects of a compartment of which nobody can say whether they were made: for a person, never for a model. */
export interface CompartmentEffects {
  /** One's own, and for admins the workspace's; the oldest first, 1,000 at most. */
  list(): Promise<readonly UnsettledEffect[]>
  /**
   * Says what became of one: `done`, and it is never made again; or `absent`, and the next try makes it.
   *
   * @param effect what `list()` gave, before one looked: where it was tried again since, look again
   * @throws {NotFound} `NOT_FOUND` when no such attempt is in doubt here, or this person may not settle it
   */
  settle(effect: DoubtedEffect, verdict: 'done' | 'absent'): Promise<void>
}

const maximumListed = 1_000
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const effectKeyForm = /^[0-9a-f]{64}$/

export function createCompartmentEffects(
  store: Store,
  scope: { live(): Promise<AgentBoundary>; readonly recorder: Recorder },
): CompartmentEffects {
  const effects = createEffects(store, 0)
  return {
    async list() {
      const boundary = await scope.live()
      const rows = await store.call(boundary, 'effect_unsettled', [maximumListed])
      const { rows: own } = requireLive(boundary)
      // The owner is compared once more, as of everything that a store returns.
      return rows
        .filter((row) => row['tenant_id'] === own?.tenant && row['workspace_id'] === own?.workspace)
        .map(toUnsettled)
    },
    async settle({ runId, key, attempt }, verdict) {
      const boundary = await scope.live()
      if (verdict !== 'done' && verdict !== 'absent') throw new InvalidInput('verdict', 'done or absent')
      const known = uuid.test(runId) && effectKeyForm.test(key) && uuid.test(attempt)
      const draft = { event: 'effect-settled', surface: 'effects', reason: verdict, detail: { runId, key } } as const
      if (known && (await effects.settle(boundary, scope.recorder, { runId, key, attempt }, verdict, [draft]))) return
      await scope.recorder.note(boundary, {
        event: 'resource-outside-boundary',
        surface: 'effects',
        decision: 'refused',
        reason: 'effect',
        blocked: 1,
      })
      throw new NotFound()
    },
  }
}

function toUnsettled(row: Row): UnsettledEffect {
  return {
    runId: String(row['run_id']),
    key: String(row['key']),
    attempt: String(row['attempt']),
    toolId: String(row['tool_id']),
    userId: String(row['user_id']),
    tries: Number(row['tries']),
    startedAt: new Date(Number(row['started_ms'])),
  }
}
