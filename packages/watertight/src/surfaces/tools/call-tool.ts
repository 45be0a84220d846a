import type { AuditDraft } from '../../audit/index.ts'
import { labelItem, requireLive, roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { ownMembers, writeJson } from '../../encoding/index.ts'
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
 * when all have passed, and its answer leaves only when that is durable too. Only refusals leave: what other code threw
 * may hold anything, and whoever reads the message may be the model.
 */
export async function callTool(ports: ToolPorts, name: string, given: unknown): Promise<Observation> {
  try {
    const boundary = await ports.scope.live()
    const tool = await requireTool(ports, boundary, name)
    const input = await readInput(ports, boundary, tool, given)
    await requirePermission(ports, boundary, tool, input)
    const parsed = await parseInput(ports, boundary, tool, input)
    const resources = await resolveAll(ports, boundary, tool, parsed)
    const output = await runTool(ports, tool, input, parsed, resources)
    return await answer(ports, boundary, tool, output)
  } catch (error) {
    throw error instanceof Refusal ? error : new ToolFailed({ cause: error })
  }
}

// A tool that is registered but not allowed, and one that never was, are the same: it does not exist for this boundary.
async function requireTool(ports: ToolPorts, boundary: AgentBoundary, name: string): Promise<Tool> {
  const tool = requireLive(boundary).allowedToolIds.includes(name) ? ports.tools.get(name) : undefined
  if (tool === undefined)
    throw await refuse(ports, boundary, { event: 'tool-unknown', surface: 'tools' }, new NotFound())
  return tool
}

async function readInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, given: unknown): Promise<Json> {
  const input = await noting(ports, boundary, tool, () => copyJson(given ?? {}, 'input', ports.maximumInputBytes))
  if (!hasReservedName(input)) return input
  const draft: AuditDraft = { event: 'argument-reserved', surface: 'tools', toolIds: [tool.name], blocked: 1 }
  throw await refuse(ports, boundary, draft, new Forbidden('reserved-argument'))
}

// Read once, and checked as it was read: a getter or Proxy may answer differently the second time, or throw.
function copyJson(value: unknown, field: string, maximumBytes: number): Json {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `writeJson` wrote is JSON
    return JSON.parse(writeJson(value, field, maximumBytes)) as Json
  } catch (error) {
    throw error instanceof Refusal ? error : new InvalidInput(field, 'a JSON value', { cause: error })
  }
}

