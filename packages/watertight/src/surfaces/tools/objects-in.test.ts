import { describe, expect, test } from 'vitest'

import type { Json } from '../../encoding/index.ts'
import { nodesIn } from './objects-in.ts'
import type { TextReading } from './objects-in.ts'

/** The nodes, each as a value: of what is written twice the last. */
const nodes = (value: Json, reading: TextReading = 'any-text') =>
  [...nodesIn(value, reading)].map((node) => ('items' in node ? node.items : Object.fromEntries(node.members)))
const hidden = { tenantId: 'acme2' }
const text = JSON.stringify(hidden)

describe('nodesIn', () => {
  test.each<Json>([null, true, 7, '', 'acme2', 'null', '7', 'true', '"acme2"', '{', 'x{}', '{ x', '\\"'])(
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
    ['text of lines', `{"a":1}\n${text}`],
    ['text that was written as text, in lines', `${JSON.stringify(text)}\n${JSON.stringify(text)}`],
    ['text that was written as text twice, in lines', `"x"\n${JSON.stringify(JSON.stringify(text))}`],
    ['text that starts as JSON and goes on', `{"a":1} and ${text}`],
    ['text that is shadowed', `{"a":${text},"a":1}`],
    ['text that is shadowed, as text', JSON.stringify({ note: `{"a":${text},"a":1}` })],
    ['text of a shadowed member', `{"a":${JSON.stringify(text)},"a":1}`],
  ])('should find an object in %s', (_what, value) => {
    expect(nodes(value)).toContainEqual(hidden)
    expect(nodes(value, 'json-text')).toContainEqual(hidden)
  })

  test.each([
    ['behind a prefix', `data: ${text}`],
    ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
    ['in a sentence', `send ${text}, please`],
    ['behind brackets', `x [x] {y} ${text}`],
    ['as text behind a prefix', `data: ${JSON.stringify(text)}`],
    ['as text of text behind a prefix', `data: ${JSON.stringify(JSON.stringify(text))}`],
    ['as text whose quotes are gone', `x {\\"tenantId\\":\\"acme2\\"}`],
    ['as text beside JSON', `x {"a":1} ${JSON.stringify(text)}`],
  ])('should find an object %s in any text, and not where only text that is JSON is read', (_what, value) => {
    expect(nodes(value)).toContainEqual(hidden)
    expect(nodes(value, 'json-text')).not.toContainEqual(hidden)
  })

  test('should find an object once', () => {
    for (const value of [text, `${text}\n`, JSON.stringify(text), `data: ${JSON.stringify(text)}`, { note: text }])
      expect(nodes(value).filter((node) => 'tenantId' in node)).toHaveLength(1)
  })

  test('should come to an end, whatever is escaped how often', () => {
    for (const value of [
      '\\'.repeat(200_000),
      `{${'\\'.repeat(200_000)}"`,
      `{\\"`.repeat(60_000),
      `[\\\\"`.repeat(50_000),
    ]) {
      const start = performance.now()
      nodes(value)
      expect(performance.now() - start).toBeLessThan(10_000)
    }
  })

  test('should go as deep as text can nest', () => {
    const deep = `${'['.repeat(5_000)}${text}${']'.repeat(5_000)}`
    expect(nodes(deep)).toHaveLength(5_001)
    expect(nodes(deep).filter((node) => 'tenantId' in node)).toEqual([hidden])
  })
})
