import { wordsOf } from './owner-names.ts'
import { branchKeywords, followReference, isMarked, isSchema } from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'

/**
 * Finds a place where a schema takes an id that nobody would resolve: what stands under a name that says so (`ticketId`,
 * `user_ids`, `uuid`), or has the format of one, and is neither marked nor said to be no record's. What the schema lists
 * itself, as an enum does, is the app's own choice.
 *
 * OWASP API1:2023, broken object level authorization: the id that is not checked is the one that nobody noticed.
 *
 * @returns the place, or `undefined`
 */
export function findUnmarkedId(root: JsonSchema): string | undefined {
  const walked = new Map<string, Set<JsonSchema>>()
  const walk = (schema: unknown, path: string, named: boolean, above: boolean): string | undefined => {
    const seen = walked.get(`${named} ${above}`) ?? new Set()
    if (!isSchema(schema) || seen.has(schema)) return undefined
    walked.set(`${named} ${above}`, seen.add(schema))
    const spokenFor = above || isSpokenFor(schema)
    if (isLeaf(schema) && !spokenFor && (named || hasIdFormat(schema))) return path
    for (const inside of insideOf(root, schema, named)) {
      // What is said of a list or a record is said of what it holds, and not of the members of an object in it.
      const found = walk(inside.part, path + inside.step, inside.named, inside.isMember === true ? false : spokenFor)
      if (found !== undefined) return found
    }
    return undefined
  }
  return walk(root, 'input', false, false)
}

/** Says whether a name is that of an id: its last word is one, or it is written in one with a common noun. */
export function isIdName(name: string): boolean {
  const words = wordsOf(name)
  const lasts = [-1, -2].map((from) => words.slice(from).join('')) // `ticketIDs` is taken apart as ticket, i, ds
  return lasts.some((word) => idWord.test(word)) || joined.test(words.join(''))
}

const idWord = /^(?:(?:uu?|gu|ul|cu|nano|o)?id|pk|identifier)s?$/
// Without a capital or a separator `-id` ends many other words: paid, valid, grid.
const joined =
  /(?:account|agent|answer|approval|article|asset|attachment|booking|case|chat|client|comment|company|contact|contract|conversation|customer|deal|device|document|doc|email|employee|event|file|folder|group|image|invoice|issue|item|job|lead|link|member|memory|message|node|note|object|order|page|parent|patient|payment|person|post|product|profile|project|record|report|request|resource|row|run|session|site|subscription|task|team|thread|ticket|token|transaction|user|vendor)s?(?:uu|gu)?ids?$/

function hasIdFormat({ format }: JsonSchema): boolean {
  return typeof format === 'string' && idFormat.test(format)
}

const idFormat = /^(?:uuid|guid|ulid|cuid2?|nanoid|xid|ksuid)$/

function isSpokenFor(schema: JsonSchema): boolean {
  if (isMarked(schema) || 'enum' in schema || 'const' in schema) return true
  return Array.isArray(schema['allOf']) && schema['allOf'].some((part) => isSchema(part) && isSpokenFor(part))
}

const containers = new Set<unknown>(['object', 'array', 'boolean', 'null'])

// Text or a number, also beside something else; without a type, whatever else is said of it, it may be either.
function isLeaf(schema: JsonSchema): boolean {
  if ('$ref' in schema || branchKeywords.some((keyword) => keyword in schema)) return false
  return [schema['type']].flat().some((type) => !containers.has(type))
}

interface Inside {
  readonly step: string
  readonly part: unknown
  /** whether what stands there is an id by its name */
  readonly named: boolean
  /** it is a member that an object names */
  readonly isMember?: true
}

function* insideOf(root: JsonSchema, schema: JsonSchema, named: boolean): Iterable<Inside> {
  if ('$ref' in schema) yield { step: '', part: followReference(root, schema['$ref']), named }
  for (const part of branchKeywords.flatMap((keyword) => schema[keyword] ?? [])) yield { step: '', part, named }
  yield* itemsOf(schema, named)
  yield* entriesOf(schema, named)
}

// A list that says nothing of its items takes any, and so does an object that says nothing of its members.
function* itemsOf({ type, prefixItems, items }: JsonSchema, named: boolean): Iterable<Inside> {
  const isOpen = [type].flat().includes('array') && prefixItems === undefined
  for (const part of [prefixItems ?? [], items ?? (isOpen ? {} : [])].flat()) yield { step: '[]', part, named }
}

function* entriesOf(schema: JsonSchema, named: boolean): Iterable<Inside> {
  const { type, properties, patternProperties } = schema
  for (const [name, part] of membersOf(properties))
    yield { step: `.${name}`, part, named: named || isIdName(name), isMember: true }
  const isOpen = [type].flat().includes('object') && properties === undefined && patternProperties === undefined
  const others = schema['additionalProperties'] ?? isOpen
  for (const part of [others, ...membersOf(patternProperties).map(([, each]) => each)])
    if (part !== false) yield* recordOf(schema, part === true ? {} : part, named)
}

// The name of a record speaks of its keys, as in `votesByUserId`; of its values where the app lists the keys itself.
function* recordOf({ propertyNames: keys }: JsonSchema, part: unknown, named: boolean): Iterable<Inside> {
  yield { step: '{key}', part: keys ?? {}, named }
  const marked = isSchema(keys) && isMarked(keys)
  yield { step: '{}', part, named: named && !marked }
}

function membersOf(schemas: unknown): readonly (readonly [string, unknown])[] {
  return isSchema(schemas) ? Object.entries(schemas) : []
}
