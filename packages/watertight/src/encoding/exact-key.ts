/**
 * Joins ids into one key that no other list of ids can produce: each part is percent-encoded, so that the separator
 * never occurs inside a part. `['a', 'b:c']` and `['a:b', 'c']` stay apart (incident 1: look-alike namespaces), and
 * nobody may ask for a prefix of the key.
 *
 * @param parts the ids, outermost first; each well-formed UTF-8 (see `requireId`)
 */
export function exactKey(parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/')
}
