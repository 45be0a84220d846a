import { InvalidInput } from '../../errors.ts'
import { branchKeywords, followReference, isSchema, markKey } from './schema-marks.ts'
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
 * @param schema the JSON Schema of the parsed input; one with marks
 * @param value the parsed input
 * @throws {InvalidInput} when a marked place holds something else than a string, or the input has a part that the schema
 *   is silent about: whether an id stands there cannot be told
 */
export function findResources(schema: JsonSchema, value: unknown): readonly ResourceHit[] {
  const hits = new Map<string, ResourceHit>()
  walk(schema, [schema], value, (type, id) => hits.set(JSON.stringify([type, id]), { type, id }))
  return [...hits.values()]
}

type Found = (type: string, id: string) => void

function walk(root: JsonSchema, schemas: readonly unknown[], value: unknown, found: Found): void {
  if (value === undefined || value === null) return
  const applied = appliedTo(root, schemas, value)
  for (const schema of applied) {
    const type = schema[markKey]
    if (typeof type === 'string') found(type, requireText(value))
  }
  if (applied.length === 0) return // open on purpose, and so are its parts
  if (Array.isArray(value)) walkItems(root, applied, value, found)
  else if (typeof value === 'object') walkMembers(root, applied, value, found)
}

function walkItems(root: JsonSchema, applied: readonly JsonSchema[], items: readonly unknown[], found: Found): void {
  for (const [at, item] of items.entries()) {
    const parts = applied.flatMap((schema) => {
      const leading: unknown = schema['prefixItems']
      const own: unknown = Array.isArray(leading) ? leading[at] : undefined
      return listed(own ?? schema['items'])
    })
    requireDescribed(parts, applied)
    walk(root, parts, item, found)
  }
}

function walkMembers(root: JsonSchema, applied: readonly JsonSchema[], value: object, found: Found): void {
  for (const [name, member] of Object.entries(value)) {
    for (const schema of applied) walk(root, [schema['propertyNames']], name, found)
    const parts = applied.flatMap((schema) => memberSchemas(schema, name))
    requireDescribed(parts, applied)
    walk(root, parts, member, found)
  }
}

function memberSchemas(schema: JsonSchema, name: string): readonly unknown[] {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  // Every pattern, without asking which one matches: an id is rather checked once too often.
  const patterns = isSchema(schema['patternProperties']) ? Object.values(schema['patternProperties']) : []
  const own = Object.hasOwn(properties, name) ? properties[name] : schema['additionalProperties']
  return [...listed(own), ...patterns]
}

// `false` describes nothing: a part that stands there all the same has passed a validation that its schema denies.
function listed(schema: unknown): readonly unknown[] {
  return schema === undefined || schema === false ? [] : [schema]
}

// A schema without any word about parts is open on purpose; one that names parts and leaves others out is not.
function requireDescribed(parts: readonly unknown[], applied: readonly JsonSchema[]): void {
  if (parts.length > 0 || applied.some((schema) => !partKeywords.some((keyword) => keyword in schema))) return
  throw new InvalidInput('input', 'nothing that its schema does not describe')
}

const partKeywords = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'prefixItems',
  'items',
  '$ref',
  ...branchKeywords,
]

// The schemas that speak about one value: those given, what they refer to, and the branches that it could be.
function appliedTo(root: JsonSchema, schemas: readonly unknown[], value: unknown): readonly JsonSchema[] {
  const applied = new Set(schemas.filter(isSchema))
  for (const schema of applied) {
    if ('$ref' in schema) applied.add(followReference(root, schema['$ref']))
    for (const keyword of branchKeywords) {
      const branches: unknown = schema[keyword]
      if (!Array.isArray(branches)) continue
      for (const branch of branches.filter(isSchema)) if (couldBe(root, branch, value)) applied.add(branch)
    }
  }
  return [...applied]
}

// A branch is left out only where validation could not have taken it: another kind of value, or another constant than
// the one that tells the branches apart.
function couldBe(root: JsonSchema, branch: JsonSchema, value: unknown): boolean {
  const schema = '$ref' in branch ? followReference(root, branch['$ref']) : branch
  if (schema['type'] === 'array') return Array.isArray(value)
  if (schema['type'] === 'string') return typeof value === 'string'
  if (schema['type'] !== 'object') return true
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !contradicts(schema, value)
}

function contradicts(schema: JsonSchema, value: object): boolean {
  if (!isSchema(schema['properties'])) return false
  return Object.entries(schema['properties']).some(([name, part]) => {
    if (!isSchema(part) || !Object.hasOwn(value, name)) return false
    const allowed: unknown = 'const' in part ? [part['const']] : part['enum']
    return Array.isArray(allowed) && allowed.every(isPlain) && !allowed.includes(Reflect.get(value, name))
  })
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

function requireText(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new InvalidInput('input', 'text wherever an id stands')
  return value
}
