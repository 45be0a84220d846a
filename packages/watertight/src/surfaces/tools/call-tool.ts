import type { AuditDraft } from '../../audit/index.ts'
import { labelItem, requireLive, roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { ownMembers, writeJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Forbidden, InvalidInput, LimitExceeded, NotFound, Refusal, ToolFailed } from '../../errors.ts'
import type { Row, Store, Transaction } from '../../store/index.ts'
import type { RunScope } from '../surface.ts'
import { createCallLife, scopeWithin, surfaceWithin, transactionWithin } from './call-life.ts'
import type { CallLife } from './call-life.ts'
import type { Tool, ToolContext } from './define-tool.ts'
import { hasReservedName } from './reserved-arguments.ts'
import { countForeign } from './foreign-owners.ts'
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

/** What a call ran into that is no refusal. For the server's eyes. */
export interface ToolFailure {
  /** whose call it was */
  readonly boundary: AgentBoundary
  readonly runId: string
  readonly toolId: string
  /** what was thrown, as it was */
  readonly cause: unknown
}

export interface ToolPorts {
  readonly store: Store
  readonly scope: RunScope
  readonly tools: ReadonlyMap<string, Tool>
  readonly resolvers: ReadonlyMap<string, Resolver>
  readonly approve: ((request: ApprovalRequest) => Promise<boolean>) | undefined
  readonly onFailure: ((failure: ToolFailure) => void | Promise<void>) | undefined
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
  const life = createCallLife(`the resolver for ${type}`, ports.scope.run)
  const rows = await life.during(() =>
    resolver.find(ids, { boundary, transact: (work) => transactWithin(ports, life, work) }),
  )
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
  const life = createCallLife(tool.name, ports.scope.run)
  const context = createContext(ports, boundary, tool, input, resources, life)
  return await guarding(ports, boundary, tool, () => life.during(() => tool.run(parsed, context)), life)
}

function createContext(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  input: Json,
  resources: Resources,
  life: CallLife,
): ToolContext {
  const call = labelItem(
    boundary,
    // A copy: an item is frozen, and a schema may hand the tool parts of the very input.
    { toolId: tool.name, value: structuredClone(input) },
    { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true },
  )
  return {
    get boundary() {
      life.requireOwn()
      return boundary
    },
    resource(type, id) {
      life.requireOwn()
      const found = resources.get(keyOf({ type, id }))
      if (found !== undefined) return found.row
      throw new TypeError(`The input of ${tool.name} holds no such id at a place marked ${type}.`)
    },
    get call() {
      life.requireOwn()
      return call
    },
    use(surface) {
      life.requireOwn()
      return surfaceWithin(ports.scope.use(surface, scopeWithin(ports.scope, life)), life)
    },
    transact: (work) => transactWithin(ports, life, work),
    signal: ports.scope.signal,
  }
}

// Asked for anew at each transaction: a tool that goes on after its run has ended reaches nothing in its name.
async function transactWithin<Result>(
  ports: ToolPorts,
  life: CallLife,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const asking = await ports.scope.live()
  life.requireOwn()
  return await ports.store.transact(asking, (transaction) => work(transactionWithin(transaction, life)))
}

// Checked as it will leave: the very copy, not the object that the tool may still hold. Rows at the top have the owner
// that the tool tells; whatever says at any depth whose it is must say the boundary, whether the tool is ownerless or not.
async function checkOwners(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, value: Json): Promise<void> {
  const rows: readonly unknown[] = tool.ownerless !== undefined || value === null ? [] : [value].flat()
  const unowned = rows.filter((row) => !isOwn(boundary, findOwner(tool, row))).length
  const told = await guarding(ports, boundary, tool, () => countForeign(requireLive(boundary), value))
  const foreign = Math.max(unowned, told)
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
  life?: CallLife,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const draft = { ...eventOf(error, life?.met(error) === true), surface: 'tools', toolIds: [tool.name] } as const
    if (draft.event !== 'tool-failed' && error instanceof Refusal) throw await refuse(ports, boundary, draft, error)
    const cause = error instanceof ToolFailed && error.cause !== undefined ? error.cause : error
    tell(ports.onFailure, { boundary, runId: ports.scope.run.id, toolId: tool.name, cause })
    throw await refuse(ports, boundary, draft, new ToolFailed({ cause }))
  }
}

// What the tool's code ran into, as what it is. A refusal that it passes on from a surface was counted there: it ends the
// call, and is no second attempt.
function eventOf(error: unknown, met: boolean): Pick<AuditDraft, 'event' | 'reason' | 'blocked'> {
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
  'approval-required': { event: 'approval-required' },
  scope: { event: 'resource-outside-boundary', blocked: 1 },
  'reserved-argument': { event: 'argument-reserved', blocked: 1 },
} as const satisfies Readonly<Record<Forbidden['reason'], Pick<AuditDraft, 'event' | 'blocked'>>>

// The app's own logger decides nothing: neither what it throws nor how long it takes changes the call.
function tell(onFailure: ToolPorts['onFailure'], failure: ToolFailure): void {
  void (async () => await onFailure?.(failure))().catch(() => undefined)
}
