import { describe, expect, test } from 'vitest'

import { findIds, readPattern, writePattern } from './id-pattern.ts'

const idsIn = (pattern: RegExp, text: string) =>
  findIds(readPattern(writePattern(pattern)) ?? /never/, text).map(({ id }) => id)

describe('a pattern that was written down', () => {
  test.each([
    [/T/, 'gu'],
    [/T/gi, 'giu'],
    [/T/v, 'gv'],
    [/T/dgimsu, 'gimsu'],
  ])('should be global, whatever flags %s has', (pattern, flags) => {
    expect(writePattern(pattern)).toEqual({ source: 'T', flags })
    expect(readPattern(writePattern(pattern))).toEqual(new RegExp('T', flags))
  })

  test('should be read back from what JSON keeps of it', () => {
    expect(readPattern(JSON.parse(JSON.stringify(writePattern(/\/(é|\u{1f600})/u))))).toEqual(/\/(é|\u{1f600})/gu)
  })
})

describe('findIds', () => {
  test.each<[RegExp, string, readonly string[]]>([
    [/T-\d+/, 'T-1T-2 xT-3', ['T-1', 'T-2', 'T-3']],
    [/#(T-\d+)/, '#T-1 T-2 #T-3', ['T-1', 'T-3']],
    [/(\w+)\/(T-\d+)/, 'a/T-1', ['a']],
    [/#(T-\d+)|ticket (\d+)/, '#T-1 and ticket 2', ['T-1', '2']],
    [/T-\d+|#(F-\d+)/, 'T-1 #F-2', ['T-1', 'F-2']],
    [/T-(\d+)?/, 'T-', ['T-']],
    [/#(T?)/, '#', ['']],
    [/(?=(T-\d+))/, 'T-12', ['T-12']],
    [/^T-\d+/m, 'T-1\nT-2', ['T-1', 'T-2']],
    [/(?<type>T)-(?<id>\d+)/, 'T-1', ['T']],
  ])('should find by %s in %j every %j', (pattern, text, ids) => {
    expect(idsIn(pattern, text)).toEqual(ids)
  })

  test('should tell where the id stands', () => {
    expect(findIds(/#(T-\d+)/gu, 'é #T-1 #T-2')).toEqual([
      { id: 'T-1', start: 3 },
      { id: 'T-2', start: 8 },
    ])
  })
})
