import type { AuditDraft } from '../../audit/index.ts'
import { labelItem, requireLive, roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { writeJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Forbidden, InvalidInput, NotFound, Refusal, ToolFailed } from '../../errors.ts'
import type { Row, Store, Transaction } from '../../store/index.ts'
import type { RunScope } from '../surface.ts'
import type { Tool, ToolContext } from './define-tool.ts'
import { hasReservedName } from './reserved-arguments.ts'
import type { Resolver } from './resolver.ts'
import { findResources } from './resource-hits.ts'
import type { ResourceHit } from './resource-hits.ts'

/** What a tool answered. Labelled for its boundary, and untrusted. */
export interface Observation {
  readonly toolId: string
  readonly value: Json
}

/** What a person is asked before a sensitive tool runs. */
export interface ApprovalRequest {
  readonly boundary: AgentBoundary
  readonly runId: string
  readonly toolId: string
  readonly input: Json
}

export interface ToolPorts {
  readonly store: Store
  readonly scope: RunScope
  readonly tools: ReadonlyMap<string, Tool>
  readonly resolvers: ReadonlyMap<string, Resolver>
  readonly approve: ((request: ApprovalRequest) => Promise<boolean>) | undefined
  readonly maximumInputBytes: number
  readonly maximumOutputBytes: number
}

/**
 * Calls a tool for the model. Each step that says no leaves its evidence before it throws; the tool's code runs only
 * when all have passed, and its answer leaves only when that is durable too.
 */
export async function callTool(ports: ToolPorts, name: string, given: unknown): Promise<Observation> {
  const boundary = await ports.scope.live()
  const tool = await requireTool(ports, boundary, name)
  const input = await readInput(ports, boundary, tool, given)
  await requirePermission(ports, boundary, tool, input)
  const parsed = await parseInput(ports, boundary, tool, input)
  const resources = await resolveAll(ports, boundary, tool, parsed)
  const output = await runTool(ports, tool, input, parsed, resources)
  await checkOwners(ports, boundary, tool, output)
  return await answer(ports, boundary, tool, output)
}

// A tool that is registered but not allowed, and one that never was, are the same: it does not exist for this boundary.
async function requireTool(ports: ToolPorts, boundary: AgentBoundary, name: string): Promise<Tool> {
  const tool = requireLive(boundary).allowedToolIds.includes(name) ? ports.tools.get(name) : undefined
  if (tool === undefined) throw await refuse(ports, boundary, { event: 'tool-unknown', surface: 'tools' }, new NotFound())
  return tool
}

async function readInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, given: unknown): Promise<Json> {
  const input = await noting(ports, boundary, tool, (): Json => JSON.parse(writeJson(given ?? {}, 'input', ports.maximumInputBytes)))
  if (!hasReservedName(input)) return input
  const draft: AuditDraft = { event: 'argument-reserved', surface: 'tools', toolIds: [tool.name], blocked: 1 }
  throw await refuse(ports, boundary, draft, new Forbidden('reserved-argument'))
}

