import { InvalidInput } from '../errors.ts'

/** The longest id that is accepted, in bytes of UTF-8. */
export const maximumIdBytes = 256

// C0, DEL, C1 and the two Unicode line breaks: an id travels into logs, headers and file names, where such a character
// would start a second line.
// oxlint-disable-next-line no-control-regex -- control characters are exactly what this refuses
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/**
 * Returns the id as it came, or refuses. Ids are opaque: never trimmed, folded or normalised, so `acme`, `acme ` and
 * `ACME` are three ids, and so are the NFC and the NFD form of one name.
 *
 * @param value what should be an id: a non-empty string of at most 256 bytes of well-formed UTF-8 without control characters
 * @param field the name to give in the refusal
 * @throws {InvalidInput} `INVALID_INPUT` when it is not
 */
export function requireId(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '' || controls.test(value) || !value.isWellFormed()) {
    throw new InvalidInput(field, 'a non-empty string without control characters')
  }
  if (Buffer.byteLength(value) > maximumIdBytes) throw new InvalidInput(field, `at most ${maximumIdBytes} bytes`)
  return value
}
