import { InvalidInput } from '../../errors.ts'
import { followReference, isSchema, markKey } from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'

/** An id that an input holds at a marked place. */
export interface ResourceHit {
  readonly type: string
  readonly id: string
}

/**
 * Finds every id of an input: at any depth, in arrays, tuples, records (values and keys) and unions. Where branches of a
 * union disagree, each that the value could be counts, so an id is rather checked once too often.
 *
 * @param schema the JSON Schema of the parsed input
 * @param value the parsed input
 * @throws {InvalidInput} when a marked place holds something else than a string
 */
export function findResources(schema: JsonSchema, value: unknown): readonly ResourceHit[] {
  const hits = new Map<string, ResourceHit>()
  walk(schema, schema, value, (type, id) => hits.set(JSON.stringify([type, id]), { type, id }))
  return [...hits.values()]
}

type Found = (type: string, id: string) => void

function walk(root: JsonSchema, schema: unknown, value: unknown, found: Found): void {
  if (!isSchema(schema) || value === undefined || value === null) return
  const type = schema[markKey]
  if (typeof type === 'string') found(type, requireText(value))
  walk(root, followReference(root, schema['$ref']), value, found)
  for (const name of ['anyOf', 'oneOf', 'allOf']) {
    const branches: unknown = schema[name]
    if (!Array.isArray(branches)) continue
    for (const branch of branches) if (couldBe(root, branch, value)) walk(root, branch, value, found)
  }
  if (Array.isArray(value)) walkItems(root, schema, value, found)
  else if (typeof value === 'object') walkMembers(root, schema, value, found)
}

function walkItems(root: JsonSchema, schema: JsonSchema, items: readonly unknown[], found: Found): void {
  const leading: unknown = schema['prefixItems']
  for (const [at, item] of items.entries()) {
    const own: unknown = Array.isArray(leading) ? leading[at] : undefined
    walk(root, own ?? schema['items'], item, found)
  }
}

function walkMembers(root: JsonSchema, schema: JsonSchema, value: object, found: Found): void {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const patterns = isSchema(schema['patternProperties']) ? Object.values(schema['patternProperties']) : []
  for (const [name, member] of Object.entries(value)) {
    walk(root, schema['propertyNames'], name, found)
    if (Object.hasOwn(properties, name)) walk(root, properties[name], member, found)
    else walk(root, schema['additionalProperties'], member, found)
    // Every pattern, without asking which one matches: an id is rather checked once too often.
    for (const part of patterns) walk(root, part, member, found)
  }
}

// A branch is left out only where validation could not have taken it: a constant that the value does not have, or
// another kind of value.
function couldBe(root: JsonSchema, branch: unknown, value: unknown): boolean {
  const schema = isSchema(branch) && '$ref' in branch ? followReference(root, branch['$ref']) : branch
  if (!isSchema(schema)) return true
  if (schema['type'] === 'array') return Array.isArray(value)
  if (schema['type'] === 'object') return typeof value === 'object' && !Array.isArray(value) && hasConstants(schema, value)
  if (schema['type'] === 'string') return typeof value === 'string'
  return true
}

function hasConstants(schema: JsonSchema, value: unknown): boolean {
  if (!isSchema(schema['properties']) || !isSchema(value)) return true
  return Object.entries(schema['properties']).every(([name, part]) => !isSchema(part) || !('const' in part) || part['const'] === value[name])
}

function requireText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new InvalidInput('input', 'text wherever an id stands')
  return value
}
