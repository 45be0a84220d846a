import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { canonicalJson } from './canonical-json.ts'
import type { Json } from './json.ts'

const json = fc.jsonValue({ depthSize: 'small' }).map((value) => JSON.parse(JSON.stringify(value)) as Json)

function shuffled(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(shuffled)
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, shuffled(member)]),
  )
}

describe('canonicalJson', () => {
  test('should write the example of RFC 8785, section 3.2.3, in its order', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])))
    expect(Object.keys(JSON.parse(text) as object).filter((name) => name !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\u{1f600}',
      '\ufb33',
    ])
    expect(text.indexOf('"\\r"')).toBeLessThan(text.indexOf('"1"'))
  })

  test('should be the same text in whatever order members come, and read as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(value)
      }),
    )
  })

  test('should be another text for another value', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        fc.pre(JSON.stringify(shuffled(shuffled(one))) !== JSON.stringify(shuffled(shuffled(other))))
        const same = canonicalJson(one) === canonicalJson(other)
        if (same) expect(one).toEqual(other)
      }),
    )
    expect(canonicalJson(['a', 'b'])).not.toBe(canonicalJson(['b', 'a']))
    expect(canonicalJson('1')).not.toBe(canonicalJson(1))
    expect(canonicalJson({ a: null })).not.toBe(canonicalJson({}))
    expect(canonicalJson(-0)).toBe(canonicalJson(0))
  })
})
