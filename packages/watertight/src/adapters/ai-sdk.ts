import { jsonSchema, NoSuchToolError, tool } from 'ai'
import type { ToolCallRepairFunction, ToolSet } from 'ai'

import { NotFound } from '../index.ts'
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
        execute: async (input) => (await run.tools.call(name, input)).value,
      }),
    ]),
  )
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
