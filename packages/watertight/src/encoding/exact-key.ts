/**
 * Joins ids into one key that no other list of ids can produce: each part is percent-encoded, so that the separator
 * never occurs inside a part. `['a', 'b:c']` and `['a:b', 'c']` stay apart (incident 1: look-alike namespaces), and
 * nobody may ask for a prefix of the key. A key, not a path: a part may be `..`.
 *
 * @param parts the ids, outermost first; each one that `requireId` accepts
 * @throws {TypeError} when there is no part or an empty one: `[]` and `['']` would be one key
 */
export function exactKey(parts: readonly string[]): string {
  if (parts.length === 0 || parts.includes(''))
    throw new TypeError('A key is made of ids, at least one, none of them empty.')
  return parts.map((part) => encodeURIComponent(part)).join('/')
}
