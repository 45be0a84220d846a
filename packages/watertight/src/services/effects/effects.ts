import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import type { AuditDraft, Recorder } from '../../audit/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Forbidden, RunEnded } from '../../errors.ts'
import type { Row, Store, Transaction } from '../../store/index.ts'

/** One call whose effect may happen once. */
export interface EffectCall {
  readonly runId: string
  readonly toolId: string
  /** `effectKey` of the call */
  readonly key: string
  /** `digestOf` its arguments where a person must have consented to them */
  readonly digest: string | undefined
}

/** What became of the wish to begin: the caller acts on `begun` alone. */
type Begun =
  | { readonly outcome: 'begun'; readonly holder: string }
  /** it was made before; without a value there is no answer of it to give */
  | { readonly outcome: 'done'; readonly value: Json | undefined }
  /** `attempt`: the try that is in doubt, where it is over */
  | { readonly outcome: 'unknown'; readonly attempt: string | undefined }
  | { readonly outcome: 'underway' }
  | { readonly outcome: 'unapproved' }

/** The ledger of effects: `started`, then `done`, or `unknown` where whoever held it is gone and nobody can say. */
export interface Effects {
  /**
   * Begins an effect, with its evidence in the same transaction. Waits for another try that is alive. Whoever has begun, here
   * or by `beginAgain`, calls `holding` next.
   *
   * @param drafts the events of an effect that is begun; nothing is recorded of one that is not
   * @param patience how long to wait for another try, in milliseconds
   * @throws {RunEnded} when the run has ended
   */
  begin(
    boundary: AgentBoundary,
    recorder: Recorder,
    call: EffectCall,
    drafts: readonly AuditDraft[],
    patience: number,
  ): Promise<Begun>
  /**
   * Begins anew what is `unknown`, once it is known of the attempt in doubt whether it was made; `undefined` where somebody
   * else was faster: what was learned of an earlier attempt says nothing of theirs.
   */
  beginAgain(
    boundary: AgentBoundary,
    recorder: Recorder,
    call: EffectCall,
    attempt: string | undefined,
    drafts: readonly AuditDraft[],
  ): Promise<string | undefined>
  /** Says again and again that the holder is alive, for as long as `work` takes, which is until it has called `finish`. */
  holding<Result>(
    live: () => Promise<AgentBoundary>,
    call: EffectCall,
    holder: string,
    work: () => Promise<Result>,
  ): Promise<Result>
  /** Ends what was begun, with its evidence in the same transaction. */
  finish(
    boundary: AgentBoundary,
    recorder: Recorder,
    call: EffectCall,
    holder: string,
    end: { readonly state: 'done'; readonly answer?: Json } | { readonly state: 'unknown' },
    drafts: readonly AuditDraft[],
  ): Promise<void>
  /** The stored answer of an effect that was made, if it was. */
  findDone(boundary: AgentBoundary, call: EffectCall): Promise<Extract<Begun, { outcome: 'done' }> | undefined>
  /** Says what became of an attempt that is not known: 'done', or 'absent', and the next try makes it. */
  settle(
    boundary: AgentBoundary,
    recorder: Recorder,
    effect: DoubtedEffect,
    verdict: 'done' | 'absent',
    drafts: readonly AuditDraft[],
  ): Promise<boolean>
  /** Begins inside a transaction of the boundary's own, which ends with `close`: nothing is ever seen half made. */
  claimWithin(transaction: Transaction, call: EffectCall): Promise<Begun>
  closeWithin(transaction: Transaction, call: EffectCall, holder: string, answer: Json): Promise<void>
}

/** What one says something of: an effect, and the one attempt at it that was looked at. */
export interface DoubtedEffect {
  readonly runId: string
  readonly key: string
  /** the attempt in doubt; after another one it is another */
  readonly attempt: string
}

/** One effect of which nobody can say whether it was made. */
export interface UnsettledEffect extends DoubtedEffect {
  readonly toolId: string
  readonly userId: string
  readonly tries: number
  readonly startedAt: Date
}

/**
 * @param lease how long a holder that says nothing is taken for alive, in milliseconds
 */
