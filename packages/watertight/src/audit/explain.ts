import type { AgentBoundary } from '../boundary/index.ts'
import type { Json } from '../encoding/index.ts'
import { requireLive, roleReaches } from '../boundary/index.ts'
import { requireId } from '../encoding/index.ts'
import { NotFound } from '../errors.ts'
import type { AuditDetail, LoggedEvent } from './event.ts'
import type { AuditSink } from './sink.ts'

/** Why a run knew what it knew: every memory, document, tool and permission that it used, and what it was refused. */
export interface Explanation {
  readonly runId: string
  readonly traceId: string
  readonly userId: string
  readonly promptVersion: string
  readonly startedAt: Date
  readonly endedAt: Date | undefined
  /** what the boundary permitted when the run began */
  readonly permissions: AuditDetail
  readonly memory: readonly {
    readonly scope: string
    readonly key: string
    readonly how: 'read' | 'listed' | 'written' | 'promoted' | 'deleted'
  }[]
  readonly documents: readonly { readonly datasourceId: string; readonly documentId: string }[]
  readonly tools: readonly { readonly toolId: string; readonly calls: number }[]
  /** what entered the prompt, by source */
  readonly context: readonly { readonly surface: string; readonly id: string }[]
  readonly refused: readonly { readonly event: string; readonly surface: string; readonly count: number }[]
  readonly blockedCrossBoundaryResources: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Explains a run to the one whose it is, or to an admin of its workspace.
 *
 * @throws {NotFound} `NOT_FOUND` when there is no such run that this boundary may see
 */
export async function explainRun(sink: AuditSink, boundary: AgentBoundary, runId: string): Promise<Explanation> {
  // Anything else is no id of ours: the same refusal as an unknown one, without asking the database what it thinks of it.
  if (!uuid.test(requireId(runId, 'runId'))) throw new NotFound()
  const events = await sink.ofRun(boundary, runId)
  const started = events.find((event) => event.event === 'run-started')
  if (started === undefined || !events.every((event) => mayExplain(boundary, runId, event))) throw new NotFound()
  return {
    runId,
    traceId: started.trace_id,
    userId: started.user_id,
    promptVersion: started.prompt_version ?? '',
    startedAt: started.at,
    endedAt: events.find((event) => event.event === 'run-ended')?.at,
    permissions: started.detail,
    memory: memoryOf(events),
    documents: documentsOf(events),
    tools: toolsOf(events),
    context: contextOf(events),
    refused: refusedOf(events),
    blockedCrossBoundaryResources: events.reduce((sum, event) => sum + event.blocked_cross_boundary_resources, 0),
  }
}

// A log may be the app's own, and any log may return somebody else's events now and then: the owner is compared.
function mayExplain(boundary: AgentBoundary, runId: string, event: LoggedEvent): boolean {
  const { tenantId, workspaceId, userId, role } = requireLive(boundary)
  const samePlace = event.tenant_id === tenantId && event.workspace_id === workspaceId
  return samePlace && event.agent_run_id === runId && (event.user_id === userId || roleReaches(role, 'admin'))
}

const memoryEvents = {
  'memory-read': 'read',
  'memory-listed': 'listed',
  'memory-written': 'written',
  'memory-promoted': 'promoted',
  'memory-deleted': 'deleted',
} as const

function memoryOf(events: readonly LoggedEvent[]): Explanation['memory'] {
  const used = events.flatMap((event) => {
    const how = new Map<string, Explanation['memory'][number]['how']>(Object.entries(memoryEvents)).get(event.event)
    const scope = event.detail['scope']
    return how === undefined || typeof scope !== 'string'
      ? []
      : strings(event.detail['keys']).map((key) => ({ scope, key, how }))
  })
  return distinct(used, (entry) => [entry.scope, entry.key, entry.how])
}

function documentsOf(events: readonly LoggedEvent[]): Explanation['documents'] {
  const found = events
    .filter((event) => event.event === 'documents-searched')
    .flatMap((event) => pairs(event.detail['documents'], 'datasourceId', 'documentId'))
  const documents = found.map(([datasourceId, documentId]) => ({ datasourceId, documentId }))
  return distinct(documents, (entry) => [entry.datasourceId, entry.documentId])
}

function toolsOf(events: readonly LoggedEvent[]): Explanation['tools'] {
  return counted(events.filter((event) => event.event === 'tool-called').flatMap((event) => event.tool_ids)).map(
    ([toolId, calls]) => ({ toolId, calls }),
  )
}

function contextOf(events: readonly LoggedEvent[]): Explanation['context'] {
  const added = events
    .filter((event) => event.event === 'context-added')
    .flatMap((event) => pairs(event.detail['items'], 'surface', 'id'))
  return distinct(
    added.map(([surface, id]) => ({ surface, id })),
    (entry) => [entry.surface, entry.id],
  )
}

function refusedOf(events: readonly LoggedEvent[]): Explanation['refused'] {
  const groups = new Map<string, { event: string; surface: string; count: number }>()
  for (const { event, surface, decision } of events) {
    if (decision !== 'refused') continue
    const group = groups.get(`${event}/${surface}`) ?? { event, surface, count: 0 }
    group.count++
    groups.set(`${event}/${surface}`, group)
  }
  return [...groups.values()]
}

function strings(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : []
}

function pairs(value: Json | undefined, first: string, second: string): readonly (readonly [string, string])[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((member: Json) => {
    if (typeof member !== 'object' || member === null) return []
    const left: unknown = Reflect.get(member, first)
    const right: unknown = Reflect.get(member, second)
    return typeof left === 'string' && typeof right === 'string' ? [[left, right] as const] : []
  })
}

function counted(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
}

function distinct<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => readonly string[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(keyOf(entry)), entry])).values()]
}
