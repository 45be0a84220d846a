import { jsonSchema, tool } from 'ai'
import type { ToolSet } from 'ai'

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
