/** The ways to compare two ids that are not `===`, each with what takes it for granted. */
export type CarelessComparison =
  | 'lower-case' // a search index, an e-mail address, a file system
  | 'upper-case' // the same, where ß becomes SS
  | 'trim' // a form field, CHAR(n)
  | 'trailing-dots' // host names, Windows file names
  | 'white-space' // any run of white space read as one blank
  | 'prefix' // a key scan, a glob, a path rule
  | 'suffix' // a host rule
  | 'substring' // `includes`
  | 'truncated' // a column or a key cut after 12 characters
  | 'first-segment' // split at a separator, and the first part taken
  | 'like' // SQL LIKE with its wildcards left in
  | 'pattern' // a regular expression of an id that was not escaped
  | 'slug' // every other character replaced or dropped
  | 'percent-decoded' // one decoding too many
  | 'path' // dots and slashes resolved
  | 'nfc' // a driver, a file system, a keyboard
  | 'nfkc' // full-width letters
  | 'accents' // a collation that ignores them
  | 'confusable' // the eye, and code that maps look-alike letters
  | 'invisible' // characters without width dropped
  | 'numeric' // natural order, parseInt
  | 'e-mail-tag' // what follows a plus dropped

/**
 * Tells under which careless comparisons one id is taken for the other.
 *
 * @param left an id
 * @param right another id
 * @returns the names of the comparisons, in a settled order; none when the ids are not alike, or are the same
 */
export function compareCarelessly(left: string, right: string): CarelessComparison[] {
  if (left === right) return []
  return comparisons.filter(([, collide]) => collide(left, right)).map(([name]) => name)
}

type Collide = (left: string, right: string) => boolean

/** Equal once each was brought into a common form. */
function by(form: (id: string) => string): Collide {
  return (left, right) => form(left) === form(right)
}

/** One way or the other. */
function either(collide: Collide): Collide {
  return (left, right) => collide(left, right) || collide(right, left)
}

const comparisons: readonly (readonly [CarelessComparison, Collide])[] = [
  ['lower-case', by((id) => id.toLowerCase())],
  ['upper-case', by((id) => id.toUpperCase())],
  ['trim', by((id) => id.trim())],
  ['trailing-dots', by((id) => id.replace(/\.+$/, ''))],
  ['white-space', by((id) => id.replaceAll(/\s+/g, ' '))],
  ['prefix', either((left, right) => left.startsWith(right))],
  ['suffix', either((left, right) => left.endsWith(right))],
  ['substring', either((left, right) => left.includes(right))],
  ['truncated', (left, right) => Math.min(left.length, right.length) >= 12 && left.slice(0, 12) === right.slice(0, 12)],
  ['first-segment', by((id) => id.split(/[:/|]/)[0] ?? '')],
  ['like', either((left, right) => patternOf(right, '%', '_').test(left))],
  ['pattern', either((left, right) => patternOf(right, '', '.').test(left))],
  ['slug', by((id) => id.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-+$/, ''))],
  ['percent-decoded', by(decode)],
  ['path', by(resolvePath)],
  ['nfc', by((id) => id.normalize('NFC'))],
  ['nfkc', by((id) => id.normalize('NFKC'))],
  ['accents', by((id) => id.normalize('NFD').replaceAll(/\p{M}/gu, ''))],
  ['confusable', by((id) => Array.from(id, (character) => confusables.get(character) ?? character).join(''))],
  ['invisible', by((id) => id.replaceAll(/\p{Cf}/gu, ''))],
  ['numeric', by((id) => id.replaceAll(/\d+/g, (digits) => String(Number(digits))))],
  ['e-mail-tag', by((id) => id.replace(/\+[^@]*/, ''))],
]

function patternOf(id: string, many: string, one: string): RegExp {
  const parts = Array.from(id, (character) => {
    if (character === many) return '.*'
    return character === one ? '.' : character.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  })
  return new RegExp(`^${parts.join('')}$`, 'su')
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function resolvePath(id: string): string {
  const parts: string[] = []
  for (const part of id.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** Cyrillic and Greek letters, by the Latin ones that the eye takes them for. */
export const confusables: ReadonlyMap<string, string> = new Map([
  ['\u0430', 'a'],
  ['\u0435', 'e'],
  ['\u043e', 'o'],
  ['\u0440', 'p'],
  ['\u0441', 'c'],
  ['\u0443', 'y'],
  ['\u0445', 'x'],
  ['\u0455', 's'],
  ['\u0456', 'i'],
  ['\u0458', 'j'],
  ['\u0501', 'd'],
  ['\u04bb', 'h'],
  ['\u03bd', 'v'],
  ['\u03bf', 'o'],
])
