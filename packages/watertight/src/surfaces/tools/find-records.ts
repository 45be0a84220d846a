import type { AuditDraft } from '../../audit/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { NotFound } from '../../errors.ts'
import type { Row } from '../../store/index.ts'
import { createCallLife } from './call-life.ts'
import { transactWithin } from './call-context.ts'
import { judgeRows, keyOf } from './records.ts'
import type { Records } from './records.ts'
import { tableOf } from './resolver.ts'
import type { Resolver } from './resolver.ts'
import { findResources } from './resource-hits.ts'
import type { ResourceHit } from './resource-hits.ts'
import { guarding, noting, refuse } from './say-no.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** The ids of a call, each once. */
export async function findIds(ports: ToolPorts, { boundary, tool, parsed }: Call): Promise<readonly ResourceHit[]> {
  if (tool.resourceTypes.length === 0) return []
  return await noting(ports, boundary, tool, () => findResources(tool.parsedSchema, parsed))
}

/**
 * Looks up every id of a call, all of them before any is judged, so that missing and foreign take the same statements. The
 * types that are tables take one round trip between them, whatever their number.
 */
export async function findRecords(ports: ToolPorts, call: Call, hits: readonly ResourceHit[]): Promise<Records> {
  const { boundary, tool } = call
  const found = new Map<string, ResourceHit & { readonly row: Row }>()
  if (hits.length === 0) return found
  const wanted = tool.resourceTypes.map((type) => ({
    type,
    resolver: requireResolver(ports, type),
    ids: hits.filter((hit) => hit.type === type).map((hit) => hit.id),
  }))
  // All tables that the tool marks, also those of which this call names nothing: it is the same statement each time.
  const tables = wanted.flatMap(({ type, resolver, ids }) => {
    const table = tableOf(resolver)
    return table === undefined ? [] : [{ type, table, ids }]
  })
  const asked = tables.map(({ table, ids }) => ({ ...table, ids }))
  const ofTables = await guarding(ports, boundary, tool, () => ports.store.find(boundary, asked))
  for (const { type, resolver, ids } of wanted) {
    const at = tables.findIndex((table) => table.type === type)
    if (at === -1 && ids.length === 0) continue
    const rows =
      at === -1 ? await guarding(ports, boundary, tool, () => findRows(ports, boundary, type, ids)) : ofTables[at]
    for (const [id, row] of judgeRows(boundary, resolver, ids, rows ?? []))
      found.set(keyOf({ type, id }), { type, id, row })
  }
  return found
}

async function findRows(
  ports: ToolPorts,
  boundary: AgentBoundary,
  type: string,
  ids: readonly string[],
): Promise<readonly Row[]> {
  const life = createCallLife(`the resolver for ${type}`, ports.scope.run)
  const resolver = requireResolver(ports, type)
  return await life.during(() =>
    resolver.find(ids, { boundary, transact: (work) => transactWithin(ports, life, work) }),
  )
}

export function requireResolver(ports: ToolPorts, type: string): Resolver {
  const resolver = ports.resolvers.get(type)
  if (resolver === undefined) throw new TypeError(`tools() has no resolver for ${type}.`)
  return resolver
}

/** The ids of which there is no record here: missing, or somebody else's. */
export function findMissing(hits: readonly ResourceHit[], records: Records): readonly ResourceHit[] {
  return hits.filter((hit) => !records.has(keyOf(hit)))
}

/** One refusal for all that are missing, whosever they are. */
export async function refuseMissing(
  ports: ToolPorts,
  { boundary, tool }: Call,
  missing: readonly ResourceHit[],
): Promise<NotFound> {
  const reason = [...new Set(missing.map((hit) => hit.type))].toSorted().join(',')
  const draft: AuditDraft = {
    event: 'resource-outside-boundary',
    surface: 'tools',
    reason,
    toolIds: [tool.name],
    blocked: missing.length,
  }
  return await refuse(ports, boundary, draft, new NotFound())
}
