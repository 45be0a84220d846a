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
 * @param inspect sees each list and object before it is read, and throws to refuse it
 * @throws {InvalidInput} `INVALID_INPUT` when the value is not JSON
 * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the text is larger
 */
export function writeJson(
  value: unknown,
  field: string,
  maximumBytes: number,
  inspect: (value: object) => void = () => undefined,
): string {
  return new JsonText(field, maximumBytes, inspect).of(value, 0)
}

// One walk that reads each member exactly once: a getter or a Proxy that answers differently the second time would
// otherwise be checked as one value and stored as another. Not JSON.stringify, which asks the prototypes for `toJSON`.
class JsonText {
  readonly #field: string
  readonly #maximumBytes: number
  readonly #inspect: (value: object) => void
  #bytes = 0

  constructor(field: string, maximumBytes: number, inspect: (value: object) => void) {
    this.#field = field
    this.#maximumBytes = maximumBytes
    this.#inspect = inspect
  }

  of(value: unknown, depth: number): string {
    if (depth > maximumJsonDepth) throw new LimitExceeded(`${this.#field} in levels`, maximumJsonDepth)
    if (value === null || typeof value === 'boolean' || isFiniteNumber(value)) return this.#take(JSON.stringify(value))
    if (typeof value === 'string') return this.#take(this.#string(value))
    if (typeof value === 'object') this.#inspect(value)
    if (Array.isArray(value)) return this.#list(value, depth)
    if (isPlainObject(value)) return this.#object(value, depth)
    throw this.#refusal()
  }

  #list(list: readonly unknown[], depth: number): string {
    const { length } = list
    let text = ''
    this.#take('[]')
    for (let at = 0; at < length; at++) {
      if (at > 0) text += this.#take(',')
      text += this.of(list[at], depth + 1)
    }
    return `[${text}]`
  }

  #object(value: object, depth: number): string {
    if (Object.getOwnPropertySymbols(value).length > 0) throw this.#refusal()
    let text = ''
    this.#take('{}')
    for (const [name, member] of Object.entries(value)) {
      if (text !== '') text += this.#take(',')
      text += this.#take(`${this.#string(name)}:`) + this.of(member, depth + 1)
    }
    return `{${text}}`
  }

  #string(value: string): string {
    // NUL is what no text of Postgres can hold.
    if (!value.isWellFormed() || value.includes('\0')) throw this.#refusal()
    return JSON.stringify(value)
  }

  // Counted while it grows: a few shared references can stand for more text than there is memory.
  #take(text: string): string {
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes > this.#maximumBytes) throw new LimitExceeded(`${this.#field} in bytes`, this.#maximumBytes)
    return text
  }

  #refusal(): InvalidInput {
    return new InvalidInput(this.#field, 'a JSON value')
  }
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
