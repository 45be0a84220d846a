import { readPattern, writePattern } from './id-pattern.ts'
import type { WrittenPattern } from './id-pattern.ts'

/** The key of a mark in a JSON Schema. It stays on the server: what the model is shown has it taken out. */
const markKey = 'x-resource'

/** The key that says of something with the name of an id that it is no record's. */
const notMarkedKey = 'x-not-a-resource'

/** What a string is that has ids inside. */
type TextKind = 'text' | 'url'

// The type is part of the key: a text may name records of several types, and of two marks that are spread into one
// object none may replace the other.
const markInKey = /^x-resource-in-(text|url):(.*)$/s

const markType = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/**
 * Metadata that marks a string of a schema as the id of a customer's record: `z.string().meta(resource('ticket'))`,
 * `v.pipe(v.string(), v.metadata(resource('ticket')))`, `type('string').configure(resource('ticket'))`.
 *
 * The mark comes last on its string: what a library makes of a marked string afterwards may be unmarked (arktype's
 * `.and()` and `.or()`, a template literal of zod).
 *
 * @param type the type of record, for which `tools()` has a resolver
 */
// `description` is never there: it lets arktype, which lists the keys it knows, take a mark.
export function resource(type: string): { readonly 'x-resource': string; readonly description?: string } {
  if (typeof type !== 'string' || !markType.test(type)) {
    throw new TypeError('resource() needs a type: a name of letters, digits, _ and -.')
  }
  return { [markKey]: type }
}

/** Metadata of a string that has ids inside. */
export type MarkInside<Kind extends TextKind> = {
  readonly [key in `x-resource-in-${Kind}:${string}`]: WrittenPattern
} & { readonly description?: string }

/**
 * Metadata that marks a text in which ids of customers' records may stand, such as a comment that mentions tickets:
 * `z.string().meta(resourceInText('ticket', /#(T-\d+)/))`. Each match is an id, resolved like any other; there may be none.
 * For records of several types spread several marks into one object.
 *
 * The tool must look for ids by the same pattern: what the pattern does not match, nobody resolves.
 *
 * @param type the type of record, for which `tools()` has a resolver
 * @param pattern what an id looks like; its first group is the id, or the whole match where it has none
 */
export function resourceInText(type: string, pattern: RegExp): MarkInside<'text'> {
  return markInside('text', type, pattern)
}

/**
 * Metadata that marks a URL that names customers' records: `z.string().meta(resourceInUrl('ticket', /^\/tickets\/([^/?]+)/))`.
 * The pattern is matched with path and query together, percent-decoded; there must be a match, and each is an id. A
 * URL that can be read in more than one way is refused: not in its normal form, encoded twice or with encoded separators,
 * with a fragment, userinfo, `;`, `+` or a parameter twice.
 *
 * @param type the type of record, for which `tools()` has a resolver
 * @param pattern begins with `^` where the path says which record it is; its first group is the id, or the whole match
 *   where it has none
 */
export function resourceInUrl(type: string, pattern: RegExp): MarkInside<'url'> {
  return markInside('url', type, pattern)
}

function markInside<Kind extends TextKind>(kind: Kind, type: string, pattern: RegExp): MarkInside<Kind> {
  const maker = kind === 'text' ? 'resourceInText()' : 'resourceInUrl()'
  if (typeof type !== 'string' || !markType.test(type))
    throw new TypeError(`${maker} needs a type: a name of letters, digits, _ and -.`)
  try {
    const mark: Readonly<Record<string, WrittenPattern>> = { [`x-resource-in-${kind}:${type}`]: writePattern(pattern) }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler takes a key that is put together for any
    return mark as MarkInside<Kind>
  } catch (error) {
    throw new TypeError(`${maker} needs ${error instanceof Error ? error.message : 'a pattern'}.`, { cause: error })
  }
}

/**
 * Metadata that says of a string, a number, or a list or record of them, that it is no customer's record although its name
 * says so: `z.string().meta(notAResource('the country of an address, by its ISO code'))`. Nobody resolves it then.
 *
 * @param reason why, for whoever reviews the tool
 */
export function notAResource(reason: string): { readonly 'x-not-a-resource': string; readonly description?: string } {
  if (typeof reason !== 'string' || reason.trim() === '') throw new TypeError('notAResource() needs the reason.')
  return { [notMarkedKey]: reason }
}

