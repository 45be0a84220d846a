import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Json } from './json.ts'
import { nodesInText } from './nodes-in-text.ts'
import type { JsonNode } from './nodes-in-text.ts'

const read = (text: string): readonly JsonNode[] => [...nodesInText(text)]
const namesIn = (text: string) =>
  read(text)
    .flatMap((node) => ('members' in node ? node.members.map(([name]) => name) : []))
    .toSorted()
const around = (text: string) => {
  const nodes = nodesInText(text)
  for (let step = nodes.next(); ; step = nodes.next()) if (step.done === true) return step.value
}

/** Every name of a value, as everybody else counts them. */
function namesOf(value: Json): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(namesOf)
  return Object.entries(value).flatMap(([name, member]) => [name, ...namesOf(member)])
}

const values = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }).map((value) => value as Json)
const hidden = '{"tenantId":"acme2"}'

describe('nodesInText', () => {
  test('should see every name of a JSON text', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(namesIn(JSON.stringify(value, null, 1))).toEqual(namesOf(value).toSorted())
      }),
    )
  })

  test('should see the same values that everybody else reads', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(JSON.stringify([[value]])).at(-1)).toEqual({ items: [[JSON.parse(JSON.stringify(value))]] })
      }),
    )
  })

  test.each([
    ['a shadowed member', `{"a":${hidden},"a":1}`],
    ['a shadowed member, written differently', `{"a":${hidden},"\\u0061":1}`],
    ['the first of three', `{"a":${hidden},"a":1,"a":2}`],
    ['the second of three', `{"a":1,"a":${hidden},"a":2}`],
    ['lines', `{"a":1}\n${hidden}\n{"b":1}`],
    ['a stream of events', `event: x\ndata: ${hidden}\n\n`],
    ['a fence', `See:\n\`\`\`json\n${JSON.stringify({ tenantId: 'acme2' }, null, 2)}\n\`\`\`\nThanks`],
    ['a log line', `2026-01-01 INFO [worker] sent ${hidden} to "queue"`],
    ['a call', `handle(${hidden});`],
    ['text behind brackets that close nothing', `}]} ${hidden}`],
    ['text behind brackets that nothing closes', `[[[ {{ ${hidden}`],
    ['text behind a list that is broken', `["a", {"b" ${hidden}`],
    ['text behind half of an object', `{"a":"{"tenantId":1}`],
    ['text behind a quotation mark too many', `he said "hi {"x\n${hidden}`],
    ['an object that holds an odd word', `{"a":NaN,"tenantId":None}`],
    ['an object with a comma too many', `{"a":1,,"tenantId":"acme2",}`],
    ['an object without commas', `{"a":1 "tenantId":"acme2"}`],
    ['an object with a raw tab in a text', `{"a":"\t","tenantId":"acme2"}`],
    ['an object that was cut off', `{"tenantId":"acme2","note":"and th`],
    ['an object that was cut off before the value', `{"a":{"b":[{"tenantId":`],
    ['a name in escapes', `{"\\u0074enant\\u0049d":1}`],
    ['a name with an escape that means itself', `{"tenant\\Id":1}`],
    ['an object behind a mark of byte order', `\ufeff${hidden}`],
    ['an object in a list of numbers', `[1, ${hidden}]`],
    ['an object closed as a list', `{"a":${hidden}]`],
    ['an object in a name', `{${hidden}:1}`],
  ])('should see a name in %s', (_what, text) => {
    expect(namesIn(text)).toContain('tenantId')
  })

  test.each([
    '',
    'x',
    'null',
    '"tenantId"',
    '{}',
    '[1,2]',
    '{tenantId:1}',
    '{ "',
    '["',
    'a "tenantId": b',
    '[link]("tenantId")',
  ])('should find no name in %j', (text) => expect(namesIn(text)).toEqual([]))

  test('should keep members of one name apart, and a value of several as all of them', () => {
    expect(read('{"t":{"id":"acme2","id":"acme"}}')).toEqual([
      {
        members: [
          ['id', 'acme2'],
          ['id', 'acme'],
        ],
      },
      { members: [['t', { id: ['acme2', 'acme'] }]] },
    ])
  })

  test('should keep a member called __proto__ a member', () => {
    const [, outer] = read('{"a":{"__proto__":{"b":"c"}}}').slice(-2)
    expect(outer).toEqual({ members: [['a', JSON.parse('{"__proto__":{"b":"c"}}')]] })
    expect(namesIn('{"__proto__":{"b":1}}')).toEqual(['__proto__', 'b'])
  })

  test('should give back what stands around', () => {
    expect(around(`data: ${hidden} and [1] {"a":["x"]}.`)).toBe('data:  and [1] .')
    expect(around('nothing')).toBe('nothing')
    expect(around('{"a" x')).toBe('{"a" x')
  })

  test('should read whatever it is given to the end', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '\n', 'a', '1', ' ', '{"', '":', '","', '"}')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(namesIn(`${pieces.join('')}\n${hidden}`)).toContain('tenantId')
      }),
      { numRuns: 5_000 },
    )
  })

  test.each([
    '[',
    '[[[{"',
    '{"a":',
    '{"a":[',
    '{"',
    '{"a":"{',
    '["',
    '"',
    '{"\\',
    '[1,',
    '{"a":{',
    '{"a{":"b[",',
    '[ ',
    '\\"{',
  ])('should take time in proportion to the text: %s over and over', (piece) => {
    const timeOf = (length: number) => {
      const text = piece.repeat(length / piece.length)
      const start = performance.now()
      for (const node of nodesInText(text)) void node
      return performance.now() - start
    }
    timeOf(20_000)
    // Twenty times the text; were it read again and again, four hundred times the time.
    expect(timeOf(1_000_000)).toBeLessThan(Math.max(5_000, timeOf(50_000) * 100))
  })
})
