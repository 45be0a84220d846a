import { effectKey } from '../../../src/services/effects/index.ts'

/** The tools of a victim, and so the kinds of call: what each name does is in tools.ts. */
export const kinds = ['charge', 'charge-looked-up', 'enter', 'refund'] as const
type Kind = (typeof kinds)[number]

/** One call that acts once, whoever makes it and however often. Look-alike tenants make the same ones. */
export interface Operation {
  readonly kind: Kind
  readonly tenantId: string
  readonly runId: string
  readonly step: string
  readonly input: {
    /** names the call in the tenant: what acts for it twice has acted twice */
    readonly memo: string
    readonly amount: number
    /** how long its effect takes, in milliseconds */
    readonly takes: number
  }
}

/** What a victim is to do, as one JSON argument. */
export interface Plan {
  /** begins the name of each new call */
  readonly name: string
  /** calls of earlier processes, to be made again */
  readonly retries: readonly Operation[]
  /** new calls in runs of earlier processes: another process makes the same ones at the same time */
  readonly shared: readonly Operation[]
  /** stops for good where the n-th effect is about to be made, or has been made, and says so */
  readonly stall?: { readonly at: Place; readonly turn: number } | undefined
  /** makes calls that take longer than a lease */
  readonly slow: boolean
  /** is alone: waits until what died is known to be dead, and makes each earlier call again by itself before all else */
  readonly careful: boolean
  /** makes no new calls, gives up on none of the old ones, and closes */
  readonly finish: boolean
  readonly fault: Fault | undefined
}

export type Place = 'before' | 'after'

/** One line of a victim's output, as JSON. */
export type Line =
  | { readonly say: 'found'; readonly found: Found }
  | { readonly say: 'begun'; readonly operation: Operation }
  | { readonly say: 'answered'; readonly operation: Operation; readonly answer: string }
  /** `reason`: of `EffectUnsettled` or `Forbidden`, otherwise the code of the refusal */
  | { readonly say: 'refused'; readonly operation: Operation; readonly reason: string }
  /** what every desk lists, after `operation` was refused as unknown */
  | { readonly say: 'listed'; readonly operation: Operation; readonly unsettled: Found['unsettled'] }
  | { readonly say: 'settled'; readonly operation: Operation; readonly verdict: 'done' | 'absent' }
  | { readonly say: 'stalled' | 'retried' | 'slow-over' }
  /** the machine gave this process, or the database, so little time that its lease may have run out while it lived */
  | { readonly say: 'late' }

/** What a process finds when it has just opened the store, through the desks of everybody. */
export interface Found {
  readonly entries: readonly { readonly tenantId: string; readonly memo: string; readonly number: number }[]
  /** what each person of each tenant sees listed */
  readonly unsettled: readonly { readonly tenantId: string; readonly userId: string; readonly key: string }[]
}

/** Defects that can be planted in a victim, to show that the soak sees them. */
export const faults = [
  'always-begun',
  'blind-retry',
  'blind-lookup',
  'never-dead',
  'never-renewed',
  'answer-dropped',
  'unapproved',
  'listed-elsewhere',
  'acknowledge-first',
] as const
export type Fault = (typeof faults)[number]

export const tenantIds = ['northstar', 'northstar-eu'] as const
export const workspaceId = 'front-desk'
/** who has the calls made, and who consents to what is sensitive */
export const people = { caller: 'dana', approver: 'mona' } as const

/** How long a holder that says nothing is taken for alive, and how long a slow effect takes, in milliseconds. */
export const [lease, slowEffect] = [1_000, 3_000]

/** The key of a call: the driver's own arithmetic, against which it reads keys in lists and at the service. */
export function keyOf({ kind, tenantId, runId, step, input }: Operation): string {
  return effectKey({ tenantId, workspaceId } as Parameters<typeof effectKey>[0], {
    runId,
    step,
    toolId: kind,
    input: { ...input },
  })
}