export function createEffects(store: Store, lease: number): Effects {
  // The keys that this process holds or asks for. Where its words to the database are late, it still knows that it lives.
  const held = new Set<string>()
  const keeping = async <Result>(key: string, begin: () => Promise<Result>, hasBegun: (result: Result) => boolean) => {
    held.add(key)
    let begun = false
    try {
      const result = await begin()
      begun = hasBegun(result)
      return result
    } finally {
      if (!begun) held.delete(key) // otherwise `holding` does
    }
  }
  const claim = async (
    boundary: AgentBoundary,
    recorder: Recorder,
    call: EffectCall,
    drafts: readonly AuditDraft[],
  ) => {
    const holder = randomUUID()
    const { runId, key, toolId, digest = null } = call
    try {
      await recorder.during(boundary, drafts, async (events) => {
        const values = [runId, key, toolId, holder, lease, digest, events]
        const [row] = await store.call(boundary, 'effect_begin', values).catch(asUnapproved)
        const begun = readClaim(row, holder)
        // Nothing was written then, the events neither: thrown here, the recorder keeps those of the reads before.
        if (begun.outcome !== 'begun') throw new NotBegun(begun)
      })
      return { outcome: 'begun', holder } as const
    } catch (error) {
      if (error instanceof NotBegun) return error.begun
      throw error
    }
  }
  return {
    async begin(boundary, recorder, call, drafts, patience) {
      const until = Date.now() + patience
      for (let pause = 10; ; pause = Math.min(pause * 2, 500)) {
        const begun = held.has(call.key)
          ? ({ outcome: 'underway' } as const)
          : await keeping(
              call.key,
              () => claim(boundary, recorder, call, drafts),
              ({ outcome }) => outcome === 'begun',
            )
        if (begun.outcome !== 'underway' || Date.now() + pause > until) return begun
        await wait(pause)
      }
    },
    async beginAgain(boundary, recorder, { runId, key }, attempt, drafts) {
      if (attempt === undefined || held.has(key)) return undefined
      const holder = randomUUID()
      const begin = async () => {
        try {
          await recorder.during(boundary, drafts, async (events) => {
            const values = [runId, key, attempt, holder, lease, events]
            const [row] = await store.call(boundary, 'effect_begin_again', values)
            if (row?.['effect_begin_again'] !== true) throw new NotBegun({ outcome: 'underway' })
          })
          return holder
        } catch (error) {
          if (error instanceof NotBegun) return undefined
          throw error
        }
      }
      return await keeping(key, begin, (begun) => begun !== undefined)
    },
    async holding(live, { runId, key }, holder, work) {
      const renew = async () => store.call(await live(), 'effect_renew', [runId, key, holder, lease])
      // A renewal that fails is tried again at the next turn; when the boundary is over no turn succeeds, and the effect
      // becomes one of which nobody can say.
      const timer = setInterval(() => void renew().catch(() => undefined), lease / 3)
      try {
        return await work()
      } finally {
        clearInterval(timer)
        held.delete(key)
      }
    },
    async finish(boundary, recorder, { runId, key }, holder, end, drafts) {
      const value = 'answer' in end && end.answer !== undefined ? writeValue(end.answer) : null
      await recorder.during(boundary, drafts, (events) =>
        store.call(boundary, 'effect_finish', [runId, key, holder, end.state, value, events]),
      )
    },
    async findDone(boundary, { runId, key }) {
      const [row] = await store.call(boundary, 'effect_done', [runId, key])
      return row === undefined ? undefined : { outcome: 'done', value: readValue(row) }
    },
    async settle(boundary, recorder, { runId, key, attempt }, verdict, drafts) {
      try {
        await recorder.during(boundary, drafts, async (events) => {
          const [row] = await store.call(boundary, 'effect_settle', [runId, key, attempt, verdict, events])
          if (row?.['effect_settle'] !== true) throw new NotBegun({ outcome: 'underway' })
        })
        return true
      } catch (error) {
        if (error instanceof NotBegun) return false
        throw error
      }
    },
    async claimWithin(transaction, { runId, key, toolId, digest = null }) {
      const holder = randomUUID()
      const text = 'select * from wt.effect_claim($1, $2, $3, $4, $5, $6)'
      try {
        const { rows } = await transaction.query(text, [runId, key, toolId, holder, lease, digest])
        return readClaim(rows[0], holder)
      } catch (error) {
        // The transaction is lost with it, so its answer is to leave it.
        if (error instanceof Error && error.message === 'watertight: no approval') return { outcome: 'unapproved' }
        throw error
      }
    },
    async closeWithin(transaction, { runId, key }, holder, answer) {
      const text = 'select wt.effect_close($1, $2, $3, $4, $5) as closed'
      const { rows } = await transaction.query(text, [runId, key, holder, 'done', writeValue(answer)])
      if (rows[0]?.['closed'] !== true) throw new RunEnded()
    },
  }
}

// Carries an outcome past the recorder, which keeps what it has for the next effect when one throws.
class NotBegun extends Error {
  readonly begun: Exclude<Begun, { outcome: 'begun' }>

  constructor(begun: Exclude<Begun, { outcome: 'begun' }>) {
    super(begun.outcome)
    this.begun = begun
  }
}

function asUnapproved(error: unknown): never {
  throw error instanceof Forbidden && error.reason === 'approval-required'
    ? new NotBegun({ outcome: 'unapproved' })
    : error
}

function readClaim(row: Row | undefined, holder: string): Begun {
  const doubted = row?.['doubted']
  switch (row?.['outcome']) {
    case 'begun':
      return { outcome: 'begun', holder }
    case 'done':
      return { outcome: 'done', value: readValue(row) }
    case 'underway':
      return { outcome: 'underway' }
    case 'ended':
      throw new RunEnded()
    default:
      return { outcome: 'unknown', attempt: typeof doubted === 'string' ? doubted : undefined } // also what a later version might say: nothing is done on it
  }
}

// SQL null is the absence of an answer; an answer of null is wrapped like every other.
function writeValue(answer: Json): string {
  return JSON.stringify({ answer })
}

function readValue(row: Row): Json | undefined {
  const value = row['value']
  if (typeof value !== 'object' || value === null || !('answer' in value)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column, written by `finish`
  return value.answer as Json
}