/** A JSON Schema, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>>

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a schema says of the ids in a string. */
export interface Mark {
  readonly type: string
  /** where the ids stand; the whole string is one where absent */
  readonly within?: { readonly kind: TextKind; readonly pattern: RegExp }
}

const marksBySchema = new WeakMap<JsonSchema, readonly Mark[]>()

/**
 * The marks of a schema itself.
 *
 * @throws {TypeError} saying of a mark that cannot be read what is wrong with it
 */
export function marksOf(schema: JsonSchema): readonly Mark[] {
  const known = marksBySchema.get(schema)
  if (known !== undefined) return known
  const marks = markKeysOf(schema).map((key) => readMark(key, schema[key]))
  if (marks.length > 1 && marks.some(({ within }) => within === undefined))
    throw new TypeError('says both that the text is an id and that it holds some')
  marksBySchema.set(schema, marks)
  return marks
}

function readMark(key: string, value: unknown): Mark {
  const [, kind, type = value] = markInKey.exec(key) ?? []
  if (typeof type !== 'string' || !markType.test(type)) throw new TypeError('names no type')
  if (key === markKey) return { type }
  const pattern = readPattern(value)
  if (pattern === undefined) throw new TypeError('has no pattern')
  return { type, within: { kind: kind === 'url' ? 'url' : 'text', pattern } }
}

function markKeysOf(schema: JsonSchema): readonly string[] {
  return Object.keys(schema).filter(isMarkKey)
}

// Also one with a mistake in it, so that it is told.
function isMarkKey(key: string): boolean {
  return key === markKey || key.startsWith('x-resource-in')
}

/** Says whether a schema itself tells of a string that it is an id or holds some, or of what it describes that it is none. */
export function isMarked(schema: JsonSchema): boolean {
  return notMarkedKey in schema || markKeysOf(schema).length > 0
}

/**
 * Lists the types of record that a schema marks, once everything about its marks was found to be readable.
 *
 * @throws {TypeError} saying where a mark stands that no call would resolve: beneath a keyword that is not read, behind a
 *   reference that leads nowhere, on something else than a string, or with another value than a type or a pattern
 */
export function readMarks(root: JsonSchema): readonly string[] {
  const reached = reachableFrom(root)
  const types = new Set<string>()
  for (const { schema, path } of holdersOf(root)) {
    const marks = marksAt(schema, path)
    if (!reached.has(schema)) throw new TypeError(`the mark at ${path} stands where no input is compared with it`)
    if (!holdsText(root, schema)) throw new TypeError(`the mark at ${path} stands on something else than a string`)
    for (const { type } of marks) types.add(type)
  }
  return [...types]
}

function marksAt(schema: JsonSchema, path: string): readonly Mark[] {
  try {
    return marksOf(schema)
  } catch (error) {
    throw new TypeError(`the mark at ${path} ${error instanceof Error ? error.message : 'is none'}`, { cause: error })
  }
}

/**
 * Finds a mark that the model's side of a schema has, and its parsed side lacks at the same place: an id that nobody
 * would check. Both are walked together, so that neither a shared definition nor another branch can stand in for it.
 *
 * @returns the place of the first lost mark, or `undefined`
 */
export function findLostMark(shown: JsonSchema, parsed: JsonSchema): string | undefined {
  const compared = new Map<JsonSchema, Set<JsonSchema | undefined>>()
  const compare = (one: JsonSchema, other: JsonSchema | undefined, path: string): string | undefined => {
    const seen = compared.get(one) ?? new Set()
    if (seen.has(other)) return undefined
    compared.set(one, seen.add(other))
    if (markKeysOf(one).some((key) => !isSame(one[key], other?.[key]))) return path
    const parts = new Map(other === undefined ? [] : partsOf(parsed, other))
    for (const [step, part] of partsOf(shown, one)) {
      const lost = compare(part, parts.get(step), `${path}/${step}`)
      if (lost !== undefined) return lost
    }
    return undefined
  }
  return compare(shown, parsed, '#')
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

/** Lists the property names that a schema asks for, at any depth. */
export function propertyNamesOf(root: JsonSchema): ReadonlySet<string> {
  const names = [...reachableFrom(root)].flatMap((schema) => {
    const keys = isSchema(schema['propertyNames']) ? schema['propertyNames'] : {}
    const listed = [
      ...(isSchema(schema['properties']) ? Object.keys(schema['properties']) : []),
      ...listOf(schema['required']),
      ...listOf(keys['enum']),
      keys['const'],
    ]
    return listed.filter((name) => typeof name === 'string')
  })
  return new Set(names)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A copy of a schema without its marks: a model that knows which fields are ids, and of what, is told more than it needs. */
export function withoutMarks(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, part]) =>
      isMarkKey(name) || name === notMarkedKey ? [] : [[name, unmarked(part)] as const],
    ),
  )
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked)
  return isSchema(value) ? withoutMarks(value) : value
}

