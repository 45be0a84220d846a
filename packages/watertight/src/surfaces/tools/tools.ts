import { requireLive } from '../../boundary/index.ts'
import type { RunScope, RunSurface } from '../surface.ts'
import { callTool } from './call-tool.ts'
import type { ApprovalRequest, Observation, ToolFailure } from './call-tool.ts'
import type { Tool, ToolRisk } from './define-tool.ts'
import type { Resolver } from './resolver.ts'
import type { JsonSchema } from './schema-marks.ts'

/** What a model is told of a tool that exists for its boundary. */
export interface ToolDescription {
  readonly name: string
  readonly description: string
  readonly risk: ToolRisk
  /** JSON Schema (draft 2020-12) of the input */
  readonly inputSchema: JsonSchema
}

/** The tools of a run. */
export interface RunTools {
  /** The tools that exist for this run's boundary, in the order they were registered. */
  list(): Promise<readonly ToolDescription[]>
  /**
   * Calls a tool with what the model gave.
   *
   * @param name the tool
   * @param input the model's arguments, a JSON object
   * @throws {NotFound} `NOT_FOUND` when there is no such tool for this boundary, or an id is missing here or somebody else's
   * @throws {Forbidden} `FORBIDDEN` when the role or the risk forbids it, or the input names a tenant or workspace
   * @throws {InvalidInput} `INVALID_INPUT` when the input is not what the tool takes
   * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the input or the answer is too large
   * @throws {ToolFailed} `TOOL_FAILED` when the tool's own code threw
   */
  call(name: string, input: unknown): Promise<Observation>
}

export interface ToolsOptions {
  /** how the records of each marked type are found */
  readonly resolve?: Readonly<Record<string, Resolver>>
  /** asks a person before a sensitive tool runs; without it no sensitive tool runs */
  readonly approve?: (request: ApprovalRequest) => Promise<boolean>
  /**
   * hears what other code than Watertight's threw in a call, for the app's own logger: the model is told `ToolFailed` and
   * nothing more. It may hold anything, other customers' words too. Nobody waits for it, and what it throws is dropped
   */
  readonly onFailure?: (failure: ToolFailure) => void | Promise<void>
  /** the largest input, in bytes of JSON; 256 KiB by default */
  readonly maximumInputBytes?: number
  /** the largest answer, in bytes of JSON; 1 MiB by default */
  readonly maximumOutputBytes?: number
}

/**
 * Tools: what an agent may do, each inside the boundary of its run.
 *
 * @param list what `defineTool()` returned
 * @throws {TypeError} when two tools have one name, a marked type has no resolver, or a limit is no size
 */
export function tools(list: readonly Tool[], options: ToolsOptions = {}): RunSurface<'tools', RunTools> {
  const byName = new Map(list.map((tool) => [tool.name, tool]))
  if (byName.size !== list.length) throw new TypeError('tools() was given two tools of one name.')
  const resolvers = new Map(Object.entries(options.resolve ?? {}))
  for (const { name, resourceTypes } of list) {
    const missing = resourceTypes.find((type) => !resolvers.has(type))
    if (missing !== undefined)
      throw new TypeError(`tools() needs a resolver for ${missing}, which the tool ${name} marks.`)
  }
  const { approve, onFailure, maximumInputBytes = 262_144, maximumOutputBytes = 1_048_576 } = options
  for (const [name, limit] of Object.entries({ maximumInputBytes, maximumOutputBytes })) {
    if (!Number.isSafeInteger(limit) || limit <= 0)
      throw new TypeError(`tools() needs ${name} to be a whole number above 0.`)
  }
  if (onFailure !== undefined && typeof onFailure !== 'function')
    throw new TypeError('tools() needs onFailure to be a function.')
  return {
    name: 'tools',
    within: 'run',
    async open({ store }) {
      const ports = { store, tools: byName, resolvers, approve, onFailure, maximumInputBytes, maximumOutputBytes }
      return {
        bindRun: (scope) => bindTools(byName, scope, (name, input) => callTool({ ...ports, scope }, name, input)),
        sweep: async () => 0, // tools keep nothing of their own
        export: async function* () {},
        erase: async () => 0,
        close: async () => undefined,
      }
    },
  }
}

function bindTools(byName: ReadonlyMap<string, Tool>, scope: RunScope, call: RunTools['call']): RunTools {
  return {
    async list() {
      const { allowedToolIds } = requireLive(await scope.live())
      return [...byName.values()]
        .filter((tool) => allowedToolIds.includes(tool.name))
        .map(({ name, description, risk, inputSchema }) => ({ name, description, risk, inputSchema }))
    },
    call,
  }
}
