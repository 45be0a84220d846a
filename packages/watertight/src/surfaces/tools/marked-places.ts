import { InvalidInput } from '../../errors.ts'
import { branchKeywords, followReference, isSchema, marksOf } from './schema-marks.ts'
import type { JsonSchema, Mark } from './schema-marks.ts'

/** How a value is walked along its schema. */
export interface Walk {
  /** the JSON Schema of the value; one with marks */
  readonly schema: JsonSchema
  /** the name to give in a refusal */
  readonly field: string
  /** what to do with a part that the schema is silent about: whether an id stands there cannot be told */
  readonly undescribed: 'refuse' | 'leave'
  /** told of each marked text, with every mark that may be meant, and gives what shall stand there */
  readonly change: (marks: readonly Mark[], text: string) => string
}

/**
 * Walks a value to every marked text: at any depth, in arrays, tuples, records (values and keys) and unions. Where branches
 * of a union disagree, each that the value could be counts.
 *
 * @returns the value with what `change` gave; the very value where nothing changed
 * @throws {InvalidInput} when a marked place holds something else than a text, the value has a part that the schema is
 *   silent about, or two names of an object become one
 */
export function changeMarked(walk: Walk, value: unknown): unknown {
  return walkValue(walk, [walk.schema], value)
}

function walkValue(walk: Walk, schemas: readonly unknown[], value: unknown): unknown {
  if (value === undefined || value === null) return value
  const applied = appliedTo(walk.schema, schemas, value)
  if (applied.length === 0) return value // open on purpose, and so are its parts
  const marks = applied.flatMap(marksOf)
  if (marks.length > 0) return walk.change(marks, requireText(walk, marks, value))
  if (Array.isArray(value)) return walkItems(walk, applied, value)
  return typeof value === 'object' ? walkMembers(walk, applied, value) : value
}

function walkItems(walk: Walk, applied: readonly JsonSchema[], items: readonly unknown[]): unknown {
  const changed = Array.from(items, (item, at) => {
    const parts = applied.flatMap((schema) => {
      const leading: unknown = schema['prefixItems']
      const own: unknown = Array.isArray(leading) ? leading[at] : undefined
      return listed(own ?? schema['items'])
    })
    requireDescribed(walk, parts, applied)
    return walkValue(walk, parts, item)
  })
  return changed.some((item, at) => item !== items[at]) ? changed : items
}

function walkMembers(walk: Walk, applied: readonly JsonSchema[], value: object): unknown {
  let isChanged = false
  const names = applied.flatMap((schema) => listed(schema['propertyNames']))
  const changed = new Map<unknown, unknown>()
  for (const [name, member] of Object.entries(value)) {
    const newName = walkValue(walk, names, name)
    const parts = applied.flatMap((schema) => memberSchemas(schema, name))
    requireDescribed(walk, parts, applied)
    const newMember = walkValue(walk, parts, member)
    isChanged ||= newName !== name || newMember !== member
    if (changed.has(newName)) throw new InvalidInput(walk.field, 'an object that names nothing twice')
    changed.set(newName, newMember)
  }
  return isChanged ? Object.fromEntries(Array.from(changed, ([name, member]) => [String(name), member])) : value
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
function requireDescribed(walk: Walk, parts: readonly unknown[], applied: readonly JsonSchema[]): void {
  if (walk.undescribed === 'leave') return
  if (parts.length > 0 || applied.some((schema) => !partKeywords.some((keyword) => keyword in schema))) return
  throw new InvalidInput(walk.field, 'nothing that its schema does not describe')
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

function requireText(walk: Walk, marks: readonly Mark[], value: unknown): string {
  const isId = marks.some(({ within }) => within === undefined)
  if (typeof value !== 'string' || (isId && value === ''))
    throw new InvalidInput(walk.field, 'text wherever an id stands')
  return value
}
