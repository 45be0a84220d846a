import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { InvalidInput, LimitExceeded } from '../errors.ts'
import { maximumJsonDepth } from './json.ts'
import { readJsonText } from './read-json.ts'

const read = (text: string | Uint8Array) => readJsonText(text, 'input', 10_000)
const bytes = (...codes: number[]) => Uint8Array.from(codes)
const utf8 = (text: string) => new TextEncoder().encode(text)

const values = fc
  .jsonValue({ maxDepth: 6, stringUnit: 'grapheme' })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('\\u0000'))

describe('readJsonText', () => {
  test('should read what everybody else reads, from text and from bytes', () => {
    fc.assert(
      fc.property(values, (text) => {
        const value: unknown = JSON.parse(text)
        expect(readJsonText(text, 'input', 100_000)).toStrictEqual(value)
        expect(readJsonText(utf8(text), 'input', 100_000)).toStrictEqual(value)
      }),
    )
  })

  test.each([
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":2}',
    '{"\\u0061":1,"\\u0061":2}',
    '{"\\ud83d\\ude00":1,"😀":2}',
    '{"/":1,"\\/":2}',
    '{"":1,"":2}',
    '{"__proto__":1,"__proto__":2}',
    '{"__proto__":{},"\\u005f_proto__":{}}',
    '[[{"b":{"a":{},"a":{}}}]]',
    '{"x":{"a":1,"a":2},"y":1}',
    '[1,[2,{"a":{"tenantId":"x"},"a":1}]]',
    ' {\n"a" : 1 ,\t"a"\r:2 } ',
  ])('should refuse a name twice, of which parsers keep different ones: %s', (text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow()
    expect(() => read(text)).toThrow(InvalidInput)
    expect(() => read(utf8(text))).toThrow(InvalidInput)
  })

  test('should refuse a name twice wherever it stands in a value', () => {
    const twice = fc.tuple(values, fc.string(), values).map(([one, name, other]) => {
      const key = JSON.stringify(name)
      return `{${key}:${one},"other than ${key.slice(1)}:0,${key}:${other}}`
    })
    fc.assert(
      fc.property(twice, fc.array(fc.constantFrom('[1,', '{"a":{},"b":')), (text, outside) => {
        const closing = outside.toReversed().map((start) => (start.startsWith('[') ? ']' : '}'))
        expect(() => read(outside.join('') + text + closing.join(''))).toThrow(/input/)
      }),
    )
  })

  test.each([
    '{"a":1,"A":2}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"é":1,"e\u0301":2}',
    '{"a":["a","a"]}',
  ])('should take %s, where no object has a name twice', (text) => expect(read(text)).toEqual(JSON.parse(text)))

  test.each([
    '', ' ', '\ufeff{}', '{} {}', '{}x', "{'a':1}", '{a:1}', '[1,]', '{"a":1,}', 'NaN', '[Infinity]', 'undefined', '01', '+1',
    '.5', '1.', '"\t"', '"\n"', '// x\n1', '/* */1', '"\\x41"', '"\\u12"', '\u00a01', '\u20281', '[', '"', 'tru', '\0', '{}\0',
    '"\\ud83d"', '{"\\ude00":1}', '"\ud83d"', '"\\u0000"', '{"a\\u0000":1}', '1e400', '[-1e999]',
  ])('should refuse %j', (text) => {
    expect(() => read(text)).toThrow(InvalidInput)
    expect(() => read(text)).toThrow(/^input is not valid/)
  }) // oxfmt-ignore

  test('should not quote what it refuses', () => {
    for (const text of ['{"secret', '{"secret":1,"secret":2}', '"secret\\ud83d"']) {
      expect(() => read(text)).not.toThrow(/secret/)
    }
  })

  test.each([
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 0x7b, 0x7d)],
    ['a byte order mark of UTF-16', bytes(0xff, 0xfe, 0x7b, 0, 0x7d, 0)],
    ['UTF-16', bytes(0x7b, 0, 0x7d, 0)],
    ['a byte that is none of UTF-8', bytes(0x22, 0xff, 0x22)],
    ['a slash that is written too long', bytes(0x22, 0xc0, 0xaf, 0x22)],
    ['half a surrogate pair', bytes(0x22, 0xed, 0xa0, 0xbd, 0x22)],
    ['a letter that is cut off', bytes(0x22, 0xc3)],
    ['no bytes', bytes()],
  ])('should refuse bytes with %s', (_what, text) => {
    expect(() => read(text)).toThrow(InvalidInput)
  })

  test.each<unknown>([undefined, null, 7, {}, ['{}'], new ArrayBuffer(2), new Uint16Array(1), new String('{}')])(
    'should refuse what is neither text nor bytes: %j',
    (text) => expect(() => read(text as string)).toThrow(InvalidInput),
  )

  test('should refuse the size before it reads a word', () => {
    expect(() => readJsonText('{"a', 'input', 2)).toThrow(LimitExceeded)
    expect(() => readJsonText(bytes(0xff, 0xff, 0xff), 'input', 2)).toThrow(/input in bytes \(2\)/)
    expect(readJsonText('"é"', 'input', 4)).toBe('é')
    expect(() => readJsonText('"é"', 'input', 3)).toThrow(LimitExceeded)
    expect(readJsonText(utf8('"é"'), 'input', 4)).toBe('é')
    expect(readJsonText('1e20', 'input', 4)).toBe(1e20)
  })

  test('should refuse more than 64 levels', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(read(nested(maximumJsonDepth + 1))).toHaveLength(1)
    expect(() => read(nested(maximumJsonDepth + 2))).toThrow(LimitExceeded)
    expect(() => readJsonText(nested(200_000), 'input', 1_000_000)).toThrow(LimitExceeded)
  })

  test('should keep a member called __proto__ a member', () => {
    const value = read('{"__proto__":{"role":"owner"},"a":{"__proto__":null}}')
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a'])
    expect(Reflect.get(value as object, 'role')).toBeUndefined()
    expect(Reflect.get({}, 'role')).toBeUndefined()
  })
})
