import { findFloorDenial, requireLive } from '../../boundary/index.ts'
import type { ApprovalState } from '../../services/approvals/index.ts'
import { createEffects } from '../../services/effects/index.ts'
import type { Json } from '../../encoding/index.ts'
import type { Store } from '../../store/index.ts'
import type { ExportedItem, RunScope, RunSurface, Scope } from '../surface.ts'
import { callTool, requestApproval } from './call-tool.ts'
import { longestCall } from './define-tool.ts'
import type { Tool, ToolRisk } from './define-tool.ts'
import { tableOf } from './resolver.ts'
import type { Resolver } from './resolver.ts'
import { createHandles } from './handles.ts'
import type { Handles } from './handles.ts'
import { findLookAlike } from './look-alike-names.ts'
import type { JsonSchema } from './schema-marks.ts'
import type { Observation, ToolCallEnd, ToolFailure, ToolPorts } from './tool-ports.ts'

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
   * @param options `step`: what tells a second call that is meant from a retry of the first, such as the id that the model
   *   gave its call; at most 1,024 characters. Without it the same call of a tool that writes acts once in a run
   * @throws {NotFound} `NOT_FOUND` when there is no such tool for this boundary, or an id is missing here or somebody else's
   * @throws {Forbidden} `FORBIDDEN` when the floor or the policy above it forbids it, or the input names a tenant or workspace
   * @throws {ApprovalRequired} `FORBIDDEN` (`approval-required`) when a person must consent first; the request waits for one
   * @throws {InvalidInput} `INVALID_INPUT` when the input is not what the tool takes
   * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the input or the answer is too large
   * @throws {EffectUnsettled} `EFFECT_UNSETTLED` when another try of the call is underway, or nobody knows what became of it
   * @throws {ToolFailed} `TOOL_FAILED` when the tool's own code threw, or took too long
   */
  call(name: string, input: unknown, options?: { readonly step?: string }): Promise<Observation>
  /**
   * Asks for a person's consent to a call without making it, or tells what became of the request.
   *
   * @throws what `call` does, except for the consent itself
   */
  requestApproval(name: string, input: unknown): Promise<ApprovalState>
}

export interface ToolsOptions {
  /** how the records of each marked type are found */
  readonly resolve?: Readonly<Record<string, Resolver>>
  /**
   * hears what other code than Watertight's threw in a call, for the app's own logger: the model is told `ToolFailed` and
   * nothing more. Nobody waits for it, and what it throws is dropped
   */
  readonly onFailure?: (failure: ToolFailure) => void | Promise<void>
  /**
   * hears how each call of a tool that exists ended, for the app's own log. Of input and result it is given what the tool's
   * `logged` names, without what looks like a secret or an address; nobody waits for it, and what it throws is dropped
   */
  readonly onCall?: (end: ToolCallEnd) => void | Promise<void>
  /**
   * `true` shows a model handles in place of the ids of records: each is good in its own run alone, so that a model cannot
   * even name what is somebody else's. Every tool then says by `output` where ids stand in its result
   */
  readonly handles?: boolean
  /** the largest input, in bytes of JSON; 256 KiB by default */
  readonly maximumInputBytes?: number
  /** the largest answer, in bytes of JSON; 1 MiB by default */
  readonly maximumOutputBytes?: number
  /** how long a call may take where its tool does not say, in milliseconds; a minute by default */
  readonly timeLimit?: number
  /** how long a process that says nothing is taken for alive in the middle of an effect, in milliseconds; 15 s by default */
  readonly effectLease?: number
  /** how long a request for a person's consent stands, in milliseconds; an hour by default, and never longer than its run */
  readonly approvalLifetime?: number
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
  const alike = findLookAlike([...byName.keys()])
  if (alike !== undefined)
    throw new TypeError(`tools() was given ${alike[0]} and ${alike[1]}, which are taken for each other: rename one.`)
  const resolvers = new Map(Object.entries(options.resolve ?? {}))
  for (const { name, resourceTypes, change } of list) {
    const missing = resourceTypes.find((type) => !resolvers.has(type))
    if (missing !== undefined)
      throw new TypeError(`tools() needs a resolver for ${missing}, which the tool ${name} marks.`)
    const foreign =
      change === undefined ? undefined : resourceTypes.find((type) => tableOf(resolvers.get(type)) === undefined)
    if (foreign !== undefined)
      throw new TypeError(
        `tools() needs ${foreign} to be a table, fromTable('…'), because the tool ${name} changes: no other code runs while a connection is held.`,
      )
  }
  const { onFailure, onCall, handles = false } = options
  const silent = handles ? list.find(({ outputSchema }) => outputSchema === undefined) : undefined
  if (silent !== undefined)
    throw new TypeError(`tools() with handles needs output of the tool ${silent.name}: where ids stand in its result.`)
  const limits = readLimits(options)
  for (const [name, hook] of Object.entries({ onFailure, onCall }))
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`tools() needs ${name} to be a function.`)
  return {
    name: 'tools',
    within: 'run',
    async open({ store, policy }) {
      const effects = createEffects(store, limits.effectLease)
      const ports = { store, tools: byName, resolvers, effects, policy, onFailure, onCall, ...limits }
      return {
        bindRun: (scope) => bindTools({ ...ports, scope, handles: handles ? handlesOf(store, scope) : undefined }),
        sweep: async () =>
          await store
            .operate('operator_sweep_effects', [10_000])
            .then(([row]) => Number(row?.['operator_sweep_effects'] ?? 0)),
        export: (scope) => exportOwn(store, scope),
        erase: async (scope) =>
          await store.call(await scope.live(), 'effect_erase', []).then(([row]) => Number(row?.['effect_erase'] ?? 0)),
        close: async () => undefined,
      }
    },
  }
}

