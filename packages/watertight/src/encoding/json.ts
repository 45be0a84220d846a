import { InvalidInput, LimitExceeded } from '../errors.ts'

/** A JSON value: what survives a round trip through text unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** How deep a JSON value may be nested: deeper ones exhaust the stack of whoever walks them. */
export const maximumJsonDepth = 64

/**
 * Writes a value as JSON text, or refuses. Only what reads back as the same value is taken: no `undefined`, functions,
 * symbols, bigints, non-finite numbers, dates, class instances or cycles, and no string with a lone surrogate.
 *
 * @param value the value
 * @param field the name to give in the refusal
 * @param maximumBytes the size limit of the text, in bytes of UTF-8
 * @throws {InvalidInput} `INVALID_INPUT` when the value is not JSON
 * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the text is larger
 */
export function writeJson(value: unknown, field: string, maximumBytes: number): string {
  const text = JSON.stringify(copyJson(value, field, 0))
  if (Buffer.byteLength(text) > maximumBytes) throw new LimitExceeded(`${field} in bytes`, maximumBytes)
  return text
}

// A copy, because each member of an untrusted value is read exactly once: a getter or a Proxy that answers differently
// the second time would otherwise be checked as one value and stored as another.
function copyJson(value: unknown, field: string, depth: number): Json {
  if (depth > maximumJsonDepth) throw new LimitExceeded(`${field} in levels`, maximumJsonDepth)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && value.isWellFormed() && !value.includes('\0')) return value
  if (Array.isArray(value)) return Array.from(value, (member: unknown) => copyJson(member, field, depth + 1))
  if (isPlainObject(value)) return copyObject(value, field, depth)
  throw new InvalidInput(field, 'a JSON value')
}

function copyObject(value: object, field: string, depth: number): Json {
  const copy: Record<string, Json> = {}
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed() || name.includes('\0')) throw new InvalidInput(field, 'a JSON value')
    const kept = copyJson(member, field, depth + 1)
    // defineProperty, because assigning to `__proto__` would set the prototype instead of a member
    Object.defineProperty(copy, name, { value: kept, enumerable: true, configurable: true, writable: true })
  }
  return copy
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