async function requirePermission(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<void> {
  const toolIds = [tool.name]
  if (!roleReaches(requireLive(boundary).role, tool.role)) {
    const reason = `needs-${tool.role}`
    const draft: AuditDraft = { event: 'role-insufficient', surface: 'tools', reason, toolIds }
    throw await refuse(ports, boundary, draft, new Forbidden('role'))
  }
  if (tool.risk !== 'sensitive') return
  // A copy: what was asked about is what runs, even where whoever asks shortens it for a person's eyes.
  const request = { boundary, runId: ports.scope.run.id, toolId: tool.name, input: structuredClone(input) }
  const approved = await guarding(ports, boundary, tool, async () => await ports.approve?.(request))
  if (approved === true) return
  const draft: AuditDraft = { event: 'approval-required', surface: 'tools', toolIds }
  throw await refuse(ports, boundary, draft, new Forbidden('approval-required'))
}

async function parseInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<unknown> {
  const result = await guarding(ports, boundary, tool, () => tool.validate(input))
  return await noting(ports, boundary, tool, () => {
    if (result.issues !== undefined) throw new InvalidInput('input', 'what the tool’s schema describes')
    return result.value
  })
}

/** What the marked ids of an input name, by `keyOf`. */
type Resources = ReadonlyMap<string, ResourceHit & { readonly row: Row }>

// All ids are looked up before any is judged, so that missing and foreign take the same statements in the same order.
async function resolveAll(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, parsed: unknown): Promise<Resources> {
  if (tool.resourceTypes.length === 0) return new Map()
  const hits = await noting(ports, boundary, tool, () => findResources(tool.parsedSchema, parsed))
  const found = new Map<string, ResourceHit & { readonly row: Row }>()
  for (const type of new Set(hits.map((hit) => hit.type))) {
    const ids = hits.filter((hit) => hit.type === type).map((hit) => hit.id)
    const rows = await guarding(ports, boundary, tool, () => resolveType(ports, boundary, type, ids))
    for (const [id, row] of rows) found.set(keyOf({ type, id }), { type, id, row })
  }
  const missing = hits.filter((hit) => !found.has(keyOf(hit)))
  if (missing.length === 0) return found
  const reason = [...new Set(missing.map((hit) => hit.type))].toSorted().join(',')
  const draft: AuditDraft = {
    event: 'resource-outside-boundary',
    surface: 'tools',
    reason,
    toolIds: [tool.name],
    blocked: missing.length,
  }
  throw await refuse(ports, boundary, draft, new NotFound())
}

async function resolveType(
  ports: ToolPorts,
  boundary: AgentBoundary,
  type: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const resolver = ports.resolvers.get(type)
  if (resolver === undefined) throw new TypeError(`tools() has no resolver for ${type}.`)
  const rows = await resolver.find(ids, { boundary, transact: (work) => transactWithin(ports, work) })
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

// As `assertInBoundary` judges: own members, so that a polluted prototype never owns a record that has no owner.
function isOwn(boundary: AgentBoundary, record: OwnedRecord | undefined): boolean {
  const owner = ownMembers(record)
  const { tenantId, workspaceId } = requireLive(boundary)
  return owner['tenantId'] === tenantId && owner['workspaceId'] === workspaceId
}

async function runTool(
  ports: ToolPorts,
  tool: Tool,
  input: Json,
  parsed: unknown,
  resources: Resources,
): Promise<unknown> {
  // The authority is read again: what was resolved above took time, and this is the moment of the effect.
  const boundary = await ports.scope.live()
  const detail = { resources: [...resources.values()].map(({ type, id }) => [type, id]) }
  const draft: AuditDraft = { event: 'tool-called', surface: 'tools', toolIds: [tool.name], detail }
  await ports.scope.recorder.note(boundary, draft)
  await ports.scope.recorder.flush(boundary)
  await ports.store.call(boundary, 'require_live', [])
  const call = { settled: false }
  const context = createContext(ports, boundary, tool, input, resources, call)
  try {
    return await guarding(ports, boundary, tool, () => tool.run(parsed, context))
  } finally {
    call.settled = true
  }
}

function createContext(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  input: Json,
  resources: Resources,
  call: { readonly settled: boolean },
): ToolContext {
  // A context that a tool keeps in a variable of its module would work inside the call of whoever comes next.
  const requireCall = () => {
    if (call.settled) throw new TypeError(`The context of ${tool.name} ended with its call: do not keep it.`)
  }
  return {
    boundary,
    resource(type, id) {
      const found = resources.get(keyOf({ type, id }))
      if (found !== undefined) return found.row
      throw new TypeError(`The input of ${tool.name} holds no such id at a place marked ${type}.`)
    },
    call: labelItem(
      boundary,
      { toolId: tool.name, value: input },
      { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true },
    ),
    use(surface) {
      requireCall()
      return ports.scope.use(surface)
    },
    async transact(work) {
      const asking = await ports.scope.live()
      requireCall()
      return await ports.store.transact(asking, work)
    },
    signal: ports.scope.signal,
  }
}

// Asked for anew at each transaction: a tool that goes on after its run has ended reaches nothing in its name.
async function transactWithin<Result>(
  ports: ToolPorts,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return await ports.store.transact(await ports.scope.live(), work)
}

// Checked as it will leave: the very copy, not the object that the tool may still hold.
async function checkOwners(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, value: Json): Promise<void> {
  if (tool.ownerless !== undefined || value === null) return
  const rows: readonly unknown[] = Array.isArray(value) ? value : [value]
  const foreign = rows.filter((row) => !isOwn(boundary, findOwner(tool, row))).length
  if (foreign === 0) return
  const [reason, toolIds] = ['owner-mismatch', [tool.name]] as const
  const draft: AuditDraft = { event: 'result-withheld', surface: 'tools', reason, toolIds, blocked: foreign }
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
  const value = await guarding(ports, boundary, tool, () => readOutput(output, ports.maximumOutputBytes))
  await checkOwners(ports, boundary, tool, value)
  await ports.scope.recorder.note(boundary, { event: 'tool-answered', surface: 'tools', toolIds: [tool.name] })
  await ports.scope.recorder.flush(boundary)
  return labelItem(
    boundary,
    { toolId: tool.name, value },
    { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true },
  )
}

// The model can send less to get less; that a tool's answer is no JSON is not its doing.
function readOutput(output: unknown, maximumBytes: number): Json {
  try {
    return copyJson(output ?? null, 'output', maximumBytes)
  } catch (error) {
    throw error instanceof InvalidInput ? new ToolFailed({ cause: error }) : error
  }
}

async function refuse<No extends Refusal>(
  ports: ToolPorts,
  boundary: AgentBoundary,
  draft: AuditDraft,
  refusal: No,
): Promise<No> {
  await ports.scope.recorder.note(boundary, { ...draft, decision: 'refused' })
  await ports.scope.recorder.flush(boundary)
  return refusal
}

async function noting<Result>(
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

// Runs code that is not ours: a schema, a resolver, an approval, the tool. What it throws has its evidence too; what is
// no refusal stays behind, as the cause.
async function guarding<Result>(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const told = error instanceof Refusal && !(error instanceof ToolFailed)
    throw await refuse(ports, boundary, failureOf(tool, error), told ? error : new ToolFailed({ cause: error }))
  }
}

function failureOf(tool: Tool, error: unknown): AuditDraft {
  const about = { surface: 'tools', toolIds: [tool.name] } as const
  if (error instanceof NotFound) return { ...about, event: 'resource-outside-boundary', reason: 'tool', blocked: 1 }
  if (!(error instanceof Refusal)) return { ...about, event: 'tool-failed' }
  return { ...about, event: 'tool-failed', reason: error.code.toLowerCase() }
}
