import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

import { roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord, Risk } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import type { Row, Transaction } from '../../store/index.ts'
import type { UsableSurface } from '../surface.ts'
import { createRedact } from './redact.ts'
import type { Redact } from './redact.ts'
import { isReservedName } from './reserved-arguments.ts'
import { findLostMark, isSchema, propertyNamesOf, readMarks, withoutMarks } from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'
import { findUnmarkedId } from './unmarked-ids.ts'

/** How far a tool's effect goes: it reads; it writes what can be written again; or it does what a person must consent to. */
export type ToolRisk = Risk

/** A schema of any library that speaks Standard Schema and Standard JSON Schema: zod, arktype, valibot with its converter. */
export type ToolSchema<Input> = StandardSchemaV1<unknown, Input> & StandardJSONSchemaV1<unknown, Input>

/** What a tool's code is given beside its input. */
export interface ToolContext {
  // Each member works inside its own call alone, in the flow that the call began: not after it, and not in another call.
  readonly boundary: AgentBoundary
  /**
   * The record behind a marked id of the input, resolved inside the boundary before the tool ran.
   *
   * @throws {TypeError} when the input holds no such id at a marked place
   */
  readonly resource: (type: string, id: string) => Row
  /** The input as an item of this run, labelled as untrusted, for `memory.promote()`. */
  readonly call: { readonly toolId: string; readonly value: Json }
  /** Another registered surface, bound to this run. */
  readonly use: <Run>(surface: UsableSurface<Run>) => Run
  /** One transaction inside the boundary. Row security applies to it. */
  readonly transact: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>
  /**
   * The key of this very call: the same for every try of it, and for nothing else. Hand it on wherever an effect leaves the
   * database: a service that takes an idempotency key acts once then, whatever becomes of this process.
   */
  readonly idempotencyKey: string
  /** Aborted when the run ends, or the call has taken too long. */
  readonly signal: AbortSignal
}

/** What a change is given beside its transaction and its input. It works inside its own call alone. */
export type ToolResources = Pick<ToolContext, 'boundary' | 'resource' | 'call' | 'idempotencyKey'>

/**
 * What a tool's own look at the other side says of an effect: the answer that it would have given, `absent` where it was
 * certainly not made, or `undefined` where that cannot be told.
 */
export type Lookup<Output> = { readonly answer: Output } | 'absent' | undefined

/**
 * Thrown by a tool's code: it has done nothing, and may be tried again. Whatever else it throws leaves open whether the
 * effect was made.
 */
export class NothingDone extends Error {
  override readonly name = 'NothingDone'
}

interface ToolSettings<Input> {
  /** letters, digits, `_` and `-`; what `allowedToolIds` names */
  readonly name: string
  /** what the model is told */
  readonly description: string
  /** the input, with every id of a customer's record marked, and what only looks like one said to be none */
  readonly input: ToolSchema<Input>
  /** `false` takes the names of ids without a mark: nobody resolves what stands under them; `true` where absent */
  readonly strict?: boolean
  /** what a result is, with the ids of records marked; needed where a model is shown handles */
  readonly output?: StandardJSONSchemaV1
  readonly risk: ToolRisk
  /** the least role that may call it */
  readonly role: string
  /** the plans that have it; every plan where absent */
  readonly plans?: readonly string[]
  /** the regions that have it; every region where absent */
  readonly regions?: readonly string[]
  /** of a sensitive tool: the least role that may consent to a call; `admin` where absent */
  readonly approver?: string
  /** what of its input and result may be logged, by path: `status`, `rows[*].status`; nothing where absent */
  readonly logged?: readonly string[]
  /** how long a call may take, in milliseconds; what `tools()` says where absent */
  readonly timeLimit?: number
}

/** What a tool does: anything at all, without a connection held; or SQL on tables of one's own, in one transaction. */
type ToolWork<Input, Output> =
  | {
      run(input: Input, context: ToolContext): Promise<Output>
      /**
       * Asks the other side whether an effect was made, by its idempotency key: after a process died in the middle, or its
       * answer never came. Without it, a person is asked.
       */
      lookup?(input: Input, context: ToolContext): Promise<Lookup<Output>>
      readonly change?: never
    }
  | {
      /**
       * Check, effect and evidence commit together or not at all, so nothing of it is ever in doubt. It awaits nothing but
       * the transaction, which holds a connection. The types that it marks are tables (`fromTable`).
       */
      change(transaction: Transaction, input: Input, resources: ToolResources): Promise<Output>
      readonly run?: never
      readonly lookup?: never
    }

