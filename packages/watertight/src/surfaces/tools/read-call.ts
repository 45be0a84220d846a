import type { AuditDraft } from '../../audit/index.ts'
import { findFloorDenial, requireLive } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { readJsonText, writeJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Forbidden, InvalidInput, NotFound, Refusal } from '../../errors.ts'
import { effectKey } from '../../services/effects/index.ts'
import type { Tool } from './define-tool.ts'
import { openIds } from './replace-ids.ts'
import { hasReservedName } from './reserved-arguments.ts'
import { findResources } from './resource-hits.ts'
import { guarding, noting, refuse } from './say-no.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** Reads what the model asks for, up to where nothing of the customer's has been touched. */
export async function readCall(ports: ToolPorts, name: string, given: unknown, step: string): Promise<Call> {
  const boundary = await ports.scope.live()
  const tool = await requireTool(ports, boundary, name)
  const input = await readInput(ports, boundary, tool, given)
  await requireFloor(ports, boundary, tool)
  await noting(ports, boundary, tool, () => requireStep(step))
  const parsed = await parseInput(ports, boundary, tool, input)
  const key = effectKey(requireLive(boundary), { runId: ports.scope.run.id, step, toolId: tool.name, input })
  return { boundary, tool, input, parsed, key }
}

// A tool that is registered but not allowed, and one that never was, are the same: it does not exist for this boundary.
async function requireTool(ports: ToolPorts, boundary: AgentBoundary, name: string): Promise<Tool> {
  const tool = requireLive(boundary).allowedToolIds.includes(name) ? ports.tools.get(name) : undefined
  if (tool === undefined)
    throw await refuse(ports, boundary, { event: 'tool-unknown', surface: 'tools' }, new NotFound())
  return tool
}

async function readInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, given: unknown): Promise<Json> {
  const input = await noting(ports, boundary, tool, () => readGiven(given, ports.maximumInputBytes))
  if (hasReservedName(input)) {
    const draft: AuditDraft = { event: 'argument-reserved', surface: 'tools', toolIds: [tool.name], blocked: 1 }
    throw await refuse(ports, boundary, draft, new Forbidden('reserved-argument'))
  }
  // What the schema is silent about it would drop, or hand on without a word about what it is.
  await noting(ports, boundary, tool, () => findResources(tool.inputSchema, input))
  return ports.handles === undefined ? input : await openHandles(ports, boundary, tool, input)
}

// Frameworks hand on what the model wrote, or what they have read of it.
function readGiven(given: unknown, maximumBytes: number): Json {
  return typeof given === 'string' || (ArrayBuffer.isView(given) && given instanceof Uint8Array)
    ? readJsonText(given, 'input', maximumBytes)
    : copyJson(given ?? {}, 'input', maximumBytes)
}

// Whatever stands where an id is wanted and is no handle of this run is missing, as a foreign id is.
async function openHandles(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<Json> {
  const handles = ports.handles?.(boundary)
  const opened = await noting(ports, boundary, tool, () =>
    openIds(tool.shownSchema, input, (type, handle) => handles?.open(type, handle)),
  )
  if (opened.unopened === undefined) return opened.value
  const reason = [...new Set(opened.unopened)].toSorted().join(',')
  const blocked = opened.unopened.length
  const draft: AuditDraft = {
    event: 'resource-outside-boundary',
    surface: 'tools',
    reason,
    toolIds: [tool.name],
    blocked,
  }
  throw await refuse(ports, boundary, draft, new NotFound())
}

/** Read once, and checked as it was read: a getter or Proxy may answer differently the second time, or throw. */
export function copyJson(value: unknown, field: string, maximumBytes: number): Json {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `writeJson` wrote is JSON
    return JSON.parse(writeJson(value, field, maximumBytes)) as Json
  } catch (error) {
    throw error instanceof Refusal ? error : new InvalidInput(field, 'a JSON value', { cause: error })
  }
}

async function requireFloor(ports: ToolPorts, boundary: AgentBoundary, tool: Tool): Promise<void> {
  const denial = findFloorDenial(requireLive(boundary), tool)
  if (denial === undefined) return
  const toolIds = [tool.name]
  if (denial === 'tool')
    throw await refuse(ports, boundary, { event: 'tool-unknown', surface: 'tools' }, new NotFound())
  const draft: AuditDraft =
    denial === 'role'
      ? { event: 'role-insufficient', surface: 'tools', reason: `needs-${tool.role}`, toolIds }
      : { event: 'policy-denied', surface: 'tools', reason: denial, toolIds }
  throw await refuse(ports, boundary, draft, new Forbidden(denial))
}

function requireStep(step: unknown): void {
  if (typeof step !== 'string' || step.length > 1_024 || !step.isWellFormed())
    throw new InvalidInput('step', 'a text of at most 1,024 characters')
}

async function parseInput(ports: ToolPorts, boundary: AgentBoundary, tool: Tool, input: Json): Promise<unknown> {
  // A copy: a schema may hand the tool parts of the very input, and what was read is what is digested.
  const result = await guarding(ports, boundary, tool, () => tool.validate(structuredClone(input)))
  return await noting(ports, boundary, tool, () => {
    if (result.issues !== undefined) throw new InvalidInput('input', 'what the tool’s schema describes')
    return result.value
  })
}
