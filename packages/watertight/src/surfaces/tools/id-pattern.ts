import { isRegExp } from 'node:util/types'

/** A pattern as a JSON Schema holds it. */
export interface WrittenPattern {
  readonly source: string
  readonly flags: string
}

/**
 * Writes down a pattern of an app: always global, so that no match is skipped, and without the state of the app's own.
 *
 * @throws {TypeError} saying what the pattern must be
 */
export function writePattern(pattern: unknown): WrittenPattern {
  if (!isRegExp(pattern)) throw new TypeError('a regular expression')
  const { source, flags } = pattern
  if (flags.includes('y')) throw new TypeError('a pattern without the flag y, which stops at the first gap')
  const written = { source, flags: allMatches(flags) }
  const read = compile(written)
  if (read === undefined) throw new TypeError('a pattern that is valid with the flag u')
  if (read.test('')) throw new TypeError('a pattern that does not match an empty text')
  return written
}

/** Reads a pattern back; `undefined` when it is none that `writePattern` wrote. */
export function readPattern(written: unknown): RegExp | undefined {
  if (typeof written !== 'object' || written === null) return undefined
  const source: unknown = Reflect.get(written, 'source')
  const flags: unknown = Reflect.get(written, 'flags')
  if (typeof source !== 'string' || typeof flags !== 'string' || flags !== allMatches(flags)) return undefined
  const pattern = compile({ source, flags })
  return pattern === undefined || pattern.sticky || pattern.test('') ? undefined : pattern
}

/** An id inside a text, and where it stands. */
export interface FoundId {
  readonly id: string
  readonly start: number
}

/** Every id of a text: of each match the first group that took part, or the whole where there is none. */
export function findIds({ source, flags }: RegExp, text: string): readonly FoundId[] {
  return Array.from(text.matchAll(new RegExp(source, `${flags}d`)), (match) => {
    const groups: readonly (string | undefined)[] = match
    const first = groups.findIndex((group, at) => at > 0 && group !== undefined)
    const group = Math.max(first, 0)
    return { id: groups[group] ?? '', start: match.indices?.[group]?.[0] ?? match.index }
  })
}

// In one order, so that what was read back is compared as it is. `d` and a second `g` would change nothing.
function allMatches(flags: string): string {
  const kept = Array.from(new Set(flags.replaceAll(/[dg]/g, '')))
  const unicode = kept.includes('v') ? [] : ['u']
  return [...new Set([...kept, 'g', ...unicode])].toSorted().join('')
}

function compile({ source, flags }: WrittenPattern): RegExp | undefined {
  try {
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}
