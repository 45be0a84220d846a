import type { NamedText } from './strings-in.ts'

/** The longest text that is taken for an id as a whole. */
const longestId = 128

/**
 * Collects what could be an id: what is quoted, words of parts such as `T-1042` or `ws_001`, uuids, addresses, paths, numbers,
 * and whole values of members that are called an id, a key or a name. In the order of their first appearance.
 */
export function idsIn(texts: readonly NamedText[]): readonly string[] {
  const ids = new Set<string>()
  for (const { name, text } of texts) {
    if (name !== undefined && idName.test(name) && text.length <= longestId && text !== '') ids.add(text)
    for (const shape of shapes) for (const [all, inner] of text.matchAll(shape)) ids.add(inner ?? all)
  }
  return [...ids]
}

const idName = /(?:^|[_-])(?:id|key|name|ref|path|slug|handle|uri|url)s?$|(?:Id|Key|Name|Ref|Path|Slug)s?$/

const shapes = [
  /"([^"\n]{1,128})"/g,
  /`([^`\n]{1,128})`/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /[\p{L}\p{N}%]+(?:[-_.:/|@+][\p{L}\p{N}%]+)+/gu,
  /\b[A-Za-z]*\d[A-Za-z\d]*\b/g,
]