/** Every result is checked: a tool says whose each row is, or why its result is nobody's. */
type ResultOwner<Output> =
  | {
      /**
       * Whose a row of the result is. Written after `run`: the compiler reads functions in their order, and learns from
       * `run` what a row is. Rows that lie deeper are judged by their own members: whatever names a tenant or workspace by
       * its id, in a result of any tool, must name the boundary's.
       */
      readonly owner: (row: Output extends readonly (infer Each)[] ? Each : NonNullable<Output>) => OwnedRecord
      readonly ownerless?: never
    }
  | { readonly ownerless: string; readonly owner?: never }

export type ToolDefinition<Input, Output> = ToolSettings<Input> & ToolWork<Input, Output> & ResultOwner<Output>

/** A tool that passed its checks. Its input and output are unknown to whoever calls it: each call validates them. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly risk: ToolRisk
  readonly role: string
  readonly plans: readonly string[] | undefined
  readonly regions: readonly string[] | undefined
  readonly approver: string
  readonly timeLimit: number | undefined
  /** what of an input or result may be logged */
  readonly redact: Redact
  readonly ownerless: string | undefined
  /** the types of record that its input can name */
  readonly resourceTypes: readonly string[]
  /** the JSON Schema of the parsed input, with its marks */
  readonly parsedSchema: JsonSchema
  /** the JSON Schema of the input as the model gives it, with its marks */
  readonly shownSchema: JsonSchema
  /** the JSON Schema of the result, with its marks; absent where the tool tells none */
  readonly outputSchema: JsonSchema | undefined
  /** the JSON Schema that the model is shown, without them */
  readonly inputSchema: JsonSchema
  validate(input: unknown): Promise<StandardSchemaV1.Result<unknown>>
  /** absent where it changes */
  readonly run: ((input: unknown, context: ToolContext) => Promise<unknown>) | undefined
  readonly lookup: ((input: unknown, context: ToolContext) => Promise<Lookup<unknown>>) | undefined
  /** absent where it runs */
  readonly change:
    | ((transaction: Transaction, input: unknown, resources: ToolResources) => Promise<unknown>)
    | undefined
  ownerOf(row: unknown): OwnedRecord
}

const toolName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/**
 * Defines a tool, and refuses one that could not be guarded.
 *
 * @param definition name, description, input schema, risk, least role, owner of its results, and its code
 * @throws {TypeError} when a part is missing; when the marks of its schema cannot be read back (after a transform, in a
 *   set); when its schema asks the model for a tenant, workspace or the like; or, unless `strict` is false, when it takes an
 *   id that is neither marked nor said to be no record's
 */
export function defineTool<Input, Output>(definition: ToolDefinition<Input, Output>): Tool {
  requireParts(definition)
  const {
    name,
    description,
    input,
    risk,
    role,
    plans,
    regions,
    approver = 'admin',
    timeLimit,
    owner,
    ownerless,
  } = definition
  const parsedSchema = readSchema(name, input, 'output')
  const shown = readSchema(name, input, 'input')
  const resourceTypes = requireMarks(name, shown, parsedSchema)
  requireNoReserved(name, [shown, parsedSchema])
  if (definition.strict !== false) requireNoUnmarked(name, [shown, parsedSchema])
  return Object.freeze({
    name,
    description,
    risk,
    role,
    ownerless: owner === undefined ? ownerless : undefined,
    resourceTypes,
    parsedSchema,
    shownSchema: shown,
    outputSchema: definition.output && readSchema(name, definition.output, 'output'),
    inputSchema: withoutMarks(shown),
    plans: plans === undefined ? undefined : Object.freeze([...plans]),
    regions: regions === undefined ? undefined : Object.freeze([...regions]),
    approver,
    timeLimit,
    redact: createRedact(definition.logged ?? []),
    validate: async (value: unknown) => input['~standard'].validate(value),
    ...workOf(definition),
    ownerOf: (row: unknown) => {
      if (owner === undefined) throw new TypeError(`The tool ${name} is ownerless.`)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rows of what `run` returned
      return owner(row as Parameters<typeof owner>[0])
    },
  })
}

