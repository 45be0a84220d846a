/**
 * Writes a part of a namespace so that stores which glue parts together, or compare them by their beginning or by LIKE, keep
 * it apart from every other: hexadecimal digits and an end. No part is the beginning of another, and none holds a separator,
 * a wildcard or a letter that has another case.
 *
 * @throws {TypeError} when the part is empty, or not well-formed Unicode: two of those would be written as one
 */
export function exactLabel(part: string): string {
  if (part === '' || !part.isWellFormed())
    throw new TypeError('A part of a namespace must be a text that is not empty.')
  return `${Buffer.from(part).toString('hex')}z`
}
