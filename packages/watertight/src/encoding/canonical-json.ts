import type { Json } from './json.ts'

/**
 * The one text of a JSON value: members in the order of their names, no blanks, numbers and strings as ECMAScript writes
 * them (RFC 8785, JSON Canonicalization Scheme). What reads as the same value has the same text, and nothing else has.
 *
 * @param value JSON of at most the depth that `writeJson` takes
 */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
