import type { ModelTool } from './model-reading.ts'

/** A place in the argument object of a tool that an id or a text can be put into. */
export interface Slot {
  /** names of members, from the outside in */
  readonly path: readonly string[]
  readonly kind: 'text' | 'list' | 'number'
  /** whose id the name of the place asks for; `other` for anything else */
  readonly asks: 'tenant' | 'workspace' | 'user' | 'other'
  readonly required: boolean
}

/** How deep argument objects are looked into: deeper ones are hardly written, and a schema may refer to itself. */
const deepest = 4

/** Finds every place of a tool's arguments that takes a text, a number or a list of texts. */
export function slotsOf(tool: ModelTool): readonly Slot[] {
  return slotsIn(tool.inputSchema, [], true)
}

function slotsIn(schema: unknown, path: readonly string[], required: boolean): readonly Slot[] {
  if (path.length >= deepest) return []
  const must = listOf(record(schema)['required'])
  return Object.entries(record(record(schema)['properties'])).flatMap(([name, member]) => {
    const at = [...path, name]
    const isRequired = required && must.includes(name)
    if (choicesOf(member).length > 0) return []
    const slot = { path: at, asks: asks(name), required: isRequired }
    return branchesOf(member).flatMap((branch): readonly Slot[] => {
      const types = typesOf(branch)
      if (types.includes('object')) return slotsIn(branch, at, isRequired)
      if (types.includes('array')) return [{ ...slot, kind: 'list' }]
      if (types.includes('string') || types.length === 0) return [{ ...slot, kind: 'text' }]
      return types.includes('number') || types.includes('integer') ? [{ ...slot, kind: 'number' }] : []
    })
  })
}

/** A value that the schema takes for an argument, for those that are required. */
export function fillRequired(schema: unknown, text: (name: string) => string, depth = 0): Record<string, unknown> {
  const properties = record(record(schema)['properties'])
  const names = listOf(record(schema)['required']).filter((name) => Object.hasOwn(properties, name))
  return Object.fromEntries(names.map((name) => [name, fillOne(properties[name], text(name), text, depth)]))
}

function fillOne(schema: unknown, given: string, text: (name: string) => string, depth: number): unknown {
  const members = record(schema)
  if ('const' in members) return members['const']
  const [choice] = choicesOf(schema)
  if (choice !== undefined) return choice
  const [branch] = branchesOf(schema)
  const [type] = typesOf(branch)
  if (type === 'object') return depth < deepest ? fillRequired(branch, text, depth + 1) : {}
  if (type === 'array') return [fillOne(record(branch)['items'], given, text, depth + 1)]
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') {
    const { minimum } = record(branch)
    return typeof minimum === 'number' ? minimum : 1
  }
  return type === 'null' ? null : given
}

/** Puts a value into a copy of an argument object. */
export function putInto(input: Readonly<Record<string, unknown>>, path: readonly string[], value: unknown) {
  const [name = '', ...rest] = path
  const inner: unknown = rest.length === 0 ? value : putInto(record(input[name]), rest, value)
  return { ...input, [name]: inner }
}

// As an app may call them.
function asks(name: string): Slot['asks'] {
  if (/tenant|org|account|customer|company/i.test(name)) return 'tenant'
  if (/workspace|team|project|space/i.test(name)) return 'workspace'
  return /user|member|person|owner|author|actor/i.test(name) ? 'user' : 'other'
}

function branchesOf(schema: unknown): readonly unknown[] {
  const { anyOf, oneOf } = record(schema)
  const branches = [anyOf, oneOf].flatMap((each): unknown[] => (Array.isArray(each) ? each : []))
  return branches.length > 0 ? branches : [schema]
}

function typesOf(schema: unknown): readonly string[] {
  const { type, properties, items } = record(schema)
  if (type === undefined && properties !== undefined) return ['object']
  if (type === undefined && items !== undefined) return ['array']
  return typeof type === 'string' ? [type] : listOf(type)
}

function choicesOf(schema: unknown): readonly string[] {
  return listOf(record(schema)['enum'])
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
