import type { AuditDraft } from '../../audit/index.ts'
import { labelItem, requireLive } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { InvalidInput, NotFound } from '../../errors.ts'
import type { Tool } from './define-tool.ts'
import { countForeign } from './foreign-owners.ts'
import { copyJson } from './read-call.ts'
import { isOwn } from './records.ts'
import { refuse } from './say-no.ts'
import type { Observation, ToolPorts } from './tool-ports.ts'

/** The model can send less to get less; that a tool's answer is no JSON is not its doing. */
export function readOutput(output: unknown, maximumBytes: number): Json {
  try {
    return copyJson(output ?? null, 'output', maximumBytes)
  } catch (error) {
    throw error instanceof InvalidInput ? new TypeError('The answer of a tool must be JSON.', { cause: error }) : error
  }
}

/**
 * Counts the rows of an answer that are not the boundary's. Checked as it will leave: the very copy, not the object that the
 * tool may still hold. Rows at the top have the owner that the tool tells; whatever says at any depth whose it is must say
 * the boundary, whether the tool is ownerless or not.
 */
export function countForeignRows(boundary: AgentBoundary, tool: Tool, value: Json): number {
  const rows: readonly unknown[] = tool.ownerless !== undefined || value === null ? [] : [value].flat()
  const unowned = rows.filter((row) => !isOwn(boundary, findOwner(tool, row))).length
  return Math.max(unowned, countForeign(requireLive(boundary), value))
}

// A row whose owner cannot be told is nobody's, and so not this boundary's (incident 34).
function findOwner(tool: Tool, row: unknown): OwnedRecord | undefined {
  try {
    return tool.ownerOf(row)
  } catch {
    return undefined
  }
}

/** Withholds an answer that holds somebody else's: recorded, and raised as an alarm. */
export async function withhold(
  ports: ToolPorts,
  boundary: AgentBoundary,
  tool: Tool,
  foreign: number,
): Promise<NotFound> {
  const [reason, toolIds] = ['owner-mismatch', [tool.name]] as const
  const draft: AuditDraft = { event: 'result-withheld', surface: 'tools', reason, toolIds, blocked: foreign }
  return await refuse(ports, boundary, draft, new NotFound())
}

/** An answer as it leaves: labelled for its tenant, its person, and as untrusted. */
export function toObservation(boundary: AgentBoundary, tool: Tool, value: Json): Observation {
  return labelItem(
    boundary,
    { toolId: tool.name, value },
    { integrity: 'untrusted', source: { surface: 'tools', id: tool.name }, personal: true },
  )
}