/**
 * The schema that a local reference names (`#/$defs/Node`).
 *
 * @throws {TypeError} when it leads nowhere: what it stands for could hold a mark
 */
export function followReference(root: JsonSchema, reference: unknown): JsonSchema {
  if (typeof reference === 'string' && /^#(?:\/|$)/.test(reference)) {
    let found: unknown = root
    for (const part of reference.slice(1).split('/').slice(1)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
      found =
        typeof found === 'object' && found !== null && Object.hasOwn(found, name) ? Reflect.get(found, name) : undefined
    }
    if (isSchema(found)) return found
  }
  throw new TypeError('it refers to a schema that is not there')
}

/** The keywords by which a schema describes parts of a value, or the value once more; each is walked with the input. */
export const branchKeywords = ['anyOf', 'oneOf', 'allOf'] as const
const namedKeywords = ['properties', 'patternProperties'] as const
const listedKeywords = ['prefixItems', ...branchKeywords] as const
const singleKeywords = ['items', 'additionalProperties', 'propertyNames'] as const

function* partsOf(root: JsonSchema, schema: JsonSchema): Iterable<readonly [step: string, part: JsonSchema]> {
  if ('$dynamicRef' in schema || '$recursiveRef' in schema) throw new TypeError('it has a dynamic reference')
  for (const keyword of namedKeywords) yield* schemasIn(keyword, schema[keyword])
  for (const keyword of listedKeywords) yield* schemasIn(keyword, schema[keyword])
  for (const keyword of singleKeywords) {
    const part = schema[keyword]
    if (isSchema(part)) yield [keyword, part]
  }
  if ('$ref' in schema) yield ['$ref', followReference(root, schema['$ref'])]
}

function* schemasIn(keyword: string, parts: unknown): Iterable<readonly [string, JsonSchema]> {
  if (typeof parts !== 'object' || parts === null) return
  for (const [name, part] of Object.entries(parts)) if (isSchema(part)) yield [`${keyword}/${name}`, part]
}

function reachableFrom(root: JsonSchema): ReadonlySet<JsonSchema> {
  const reached = new Set([root])
  for (const schema of reached) for (const [, part] of partsOf(root, schema)) reached.add(part)
  return reached
}

// Every object that has a mark, whatever it lies in; what lies beneath `default` and the like is data, not schema.
const dataKeywords = new Set(['default', 'const', 'enum', 'examples'])

function holdersOf(root: JsonSchema): readonly { readonly schema: JsonSchema; readonly path: string }[] {
  const holders: { schema: JsonSchema; path: string }[] = []
  const seen = new Set<unknown>()
  const walk = (value: unknown, path: string, named: boolean): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    // A property may have the name of a mark, or of a keyword.
    if (!named && isSchema(value) && markKeysOf(value).length > 0) holders.push({ schema: value, path })
    for (const [name, part] of Object.entries(value)) {
      if (named || !dataKeywords.has(name)) walk(part, `${path}/${name}`, !named && namesParts.has(name))
    }
  }
  walk(root, '#', false)
  return holders
}

const namesParts = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])

// A string, or one of several: null stands for its absence.
function holdsText(root: JsonSchema, schema: JsonSchema, above: readonly JsonSchema[] = []): boolean {
  if (above.includes(schema)) return false
  const deeper = (part: unknown) => isSchema(part) && holdsText(root, part, [...above, schema])
  const type = schema['type']
  if (type !== undefined) return [type].flat().every((name) => name === 'string' || name === 'null')
  if (Array.isArray(schema['enum'])) return schema['enum'].every((value) => typeof value === 'string' || value === null)
  if ('const' in schema) return typeof schema['const'] === 'string' || schema['const'] === null
  if ('$ref' in schema) return deeper(followReference(root, schema['$ref']))
  if (Array.isArray(schema['allOf'])) return schema['allOf'].some(deeper)
  const branches: unknown = schema['anyOf'] ?? schema['oneOf']
  return Array.isArray(branches) && branches.length > 0 && branches.every(deeper)
}
