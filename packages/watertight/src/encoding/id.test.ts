import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { lookAlikes } from '../../test/support/people.ts'
import { InvalidInput } from '../errors.ts'
import { maximumIdBytes, requireId } from './id.ts'

describe('requireId', () => {
  test('should give an id back exactly as it came', () => {
    for (const id of lookAlikes) expect(requireId(id, 'id')).toBe(id)
    expect(new Set(lookAlikes.map((id) => requireId(id, 'id'))).size).toBe(lookAlikes.length)
    const plain = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
      .filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text) && Buffer.byteLength(text) <= maximumIdBytes)
    fc.assert(
      fc.property(plain, (id) => {
        expect(requireId(id, 'id')).toBe(id)
      }),
    )
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty text', ''],
    ['a number', 7],
    ['true', true],
    ['a list', ['acme']],
    ['a String object', new String('acme')],
    ['an object that becomes a text', { toString: () => 'acme' }],
    ['a NUL', 'ac\0me'],
    ['a line break', 'acme\n'],
    ['a carriage return', 'acme\r'],
    ['an escape', '\u001b[31macme'],
    ['a delete', 'acme\u007f'],
    ['a next line', 'acme\u0085'],
    ['a line separator', 'acme\u2028'],
    ['a paragraph separator', 'acme\u2029'],
    ['half a surrogate pair', 'acme\ud83d'],
  ])('should refuse %s, naming the field alone', (_what, value) => {
    expect(() => requireId(value, 'tenantId')).toThrow(InvalidInput)
    expect(() => requireId(value, 'tenantId')).toThrow(/^tenantId is not valid/)
    expect(() => requireId(value, 'tenantId')).not.toThrow(/acme/)
  })

  test('should count bytes, not characters', () => {
    expect(requireId('a'.repeat(maximumIdBytes), 'id')).toHaveLength(maximumIdBytes)
    expect(() => requireId('a'.repeat(maximumIdBytes + 1), 'id')).toThrow(InvalidInput)
    expect(requireId('\u{1f600}'.repeat(maximumIdBytes / 4), 'id')).toHaveLength(maximumIdBytes / 2)
    expect(() => requireId('\u{1f600}'.repeat(maximumIdBytes / 4 + 1), 'id')).toThrow(InvalidInput)
  })
})
