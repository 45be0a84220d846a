import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import type { Row, Transaction } from '../../store/index.ts'
import type { UsableSurface } from '../surface.ts'
import { isReservedName } from './reserved-arguments.ts'
import { findLostMark, isSchema, propertyNamesOf, readMarks, withoutMarks } from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'
import { findUnmarkedId } from './unmarked-ids.ts'

/** How far a tool's effect goes: it reads; it writes what can be written again; or it does what a person must consent to. */
export type ToolRisk = 'read' | 'write' | 'sensitive'

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
  /** Aborted when the run ends. */
  readonly signal: AbortSignal
}

interface ToolSettings<Input, Output> {
  /** letters, digits, `_` and `-`; what `allowedToolIds` names */
  readonly name: string
  /** what the model is told */
  readonly description: string
  /** the input, with every id of a customer's record marked, and what only looks like one said to be none */
  readonly input: ToolSchema<Input>
  /** `false` takes the names of ids without a mark: nobody resolves what stands under them; `true` where absent */
  readonly strict?: boolean
  readonly risk: ToolRisk
  /** the least role that may call it */
  readonly role: string
  run(input: Input, context: ToolContext): Promise<Output>
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

export type ToolDefinition<Input, Output> = ToolSettings<Input, Output> & ResultOwner<Output>

/** A tool that passed its checks. Its input and output are unknown to whoever calls it: each call validates them. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly risk: ToolRisk
  readonly role: string
  readonly ownerless: string | undefined
  /** the types of record that its input can name */
  readonly resourceTypes: readonly string[]
  /** the JSON Schema of the parsed input, with its marks */
  readonly parsedSchema: JsonSchema
  /** the JSON Schema that the model is shown, without them */
  readonly inputSchema: JsonSchema
  validate(input: unknown): Promise<StandardSchemaV1.Result<unknown>>
  run(input: unknown, context: ToolContext): Promise<unknown>
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
  const { name, description, input, risk, role, owner, ownerless } = definition
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
    inputSchema: withoutMarks(shown),
    validate: async (value: unknown) => input['~standard'].validate(value),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only called with what `validate` returned
    run: (value: unknown, context: ToolContext) => definition.run(value as Input, context),
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
  if (typeof definition.run !== 'function') throw new TypeError(`The tool ${name} needs run().`)
  if (typeof input?.['~standard']?.validate !== 'function')
    throw new TypeError(`The tool ${name} needs an input of a Standard Schema library.`)
  if (typeof input['~standard'].jsonSchema?.output !== 'function')
    throw new TypeError(
      `The tool ${name} needs an input that speaks Standard JSON Schema too: valibot does through toStandardJsonSchema().`,
    )
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
