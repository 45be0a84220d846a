import { describe, expect, test } from 'vitest'

import type { Json } from '../../encoding/index.ts'
import { nodesIn } from './objects-in.ts'

const nodes = (value: Json) => [...nodesIn(value)]
const hidden = { tenantId: 'acme2' }
const text = JSON.stringify(hidden)

describe('nodesIn', () => {
  test.each<Json>([null, true, 7, '', 'acme2', 'null', '7', 'true', '"acme2"', '{', '["', 'x{}', '{"a":1} x'])(
    'should find nothing in %j, which can hold no name',
    (value) => expect(nodes(value)).toEqual([]),
  )

  test('should find each list and object once, at any depth', () => {
    const value = { a: [{ b: 1 }, []], c: { d: null } }
    expect(nodes(value)).toHaveLength(5)
    for (const node of [value, value.a, value.c, { b: 1 }, []]) expect(nodes(value)).toContainEqual(node)
  })

  test.each<[string, Json]>([
    ['text', text],
    ['text with blanks in front', ` \n\t${text}`],
    ['text with a byte order mark', `\ufeff${text}`],
    ['text in a list', `[${text}]`],
    ['text that was written as text', JSON.stringify(text)],
    ['text that was written as text twice', JSON.stringify(JSON.stringify(text))],
    ['text in a member', { note: text }],
    ['text of text in a list', [[JSON.stringify([text])]]],
  ])('should find an object in %s', (_what, value) => {
    expect(nodes(value)).toContainEqual(hidden)
  })

  test('should go as deep as text can nest', () => {
    const deep = `${'['.repeat(5_000)}${text}${']'.repeat(5_000)}`
    expect(nodes(deep)).toHaveLength(5_001)
  })
})