async function requirePermission(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<void> {
  if (!roleReaches(requireLive(boundary).role, tool.role)) {
    const draft: AuditDraft = { event: 'role-insufficient', surface: 'tools', reason: `needs-${tool.role}`, toolIds: [tool.name] }
    throw await refuse(ports, boundary, draft, new Forbidden('role'))
  }
  if (tool.risk !== 'sensitive') return
  const approved = (await ports.approve?.({ boundary, runId: ports.scope.run.id, toolId: tool.name, input })) === true
  if (!approved) throw await refuse(ports, boundary, { event: 'approval-required', surface: 'tools', toolIds: [tool.name] }, new Forbidden('approval-required'))
}

async function parseInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<unknown> {
  return await noting(ports, boundary, tool, async () => {
    const result = await tool.validate(input)
    if (result.issues !== undefined) throw new InvalidInput('input', 'what the tool’s schema describes')
    return result.value
  })
}

type Resources = ReadonlyMap<string, Row>

// All ids are looked up before any is judged, so that missing and foreign take the same statements in the same order.
async function resolveAll(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, parsed: unknown): Promise<Resources> {
  const hits = await noting(ports, boundary, tool, () => findResources(tool.parsedSchema, parsed))
  const found = new Map<string, Row>()
  for (const type of new Set(hits.map((hit) => hit.type))) {
    const ids = hits.filter((hit) => hit.type === type).map((hit) => hit.id)
    for (const [id, row] of await resolveType(ports, boundary, type, ids)) found.set(keyOf({ type, id }), row)
  }
  const missing = hits.filter((hit) => !found.has(keyOf(hit)))
  if (missing.length === 0) return found
  const reason = [...new Set(missing.map((hit) => hit.type))].toSorted().join(',')
  const draft: AuditDraft = { event: 'resource-outside-boundary', surface: 'tools', reason, toolIds: [tool.name], blocked: missing.length }
  throw await refuse(ports, boundary, draft, new NotFound())
}

async function resolveType(ports: ToolPorts, boundary: AgentBoundary, type: string, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  const resolver = ports.resolvers.get(type)
  if (resolver === undefined) throw new TypeError(`tools() has no resolver for ${type}.`)
  const rows = await resolver.find(ids, { boundary, transact: (work) => transactWithin(ports, boundary, work) })
  const asked = new Set(ids)
  const own = rows.flatMap((row) => {
    const id = resolver.id(row)
    // By equality, whatever the store's collation says, and only what was asked for.
    return typeof id === 'string' && asked.has(id) && isOwn(boundary, resolver.owner(row)) ? [[id, row] as const] : []
  })
  return new Map(own)
}

function keyOf({ type, id }: ResourceHit): string {
  return JSON.stringify([type, id])
}

function isOwn(boundary: AgentBoundary, owner: OwnedRecord | undefined): boolean {
  const { tenantId, workspaceId } = requireLive(boundary)
  return owner?.tenantId === tenantId && owner.workspaceId === workspaceId
}

async function runTool(ports: ToolPorts, tool: Tool, input: Json, parsed: unknown, resources: Resources): Promise<unknown> {
  // The authority is read again: what was resolved above took time, and this is the moment of the effect.
  const boundary = await ports.scope.live()
  const named = [...resources.keys()].map((key): Json => JSON.parse(key))
  await ports.scope.recorder.note(boundary, { event: 'tool-called', surface: 'tools', toolIds: [tool.name], detail: { resources: named } })
  await ports.scope.recorder.flush(boundary)
  await ports.store.call(boundary, 'require_live', [])
  try {
    return await tool.run(parsed, createContext(ports, boundary, tool, input, resources))
  } catch (error) {
    if (error instanceof Refusal && !(error instanceof ToolFailed)) throw error
    throw await refuse(ports, boundary, { event: 'tool-failed', surface: 'tools', toolIds: [tool.name] }, new ToolFailed({ cause: error }))
  }
}

function createContext(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json, resources: Resources): ToolContext {
  return {
    boundary,
    resource(type, id) {
      const row = resources.get(keyOf({ type, id }))
      if (row === undefined) throw new TypeError(`The input of ${tool.name} holds no such id at a place marked ${type}.`)
      return row
    },
    call: labelItem(boundary, { toolId: tool.name, value: input }, { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true }),
    use: (surface) => ports.scope.use(surface),
    transact: (work) => transactWithin(ports, boundary, work),
    signal: ports.scope.signal,
  }
}

async function transactWithin<Result>(ports: ToolPorts, boundary: AgentBoundary, work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
  return await ports.store.transact(boundary, work)
}

async function checkOwners(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, output: unknown): Promise<void> {
  if (tool.ownerless !== undefined || output === undefined || output === null) return
  const rows: readonly unknown[] = Array.isArray(output) ? output : [output]
  const foreign = rows.filter((row) => !isOwn(boundary, findOwner(tool, row))).length
  if (foreign === 0) return
  const draft: AuditDraft = { event: 'result-withheld', surface: 'tools', reason: 'owner-mismatch', toolIds: [tool.name], blocked: foreign }
  throw await refuse(ports, boundary, draft, new NotFound())
}

// A row whose owner cannot be told is nobody's, and so not this boundary's (incident 34).
function findOwner(tool: Tool, row: unknown): OwnedRecord | undefined {
  try {
    return tool.ownerOf(row)
  } catch {
    return undefined
  }
}

async function answer(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, output: unknown): Promise<Observation> {
  const value = await noting(ports, boundary, tool, (): Json => JSON.parse(writeJson(output ?? null, 'output', ports.maximumOutputBytes)))
  await ports.scope.recorder.note(boundary, { event: 'tool-answered', surface: 'tools', toolIds: [tool.name] })
  await ports.scope.recorder.flush(boundary)
  return labelItem(boundary, { toolId: tool.name, value }, { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true })
}

async function refuse<No extends Refusal>(ports: ToolPorts, boundary: AgentBoundary, draft: AuditDraft, refusal: No): Promise<No> {
  await ports.scope.recorder.note(boundary, { ...draft, decision: 'refused' })
  await ports.scope.recorder.flush(boundary)
  return refusal
}

async function noting<Result>(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, check: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const draft: AuditDraft = { event: 'input-refused', surface: 'tools', reason: error.code.toLowerCase(), toolIds: [tool.name] }
    throw await refuse(ports, boundary, draft, error)
  }
}
