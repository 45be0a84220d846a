import { InvalidInput, LimitExceeded } from '../errors.ts'
import { writeJson } from './json.ts'
import type { Json } from './json.ts'
import { nodesInText } from './nodes-in-text.ts'

/**
 * Reads JSON text, or refuses. Only text of which every parser makes the same value is taken (RFC 7493, I-JSON): well-formed
 * UTF-8 without a byte order mark, no name twice in one object, however it is written, and nothing that `writeJson` refuses:
 * half of a surrogate pair, NUL, a number out of range, more than 64 levels.
 *
 * @param text the text, or its bytes
 * @param field the name to give in the refusal
 * @param maximumBytes the size limit of the text, in bytes of UTF-8
 * @throws {InvalidInput} `INVALID_INPUT` when the text is no such JSON
 * @throws {LimitExceeded} `LIMIT_EXCEEDED` when it is larger, or nested more deeply
 */
export function readJsonText(text: string | Uint8Array, field: string, maximumBytes: number): Json {
  const written = decode(text, field, maximumBytes)
  const value = parse(written, field)
  // The size was judged above: written anew, `1e20` is longer.
  writeJson(value, field, Number.POSITIVE_INFINITY)
  if (hasNameTwice(written)) throw new InvalidInput(field, 'JSON with each name of an object once')
  return value
}

function decode(text: string | Uint8Array, field: string, maximumBytes: number): string {
  const bytes = typeof text === 'string' ? Buffer.byteLength(text) : text instanceof Uint8Array ? text.byteLength : 0
  if (bytes > maximumBytes) throw new LimitExceeded(`${field} in bytes`, maximumBytes)
  if (typeof text === 'string') return text
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text)
  } catch (error) {
    throw new InvalidInput(field, 'JSON in UTF-8', { cause: error })
  }
}

function parse(text: string, field: string): Json {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse reads is JSON
    return JSON.parse(text) as Json
  } catch {
    // What the parser throws quotes the text.
    throw new InvalidInput(field, 'JSON')
  }
}

function hasNameTwice(text: string): boolean {
  for (const node of nodesInText(text))
    if ('members' in node && new Set(node.members.map(([name]) => name)).size < node.members.length) return true
  return false
}
