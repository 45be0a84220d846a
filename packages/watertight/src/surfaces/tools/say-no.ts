import type { AuditDraft } from '../../audit/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { Forbidden, InvalidInput, LimitExceeded, NotFound, Refusal, ToolFailed } from '../../errors.ts'
import type { CallLife } from './call-life.ts'
import type { Tool } from './define-tool.ts'
import { findPlainRefusal } from './plain-refusal.ts'
import { tellFailure } from './tell-failure.ts'
import type { ToolPorts } from './tool-ports.ts'

/** Leaves the evidence of a refusal. @returns the refusal, to be thrown */
export async function refuse<No extends Refusal>(
  { scope }: ToolPorts,
  boundary: AgentBoundary,
  draft: AuditDraft,
  refusal: No,
): Promise<No> {
  await scope.recorder.note(boundary, { ...draft, decision: 'refused' })
  await scope.recorder.flush(boundary)
  return refusal
}

/** Runs a check of ours on what the model gave. What it refuses has its evidence. */
export async function noting<Result>(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  check: () => Result,
): Promise<Result> {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [reason, toolIds] = [error.code.toLowerCase(), [tool.name]]
    throw await refuse(ports, boundary, { event: 'input-refused', surface: 'tools', reason, toolIds }, error)
  }
}

/**
 * Runs code that is not ours, for as long as a call may take: a schema, a resolver, a policy, the tool. What it throws has
 * its evidence too; what is no refusal stays behind.
 */
export async function guarding<Result>(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  work: (signal: AbortSignal) => Result | Promise<Result>,
  life?: CallLife,
): Promise<Result> {
  try {
    return await inTime(ports, tool, work, life)
  } catch (error) {
    throw await failed(ports, boundary, tool, error, life)
  }
}

class TooLate extends Error {
  override readonly name = 'TooLate'
}

/** Waits no longer than a call may take. What goes on after that has lost its context, and its outcome is nobody's. */
export async function inTime<Result>(
  { timeLimit, scope }: ToolPorts,
  tool: Tool,
  work: (signal: AbortSignal) => Result | Promise<Result>,
  life?: CallLife,
): Promise<Result> {
  const limit = tool.timeLimit ?? timeLimit
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      life?.end()
      reject(new TooLate(`The tool ${tool.name} took longer than ${limit} ms.`))
      over.abort()
    }, limit)
  })
  try {
    const signal = AbortSignal.any([scope.signal, over.signal])
    return await Promise.race([(async () => await work(signal))(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Leaves the evidence of what other code threw, and tells the app's logger. @returns the refusal, to be thrown */
export async function failed(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  error: unknown,
  life?: CallLife,
): Promise<Refusal> {
  const met = life?.met(error) === true
  const told = error instanceof Refusal && !met ? (findPlainRefusal(error) ?? new ToolFailed()) : error
  const draft = { ...eventOf(told, met), surface: 'tools', toolIds: [tool.name] } as const
  if (draft.event !== 'tool-failed' && told instanceof Refusal) return await refuse(ports, boundary, draft, told)
  tellFailure(ports.onFailure, { boundary, runId: ports.scope.run.id, toolId: tool.name }, error)
  return await refuse(ports, boundary, draft, new ToolFailed())
}

// What the tool's code ran into, as what it is. A refusal that it passes on from a surface was counted there: it ends the
// call, and is no second attempt.
function eventOf(error: unknown, met: boolean): Pick<AuditDraft, 'event' | 'reason' | 'blocked'> {
  if (error instanceof TooLate) return { event: 'tool-failed', reason: 'time-limit' }
  if (!(error instanceof Refusal) || error instanceof ToolFailed) return { event: 'tool-failed' }
  const reason = error.code.toLowerCase()
  if (met) return { event: 'tool-refused', reason }
  if (error instanceof NotFound) return { event: 'resource-outside-boundary', reason: 'tool', blocked: 1 }
  if (error instanceof InvalidInput || error instanceof LimitExceeded) return { event: 'input-refused', reason }
  if (error instanceof Forbidden) return { ...forbiddenEvents[error.reason], reason: error.reason }
  return { event: 'tool-refused', reason }
}

const forbiddenEvents = {
  role: { event: 'role-insufficient' },
  plan: { event: 'policy-denied' },
  region: { event: 'policy-denied' },
  risk: { event: 'policy-denied' },
  policy: { event: 'policy-denied' },
  'approval-required': { event: 'approval-required' },
  'approval-denied': { event: 'approval-denied' },
  'own-approval': { event: 'role-insufficient' },
  scope: { event: 'resource-outside-boundary', blocked: 1 },
  'reserved-argument': { event: 'argument-reserved', blocked: 1 },
} as const satisfies Readonly<Record<Forbidden['reason'], Pick<AuditDraft, 'event' | 'blocked'>>>