// Made once for a run: its boundary may be renewed, and stays the same person's in the same place.
function handlesOf(store: Store, scope: RunScope): ToolPorts['handles'] {
  let made: Handles | undefined
  return (boundary) => {
    const { tenantId, workspaceId, userId } = requireLive(boundary)
    return (made ??= createHandles(store.keyring, { tenantId, workspaceId, userId, runId: scope.run.id }))
  }
}

function readLimits(options: ToolsOptions) {
  const { maximumInputBytes = 262_144, maximumOutputBytes = 1_048_576 } = options
  const { timeLimit = 60_000, effectLease = 15_000, approvalLifetime = 60 * 60_000 } = options
  const limits = { maximumInputBytes, maximumOutputBytes, timeLimit, effectLease, approvalLifetime }
  for (const [name, limit] of Object.entries(limits)) {
    if (!Number.isSafeInteger(limit) || limit <= 0)
      throw new TypeError(`tools() needs ${name} to be a whole number above 0.`)
  }
  for (const name of ['timeLimit', 'effectLease'] as const)
    if (limits[name] > longestCall) throw new TypeError(`tools() needs ${name} to be ${longestCall} at most.`)
  return limits
}

// What a person has of tools: the arguments that they asked consent for, and the answers that their open runs keep.
async function* exportOwn(store: Store, scope: Scope): AsyncIterable<ExportedItem> {
  for (const { kind, id, value } of await store.call(await scope.live(), 'effect_export', []))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column
    yield { surface: 'tools', kind: String(kind), id: String(id), value: value as Json }
}

function bindTools(ports: ToolPorts): RunTools {
  return {
    async list() {
      const state = requireLive(await ports.scope.live())
      // What only another role may call exists all the same: who has it may be asked.
      const exists = (tool: Tool) => [undefined, 'role'].includes(findFloorDenial(state, tool))
      return [...ports.tools.values()]
        .filter(exists)
        .map(({ name, description, risk, inputSchema }) => ({ name, description, risk, inputSchema }))
    },
    call: (name, input, { step = '' } = {}) => callTool(ports, name, input, step),
    requestApproval: (name, input) => requestApproval(ports, name, input),
  }
}
