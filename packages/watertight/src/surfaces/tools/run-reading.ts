import type { AuditDraft } from '../../audit/index.ts'
import type { Json } from '../../encoding/index.ts'
import { createContext } from './call-context.ts'
import { createCallLife } from './call-life.ts'
import { countForeignRows, readOutput, withhold } from './check-answer.ts'
import type { Records } from './records.ts'
import { guarding } from './say-no.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** The event of a call whose every check has passed. */
export function calledDraft(
  { tool, key }: Call,
  resources: readonly { readonly type: string; readonly id: string }[],
): AuditDraft {
  const named = resources.map(({ type, id }) => [type, id])
  const detail = tool.risk === 'read' ? { resources: named } : { resources: named, effect: key }
  return { event: 'tool-called', surface: 'tools', toolIds: [tool.name], detail }
}

export function answeredDraft({ tool }: Call): AuditDraft {
  return { event: 'tool-answered', surface: 'tools', toolIds: [tool.name] }
}

/** Runs a tool that only reads. */
export async function runReading(ports: ToolPorts, call: Call, records: Records): Promise<Json> {
  const { store, scope } = ports
  // The authority is read again: what was resolved above took time, and this is the moment of the effect.
  const boundary = await scope.live()
  await scope.recorder.note(boundary, calledDraft(call, [...records.values()]))
  await scope.recorder.flush(boundary)
  await store.call(boundary, 'require_live', [])
  const value = await runForeign(ports, { ...call, boundary }, records)
  const foreign = await guarding(ports, boundary, call.tool, () => countForeignRows(boundary, call.tool, value))
  if (foreign > 0) throw await withhold(ports, boundary, call.tool, foreign)
  await scope.recorder.note(boundary, answeredDraft(call))
  await scope.recorder.flush(boundary)
  return value
}

/** Runs the tool's own code, and reads its answer. No connection is held. */
async function runForeign(ports: ToolPorts, call: Call, records: Records): Promise<Json> {
  const { boundary, tool, parsed } = call
  const life = createCallLife(tool.name, ports.scope.run)
  const output = await guarding(
    ports,
    boundary,
    tool,
    (signal) => {
      const context = createContext(ports, call, records, life, signal)
      return life.during(() => tool.run?.(parsed, context))
    },
    life,
  )
  return await guarding(ports, boundary, tool, () => readOutput(output, ports.maximumOutputBytes))
}