function requireParts<Input, Output>(definition: ToolDefinition<Input, Output>): void {
  const { name, description, risk, role, owner, ownerless, input } = definition
  if (typeof name !== 'string' || !toolName.test(name))
    throw new TypeError('defineTool() needs a name of letters, digits, _ and -.')
  if (typeof description !== 'string' || description === '')
    throw new TypeError(`The tool ${name} needs a description.`)
  if (risk !== 'read' && risk !== 'write' && risk !== 'sensitive')
    throw new TypeError(`The tool ${name} needs a risk: read, write or sensitive.`)
  if (typeof role !== 'string' || role === '')
    throw new TypeError(`The tool ${name} needs the least role that may call it.`)
  if ((typeof owner === 'function') === (typeof ownerless === 'string' && ownerless !== '')) {
    throw new TypeError(`The tool ${name} needs either owner(row), or ownerless with the reason.`)
  }
  if ((typeof definition.run === 'function') === (typeof definition.change === 'function'))
    throw new TypeError(`The tool ${name} needs either run(), or change() on tables of your own.`)
  if (definition.change !== undefined && risk === 'read')
    throw new TypeError(`The tool ${name} changes something, so its risk is write or sensitive.`)
  requireLimits(definition)
  if (typeof input?.['~standard']?.validate !== 'function')
    throw new TypeError(`The tool ${name} needs an input of a Standard Schema library.`)
  if (typeof input['~standard'].jsonSchema?.output !== 'function')
    throw new TypeError(
      `The tool ${name} needs an input that speaks Standard JSON Schema too: valibot does through toStandardJsonSchema().`,
    )
}

function requireLimits({
  name,
  plans,
  regions,
  approver = 'admin',
  timeLimit,
}: Pick<ToolSettings<unknown>, 'name' | 'plans' | 'regions' | 'approver' | 'timeLimit'>): void {
  for (const list of [plans, regions])
    if (list !== undefined && (!Array.isArray(list) || list.some((each) => typeof each !== 'string')))
      throw new TypeError(`The tool ${name} needs plans and regions to be lists of names.`)
  if (!roleReaches('owner', approver))
    throw new TypeError(`The tool ${name} needs an approver that is a built-in role.`)
  if (timeLimit !== undefined && !(Number.isSafeInteger(timeLimit) && timeLimit > 0 && timeLimit <= longestCall))
    throw new TypeError(`The tool ${name} needs a timeLimit of milliseconds, ${longestCall} at most.`)
}

/** How long a call may take at most, in milliseconds: a day. */
export const longestCall = 24 * 60 * 60_000

// The only place where what a schema has parsed gets its type back: every call validates first.
function workOf<Input, Output>(work: ToolWork<Input, Output>): Pick<Tool, 'run' | 'lookup' | 'change'> {
  /* oxlint-disable typescript/no-unsafe-type-assertion -- only called with what `validate` returned */
  if (work.change !== undefined) {
    const changing: Tool['change'] = (transaction, value, resources) =>
      work.change(transaction, value as Input, resources)
    return { change: changing, run: undefined, lookup: undefined }
  }
  const looking: Tool['lookup'] = async (value, context) => await work.lookup?.(value as Input, context)
  return {
    change: undefined,
    run: (value, context) => work.run(value as Input, context),
    lookup: 'lookup' in work ? looking : undefined,
  }
  /* oxlint-enable typescript/no-unsafe-type-assertion */
}

function readSchema(name: string, input: StandardJSONSchemaV1, direction: 'input' | 'output'): JsonSchema {
  try {
    const schema: unknown = input['~standard'].jsonSchema[direction]({ target: 'draft-2020-12' })
    if (isSchema(schema)) return schema
  } catch (error) {
    throw new TypeError(
      `The marks of the tool ${name} cannot be read back from its schema: leave out transforms and sets.`,
      {
        cause: error,
      },
    )
  }
  throw new TypeError(`The schema of the tool ${name} has no JSON Schema.`)
}

// What cannot be read, or is lost on the way from the model to the tool, would be an id that nobody checks.
function requireMarks(name: string, shown: JsonSchema, parsed: JsonSchema): readonly string[] {
  try {
    readMarks(shown)
    const types = readMarks(parsed)
    const lost = findLostMark(shown, parsed)
    if (lost === undefined) return types
    throw new TypeError(`parsing loses the mark at ${lost}`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it is no JSON Schema'
    throw new TypeError(`The marks of the tool ${name} cannot be read back from its schema: ${reason}.`, {
      cause: error,
    })
  }
}

function requireNoUnmarked(name: string, schemas: readonly JsonSchema[]): void {
  for (const schema of schemas) {
    const place = findUnmarkedId(schema)
    if (place !== undefined)
      throw new TypeError(
        `The tool ${name} takes an id that nobody would look up: ${place}. Mark it: resourceId('ticket') with zod, or the metadata resource('ticket'). Where it is no customer's record, say why: notAResource('…').`,
      )
  }
}

function requireNoReserved(name: string, schemas: readonly JsonSchema[]): void {
  for (const schema of schemas) {
    for (const property of propertyNamesOf(schema)) {
      if (isReservedName(property))
        throw new TypeError(
          `The tool ${name} asks the model for ${property}, which only the boundary decides. Take it out of the schema: run() is given the boundary. Where it is something else, give it another name.`,
        )
    }
  }
}
