import { exactKey } from './encoding/index.ts'
import { isBoundary } from './boundary/index.ts'
import type { AgentBoundary, Keyring } from './boundary/index.ts'
import { BoundaryRefused, Refusal, Unauthenticated } from './errors.ts'
import type { RefusalCode } from './errors.ts'
import type { Liveness } from './liveness.ts'
import type { Store } from './store/index.ts'

/**
 * A caller or a boundary that was refused. It belongs to no tenant's log: who is nobody here must not write there, and
 * what was asked for is a claim. So it names nobody: ids are fingerprints, alike for the same id under the same keys.
 */
export interface RefusedEvent {
  readonly at: Date
  /** `identify`: nobody was proved; `boundary`: none was made; `use`: one was presented that is over or none of ours */
  readonly step: 'identify' | 'boundary' | 'use'
  readonly code: RefusalCode
  /** why, where the refusal has a reason: `expired`, `revoked`, `forged`, `no-tenant` */
  readonly reason: string | null
  /** 32 hex digits; null where nobody was proved */
  readonly tenant: string | null
  /** of the workspace that was asked for, in the caller's own tenant: whether it exists is not said */
  readonly workspace: string | null
  readonly user: string | null
}

/** Hears of refused callers and boundaries, for the operator's log and alarms. Nobody waits for it. */
export type OnRefused = (event: RefusedEvent) => void | Promise<void>

/** Whose a refusal is, as far as it is known. */
export interface Refused {
  readonly tenantId: string
  readonly workspaceId?: unknown
  readonly userId: string
}

/** Tells the operator's log of refusals, and passes everything on as it is. */
export interface RefusedLog {
  watch<Result>(
    step: RefusedEvent['step'],
    work: () => Result | Promise<Result>,
    whose?: () => Refused | undefined,
  ): Promise<Result>
  tell(step: RefusedEvent['step'], error: unknown, whose?: Refused): void
}

export function createRefusedLog(onRefused: OnRefused | undefined, keyring: Keyring): RefusedLog {
  const fingerprint = (kind: string, ids: readonly string[]) =>
    keyring.sign('salt', exactKey(['refused', kind, ...ids])).slice(0, 32)
  const toEvent = (step: RefusedEvent['step'], refusal: Refusal, whose: Refused | undefined): RefusedEvent => ({
    at: new Date(),
    step,
    code: refusal.code,
    reason: refusal instanceof BoundaryRefused || refusal instanceof Unauthenticated ? refusal.reason : null,
    tenant: whose === undefined ? null : fingerprint('tenant', [whose.tenantId]),
    workspace:
      typeof whose?.workspaceId === 'string' ? fingerprint('workspace', [whose.tenantId, whose.workspaceId]) : null,
    user: whose === undefined ? null : fingerprint('user', [whose.tenantId, whose.userId]),
  })
  const tell = (step: RefusedEvent['step'], error: unknown, whose?: Refused) => {
    if (onRefused === undefined || !(error instanceof Refusal)) return
    // Whatever it throws, now or later, is the log's own trouble: the caller is refused all the same.
    void (async () => await onRefused(toEvent(step, error, whose)))().catch(() => undefined)
  }
  return {
    tell,
    async watch(step, work, whose = () => undefined) {
      try {
        return await work()
      } catch (error) {
        tell(step, error, whose())
        throw error
      }
    },
  }
}

/** Whose a boundary is, live or over; nobody's where it is none of ours. */
export function ownerOf(boundary: unknown): Refused | undefined {
  if (!isBoundary(boundary)) return undefined
  const { tenantId, workspaceId, userId } = boundary
  return { tenantId, workspaceId, userId }
}

/** A store that tells of boundaries which the database finds to be over. */
export function watchStore(store: Store, log: RefusedLog): Store {
  const watching = async <Result>(boundary: AgentBoundary, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof BoundaryRefused) log.tell('use', error, ownerOf(boundary))
      throw error
    }
  }
  return {
    ...store,
    transact: (boundary, work, options) => watching(boundary, () => store.transact(boundary, work, options)),
    find: (boundary, wanted) => watching(boundary, () => store.find(boundary, wanted)),
    call: (boundary, name, values) => watching(boundary, () => store.call(boundary, name, values)),
  }
}

/** The same for what the process finds, and the app's own directory. */
export function watchLiveness(liveness: Liveness, log: RefusedLog): Liveness {
  return {
    ofBoundary: (boundary) =>
      log.watch(
        'use',
        () => liveness.ofBoundary(boundary),
        () => ownerOf(boundary),
      ),
    ofRun(boundary) {
      const run = liveness.ofRun(boundary)
      return {
        ...run,
        renew: (until) =>
          log.watch(
            'use',
            () => run.renew(until),
            () => ownerOf(boundary),
          ),
      }
    },
  }
}
