import type { Recorder } from '../../audit/index.ts'
import { requireLive, rolesFrom } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { ApprovalRequired, Forbidden, LimitExceeded, NotFound } from '../../errors.ts'
import type { Row, Store } from '../../store/index.ts'
import { digestOf } from '../effects/index.ts'

/** A call that waits for a person, or that one has consented to. */
export interface Approval {
  readonly id: string
  readonly runId: string
  readonly toolId: string
  /** the exact arguments: what is approved is what runs, or nothing */
  readonly input: Json
  readonly state: 'waiting' | 'approved'
  /** who asked, by the app's id */
  readonly requestedBy: string
  /** who consented */
  readonly approvedBy: string | undefined
  /** whether it was asked for in one's own name: then somebody else decides */
  readonly isOwn: boolean
  readonly requestedAt: Date
  readonly expiresAt: Date
}

/** The approvals of a compartment, for the people of its workspace; a model has no way to them. */
export interface CompartmentApprovals {
  /** What is open: one's own requests, and those that one's role may decide. The oldest first, 1,000 at most. */
  list(): Promise<readonly Approval[]>
  /**
   * Consents to one call with exactly these arguments, once, in the run that asked. It is checked again when the call is made:
   * against the run, the arguments, its end, and the approver's role and membership then.
   *
   * @throws {NotFound} `NOT_FOUND` when none by that id is here for this boundary to decide: missing, somebody else's, decided, over
   * @throws {Forbidden} `FORBIDDEN` (`own-approval`) when it was asked for in one's own name
   */
  approve(id: string): Promise<void>
  /** Says no: the same call is refused in that run until the request is over. @throws as `approve` does */
  deny(id: string): Promise<void>
}

interface ApprovalScope {
  live(): Promise<AgentBoundary>
  readonly recorder: Recorder
}

/** What a person is asked. */
export interface ApprovalQuestion {
  readonly runId: string
  readonly toolId: string
  /** `digestOf` tool and arguments */
  readonly digest: string
  readonly input: Json
  /** the least role that may decide */
  readonly approver: string
  /** how long the question stands, in milliseconds */
  readonly lifetime: number
}

const maximumListed = 1_000

/** How many requests of one run may wait at a time: more than a person reads. The database counts them. */
const maximumWaiting = 100

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** What became of a request. `many`: the run has asked for more than a person reads. */
export interface ApprovalState {
  readonly state: 'not-needed' | 'waiting' | 'approved' | 'denied' | 'many'
  readonly approvalId?: string
}

/**
 * Asks a person, unless the same question of the run is open or was answered. Its evidence is durable: the event says that
 * the call is not made as yet.
 */
export async function askApproval(
  store: Store,
  boundary: AgentBoundary,
  recorder: Recorder,
  question: ApprovalQuestion,
): Promise<ApprovalState> {
  const { runId, toolId, digest, input, approver, lifetime } = question
  const draft = {
    event: 'approval-required',
    surface: 'tools',
    decision: 'refused',
    toolIds: [toolId],
    detail: { digest },
  } as const
  const [row] = await recorder.during(boundary, [draft], (events) =>
    store.call(boundary, 'approval_request', [
      runId,
      toolId,
      digest,
      JSON.stringify(input),
      rolesFrom(approver),
      lifetime,
      events,
    ]),
  )
  const state = row?.['state']
  if (state === 'many') return { state }
  const approvalId = String(row?.['id'])
  return { state: state === 'approved' || state === 'denied' ? state : 'waiting', approvalId }
}

/** The refusal of a call that nobody has consented to. */
export function refusalOf({ state, approvalId }: ApprovalState): Forbidden | LimitExceeded {
  if (state === 'denied') return new Forbidden('approval-denied')
  if (state === 'many') return new LimitExceeded('waiting approvals of a run', maximumWaiting)
  return new ApprovalRequired(approvalId ?? '')
}

export function createCompartmentApprovals(store: Store, scope: ApprovalScope): CompartmentApprovals {
  const decide = async (id: string, verdict: 'approved' | 'denied') => {
    const boundary = await scope.live()
    const outcome = uuid.test(id) ? await record(store, boundary, scope.recorder, id, verdict) : 'absent'
    if (outcome === 'decided') return
    const own = outcome === 'own'
    await scope.recorder.note(boundary, {
      event: own ? 'role-insufficient' : 'resource-outside-boundary',
      surface: 'approvals',
      decision: 'refused',
      reason: own ? 'own-approval' : 'approval',
      blocked: own ? 0 : 1,
    })
    throw own ? new Forbidden('own-approval', undefined, 'Somebody else of the workspace decides.') : new NotFound()
  }
  return {
    async list() {
      const boundary = await scope.live()
      const rows = await store.call(boundary, 'approval_list', [maximumListed])
      const { rows: own } = requireLive(boundary)
      // Compared once more, as of everything that a store returns: whose it is, and that the arguments are those that were
      // asked about.
      return rows
        .filter((row) => row['tenant_id'] === own?.tenant && row['workspace_id'] === own?.workspace)
        .map((row) => ({ approval: toApproval(row), digest: row['digest'] }))
        .filter(({ approval, digest }) => digestOf(approval.toolId, approval.input) === digest)
        .map(({ approval }) => approval)
    },
    approve: (id) => decide(id, 'approved'),
    deny: (id) => decide(id, 'denied'),
  }
}

// Carries an outcome past the recorder: what was not decided leaves no event of a decision.
class NotDecided extends Error {}

async function record(
  store: Store,
  boundary: AgentBoundary,
  recorder: Recorder,
  id: string,
  verdict: 'approved' | 'denied',
): Promise<'decided' | 'own' | 'absent'> {
  const event = verdict === 'approved' ? 'approval-given' : 'approval-denied'
  const draft = { event, surface: 'approvals', detail: { approvalId: id } } as const
  try {
    await recorder.during(boundary, [draft], async (events) => {
      const [row] = await store.call(boundary, 'approval_decide', [id, verdict, events])
      const outcome = row?.['approval_decide']
      if (outcome !== 'decided') throw new NotDecided(String(outcome))
    })
    return 'decided'
  } catch (error) {
    if (error instanceof NotDecided) return error.message === 'own' ? 'own' : 'absent'
    throw error
  }
}

function toApproval(row: Row): Approval {
  const approvedBy = row['decided_by']
  return {
    id: String(row['id']),
    runId: String(row['run_id']),
    toolId: String(row['tool_id']),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column, written by `requestApproval`
    input: row['input'] as Json,
    state: row['state'] === 'approved' ? 'approved' : 'waiting',
    requestedBy: String(row['user_id']),
    approvedBy: typeof approvedBy === 'string' ? approvedBy : undefined,
    isOwn: row['mine'] === true,
    requestedAt: new Date(Number(row['requested_ms'])),
    expiresAt: new Date(Number(row['expires_ms'])),
  }
}
