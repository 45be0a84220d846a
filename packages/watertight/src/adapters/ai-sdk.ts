import { jsonSchema, NoSuchToolError, tool } from 'ai'
import type { ToolApprovalConfiguration, ToolApprovalStatus, ToolCallRepairFunction, ToolSet } from 'ai'

import { NotFound, Refusal } from '../index.ts'
import type { Json, Run } from '../index.ts'
import type { RunTools } from '../surfaces/tools/index.ts'

/**
 * The tools of a run as the AI SDK takes them. Each is bound to the run by closure: nothing that the model, a
 * `prepareStep` or a context says can point it at another boundary.
 *
 * The model's arguments reach `run.tools.call()` as they are, so that what it tries to smuggle in is refused and
 * recorded instead of being dropped by a schema on the way.
 *
 * @param run a run of a Watertight with `tools()` registered
 * @returns a tool set with the tools that exist for the run's boundary
 * @throws {BoundaryRefused} `BOUNDARY_REFUSED` when the run's boundary is not live
 */
export async function toAiTools(run: Run & { readonly tools: RunTools }): Promise<ToolSet> {
  const described = await run.tools.list()
  return Object.fromEntries(
    described.map(({ name, description, inputSchema }) => [
      name,
      tool({
        description,
        inputSchema: jsonSchema<Json>(inputSchema),
        // The SDK's id of the call: a call that is executed again, from stored messages, is a retry and acts once.
        execute: async (input, { toolCallId }) => (await run.tools.call(name, input, { step: toolCallId })).value,
      }),
    ]),
  )
}

/**
 * Has a person consent to sensitive tools, as the AI SDK's approval flow goes: such a call ends the generation with a
 * request; once `desk.approvals.approve()` was called by somebody who may, the same messages with the SDK's answer go on.
 *
 * The SDK's own answer travels through the client and consents to nothing: what counts is the row that a person of the
 * workspace decided in a boundary of their own, for this run, tool and these arguments, once (incident 28).
 *
 * @param run a run of a Watertight with `tools()` registered
 * @returns what `generateText`, `streamText` and `ToolLoopAgent` take as `toolApproval`
 */
export function toAiToolApproval(
  run: Run & { readonly tools: RunTools },
): Extract<ToolApprovalConfiguration<ToolSet, unknown>, (...given: never[]) => unknown> {
  return async ({ toolCall: { toolName, input } }): Promise<ToolApprovalStatus> => {
    const described = (await run.tools.list()).find(({ name }) => name === toolName)
    if (described?.risk !== 'sensitive') return 'not-applicable'
    try {
      const { state } = await run.tools.requestApproval(toolName, input)
      if (state === 'not-needed' || state === 'approved') return 'approved'
      return state === 'waiting' ? 'user-approval' : { type: 'denied', reason: 'A person has not consented.' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { type: 'denied', reason: error.message }
    }
  }
}

/**
 * Leaves evidence of the tools that a model asks for and that do not exist for its boundary: the AI SDK turns such a call
 * down by itself, and the run would not hear of it. Repairs nothing, and runs nothing: a tool that exists and was not
 * offered in this step is the app's own choice.
 *
 * @param run the run whose tools were offered
 * @returns what `generateText` and `streamText` take as `repairToolCall`
 * @throws whatever keeps the evidence from being written
 */
export function recordUnknownTools(run: Run & { readonly tools: RunTools }): ToolCallRepairFunction<ToolSet> {
  return async ({ toolCall: { toolName }, error }) => {
    if (!NoSuchToolError.isInstance(error)) return null
    const existing = await run.tools.list()
    if (existing.some(({ name }) => name === toolName)) return null
    await run.tools.call(toolName, {}).catch((refusal: unknown) => {
      if (!(refusal instanceof NotFound)) throw refusal
    })
    return null
  }
}
