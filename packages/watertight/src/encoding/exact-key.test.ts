import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { lookAlikes } from '../../test/support/people.ts'
import { exactKey } from './exact-key.ts'

// Ids that were made to collide: separators, escapes of separators, escapes of escapes.
const hostile = fc
  .array(
    fc.constantFrom('a', 'b', '/', ':', '%', '%2F', '%25', '2F', '.', '..', ' ', '\u00e9', 'e\u0301', '\u{1f600}'),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((pieces) => pieces.join(''))
const ids = fc.oneof(hostile, fc.string({ unit: 'grapheme', minLength: 1 }), fc.constantFrom(...lookAlikes))
const lists = fc.array(ids, { minLength: 1, maxLength: 4 })

describe('exactKey', () => {
  test('should be one key for one list of ids, and no other', () => {
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        expect(exactKey(one) === exactKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: 2_000 },
    )
  })

  test('should read back as the ids it was made of', () => {
    fc.assert(
      fc.property(lists, (parts) => {
        expect(exactKey(parts).split('/').map(decodeURIComponent)).toEqual(parts)
      }),
    )
  })

  test('should be no beginning of another key but at a whole id', () => {
    fc.assert(
      fc.property(lists, lists, (one, other) => {
        const whole = one.every((part, at) => part === other[at])
        if (exactKey(other).startsWith(`${exactKey(one)}/`)) expect(whole).toBe(true)
      }),
    )
  })

  test('should stay apart where a join by colons does not', () => {
    expect(['a', 'b:c'].join(':')).toBe(['a:b', 'c'].join(':'))
    expect(exactKey(['a', 'b:c'])).not.toBe(exactKey(['a:b', 'c']))
    expect(exactKey(['a', 'b/c'])).not.toBe(exactKey(['a', 'b', 'c']))
  })

  test.each([[[]], [['']], [['a', '']], [['', 'a']]])('should refuse %j', (parts) => {
    expect(() => exactKey(parts)).toThrow(TypeError)
  })

  test('should refuse what is not well-formed', () => {
    expect(() => exactKey(['\ud800'])).toThrow(URIError)
  })
})
