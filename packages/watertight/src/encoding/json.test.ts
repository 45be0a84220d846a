import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { whilePolluted } from '../../test/support/polluted.ts'
import { InvalidInput, LimitExceeded } from '../errors.ts'
import { maximumJsonDepth, writeJson } from './json.ts'

const limit = 1_000_000
const write = (value: unknown) => writeJson(value, 'value', limit)

/** What JSON has, without the one number that it cannot tell from another. */
const values = fc
  .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
  .filter((value) => !JSON.stringify(value).includes('\\u0000'))
  .map((value): unknown => JSON.parse(JSON.stringify(value)))

// oxlint-disable-next-line typescript/no-extraneous-class -- a class instance is what is refused
class Item {}

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('writeJson', () => {
  test('should read back as the same value', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(write(value))).toStrictEqual(value)
      }),
    )
  })

  test('should be the text that everybody else writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(write(value)).toBe(JSON.stringify(value))
      }),
    )
  })

  test('should either refuse or read back as the same, whatever it is given', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        let text: string
        try {
          text = write(value)
        } catch (error) {
          expect(error instanceof InvalidInput || error instanceof LimitExceeded).toBe(true)
          return
        }
        // -0 is the one value that comes back as another, which is equal to it.
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value))
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['undefined', undefined],
    ['an undefined member', { a: undefined }],
    ['a hole in a list', Array(1)],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a member named by a symbol', { [Symbol('x')]: 1 }],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a class instance', new Item()],
    ['an heir of a plain object', Object.create({ a: 1 })],
    ['a String object', new String('x')],
    ['bytes', new Uint8Array(1)],
    ['half a surrogate pair', 'x\ud83d'],
    ['half a surrogate pair in a name', { '\ud83d': 1 }],
    ['a NUL', 'a\0b'],
    ['a NUL in a name', { 'a\0b': 1 }],
  ])('should refuse %s', (_what, value) => {
    expect(() => write(value)).toThrow(InvalidInput)
    expect(() => write({ deep: [value] })).toThrow(InvalidInput)
  })

  test('should refuse a cycle and whatever is deeper than 64 levels', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    expect(() => write(cycle)).toThrow(LimitExceeded)
    expect(write(nested(maximumJsonDepth))).toBe(JSON.stringify(nested(maximumJsonDepth)))
    expect(() => write(nested(maximumJsonDepth + 1))).toThrow(/levels \(64\)/)
  })

  test('should count bytes of UTF-8, and name the limit', () => {
    const text = '\u{1f600}'.repeat(10)
    expect(writeJson(text, 'value', 42)).toBe(`"${text}"`)
    expect(() => writeJson(text, 'value', 41)).toThrow(/value in bytes \(41\)/)
    fc.assert(
      fc.property(values, (value) => {
        const bytes = Buffer.byteLength(JSON.stringify(value))
        expect(writeJson(value, 'value', bytes)).toBe(JSON.stringify(value))
        expect(() => writeJson(value, 'value', bytes - 1)).toThrow(LimitExceeded)
      }),
    )
  })

  test('should stop at the limit, where shared references stand for more than there is memory', () => {
    let bomb: unknown = 'x'
    for (let level = 0; level < 60; level++) bomb = [bomb, bomb]
    expect(() => write(bomb)).toThrow(LimitExceeded)
    let empty: unknown = []
    for (let level = 0; level < 60; level++) empty = { a: empty, b: empty }
    expect(() => write(empty)).toThrow(LimitExceeded)
  })

  test('should ask each getter once', () => {
    const answers = ['first', 'second']
    const shifty = {
      get a() {
        return answers.shift()
      },
    }
    expect(write(shifty)).toBe('{"a":"first"}')
    expect(answers).toEqual(['second'])
  })

  test('should ask a proxy once for each member, so that what was checked is what is written', () => {
    const asked: PropertyKey[] = []
    const spy = <Target extends object>(target: Target) =>
      new Proxy(target, {
        get(from, name) {
          asked.push(name)
          // The second time it would be something that no JSON can hold.
          const again = asked.filter((each) => each === name).length > 1
          return again ? 1n : Reflect.get(from, name)
        },
      })
    expect(write(spy({ a: 1, b: 'x' }))).toBe('{"a":1,"b":"x"}')
    expect(write(spy(['x', 'y']))).toBe('["x","y"]')
    expect(asked).toEqual(['a', 'b', 'length', '0', '1'])
  })

  test('should ask no toJSON, neither of the value nor of a polluted prototype', async () => {
    expect(() => write({ toJSON: () => 'other' })).toThrow(InvalidInput)
    await whilePolluted(
      'toJSON',
      () => 'other',
      () => {
        expect(write({ a: [1, 'x'] })).toBe('{"a":[1,"x"]}')
      },
    )
  })

  test('should not follow an iterator that a list brings along', () => {
    const list = Object.assign([1, 2], {
      [Symbol.iterator]: function* () {
        for (;;) yield 3
      },
    })
    expect(write(list)).toBe('[1,2]')
  })

  test('should keep a member called __proto__ a member', () => {
    const value: unknown = JSON.parse('{"__proto__":{"role":"owner"},"constructor":1}')
    expect(write(value)).toBe('{"__proto__":{"role":"owner"},"constructor":1}')
    expect(Reflect.get({}, 'role')).toBeUndefined()
  })
})
