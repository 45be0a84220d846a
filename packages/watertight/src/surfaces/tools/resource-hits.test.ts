import { describe, expect, test } from 'vitest'

import { InvalidInput, LimitExceeded } from '../../errors.ts'
import { findResources } from './resource-hits.ts'
import { resourceInText, resourceInUrl } from './schema-marks.ts'

const ticket = { type: 'string', 'x-resource': 'ticket' }
const file = { type: 'string', 'x-resource': 'file' }
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const idsIn = (schema: object, value: unknown) =>
  findResources(schema as never, value)
    .map(({ type, id }) => `${type}:${id}`)
    .toSorted()

describe('findResources', () => {
  test('should name each id once', () => {
    const schema = object({ ids: { type: 'array', items: ticket }, id: ticket, file })
    expect(idsIn(schema, { ids: ['a', 'b', 'a'], id: 'a', file: 'a' })).toEqual(['file:a', 'ticket:a', 'ticket:b'])
  })

  test('should count every branch that the value could be', () => {
    const schema = { anyOf: [object({ id: ticket }), object({ id: file }), object({ id: { type: 'string' } })] }
    expect(idsIn(schema, { id: 'a' })).toEqual(['file:a', 'ticket:a'])
  })

  test.each([
    ['a constant', { const: 'file' }],
    ['one of several constants', { enum: ['file', 'folder'] }],
  ])('should leave out a branch that %s rules out', (_what, kind) => {
    const schema = { oneOf: [object({ kind: { const: 'ticket' }, id: ticket }), object({ kind, id: file })] }
    expect(idsIn(schema, { kind: 'file', id: 'a' })).toEqual(['file:a'])
    expect(idsIn(schema, { kind: 'ticket', id: 'a' })).toEqual(['ticket:a'])
  })

  test('should count a branch whose constant is absent, or is no plain value', () => {
    expect(idsIn({ anyOf: [object({ kind: { const: 'x' }, id: ticket })] }, { id: 'a' })).toEqual(['ticket:a'])
    expect(idsIn({ anyOf: [object({ kind: { const: [1] }, id: ticket })] }, { kind: [1], id: 'a' })).toEqual([
      'ticket:a',
    ])
  })

  test('should leave out a branch behind a reference that a constant rules out', () => {
    const $defs = {
      ticket: object({ kind: { const: 'ticket' }, id: ticket }),
      file: object({ kind: { const: 'file' }, id: file }),
    }
    const schema = { oneOf: [{ $ref: '#/$defs/ticket' }, { $ref: '#/$defs/file' }], $defs }
    expect(idsIn(schema, { kind: 'file', id: 'a' })).toEqual(['file:a'])
  })

  test('should take null for a constant, and no list that a constant only resembles', () => {
    const text = object({ kind: { type: 'string' }, id: file })
    const schema = { anyOf: [object({ kind: { const: null }, id: ticket }), text] }
    expect(idsIn(schema, { kind: 'x', id: 'a' })).toEqual(['file:a'])
    const listed = { anyOf: [object({ kind: { enum: ['x', [1]] }, id: ticket })] }
    expect(idsIn(listed, { kind: [1], id: 'a' })).toEqual(['ticket:a'])
  })

  test('should count a branch for what its type says, or for anything where it says nothing', () => {
    const list = { type: 'array', items: file }
    const schema = { anyOf: [list, { type: 'null' }, ticket, { type: 'object', additionalProperties: file }] }
    expect(idsIn(schema, 'a')).toEqual(['ticket:a'])
    expect(idsIn(schema, ['a', 'b'])).toEqual(['file:a', 'file:b'])
    expect(idsIn(schema, { x: 'a' })).toEqual(['file:a'])
    expect(idsIn(schema, null)).toEqual([])
    expect(idsIn({ anyOf: [true, { enum: ['a', 'b'], 'x-resource': 'ticket' }] }, 'a')).toEqual(['ticket:a'])
  })

  test('should tell leading items from those behind them', () => {
    const schema = { type: 'array', prefixItems: [ticket, ticket], items: file }
    expect(idsIn(schema, ['a', 'b', 'c'])).toEqual(['file:c', 'ticket:a', 'ticket:b'])
  })

  test('should take an absent value for none, and text for no list', () => {
    expect(idsIn(object({ id: ticket, more: object({ id: ticket }) }), { id: undefined, more: undefined })).toEqual([])
    expect(idsIn({ type: ['string', 'array'], items: ticket }, 'abc')).toEqual([])
  })

  test('should leave alone what one of the branches that it could be leaves open', () => {
    expect(idsIn({ anyOf: [{ type: 'object' }, object({ id: ticket })] }, { id: 'a', other: 'b' })).toEqual([
      'ticket:a',
    ])
  })

  test('should take no constant from a prototype', () => {
    const schema = { anyOf: [object({ toString: { const: 'x' }, id: ticket })] }
    expect(idsIn(schema, { id: 'a' })).toEqual(['ticket:a'])
  })

  test('should follow references, in circles too', () => {
    const schema = {
      $ref: '#/$defs/a',
      $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a', ...object({ id: ticket }) } },
    }
    expect(idsIn(schema, { id: 'a' })).toEqual(['ticket:a'])
  })

  test('should read a schema that lies inside a list', () => {
    const schema = object({
      first: { anyOf: [ticket, { type: 'null' }] },
      second: { $ref: '#/properties/first/anyOf/0' },
    })
    expect(idsIn(schema, { first: null, second: 'b' })).toEqual(['ticket:b'])
  })

  test('should read names and values of free members', () => {
    const schema = { type: 'object', propertyNames: ticket, additionalProperties: file }
    expect(idsIn(schema, { a: 'b' })).toEqual(['file:b', 'ticket:a'])
  })

  test('should read an id beneath every pattern of names', () => {
    const schema = { type: 'object', patternProperties: { '^a': ticket, '^b': file } }
    expect(idsIn(schema, { b1: 'x' })).toEqual(['file:x', 'ticket:x'])
  })

  test.each<[string, object, unknown]>([
    ['a number', object({ id: ticket }), { id: 1 }],
    ['an empty text', object({ id: ticket }), { id: '' }],
    ['a list', object({ id: ticket }), { id: ['a'] }],
  ])('should refuse %s at a marked place', (_what, schema, value) => {
    expect(() => idsIn(schema, value)).toThrow(InvalidInput)
    expect(() => idsIn(schema, value)).toThrow(expect.objectContaining({ field: 'input' }))
  })

  // What a schema says of its result is what it promises. A converter that leaves a transform out promises wrongly.
  test.each<[string, object, unknown]>([
    ['a member that is nowhere described', object({ id: ticket }), { ticket: { id: 'foreign' } }],
    ['a member beside the described ones', object({ id: ticket }), { id: 'own', other: 'foreign' }],
    ['a member that the schema denies', object({ id: ticket }, { additionalProperties: false }), { other: 'foreign' }],
    [
      'an item behind the described ones',
      object({ ids: { type: 'array', prefixItems: [ticket] } }),
      { ids: ['own', 'foreign'] },
    ],
    [
      'an item that the schema denies',
      object({ ids: { type: 'array', prefixItems: [ticket], items: false } }),
      { ids: ['own', 'foreign'] },
    ],
    ['a member beside none', object({}), { other: 'foreign' }],
    ['a member beside no pattern', { type: 'object', patternProperties: {} }, { other: 'foreign' }],
    ['a member beside none that may be', { type: 'object', additionalProperties: false }, { other: 'foreign' }],
    ['a member of which the name alone is described', { type: 'object', propertyNames: {} }, { other: 'foreign' }],
    ['an item where none may be', { type: 'array', items: false }, ['foreign']],
    ['an item behind no leading one', { type: 'array', prefixItems: [] }, ['foreign']],
    ['a member behind a reference', { $ref: '#/$defs/a', $defs: { a: object({}) } }, { other: 'foreign' }],
    ['a member that only a list leaves open', { anyOf: [{ type: 'array' }, object({ id: ticket })] }, { other: 'x' }],
    ['a member that only a text leaves open', { anyOf: [{ type: 'string' }, object({ id: ticket })] }, { other: 'x' }],
    [
      'an item that only an object leaves open',
      { anyOf: [{ type: 'object' }, { type: 'array', prefixItems: [ticket] }] },
      ['own', 'foreign'],
    ],
    ['a member that no branch describes', { anyOf: [object({ a: ticket }), object({ b: ticket })] }, { c: 'foreign' }],
  ])('should refuse %s: whether an id stands there cannot be told', (_what, schema, value) => {
    expect(() => idsIn(schema, value)).toThrow(InvalidInput)
    expect(() => idsIn(schema, value)).toThrow(expect.objectContaining({ field: 'input' }))
  })

  test('should leave alone what is open on purpose', () => {
    const schema = object({
      id: ticket,
      any: {},
      list: { type: 'array' },
      map: { type: 'object' },
      more: { additionalProperties: {} },
    })
    const value = { id: 'a', any: { b: ['c'] }, list: [1, { d: 2 }], map: { e: 'f' }, more: { g: 'h' } }
    expect(idsIn(schema, value)).toEqual(['ticket:a'])
  })

  describe('in a text', () => {
    const note = { type: 'string', ...resourceInText('ticket', /#(T-\d+)/) }
    const both = { type: 'string', ...resourceInText('ticket', /#(T-\d+)/), ...resourceInText('file', /F-\d+/) }

    test('should find every id, wherever it stands', () => {
      expect(idsIn(note, '#T-1#T-2, ##T-3\n(#T-1) #T-')).toEqual(['ticket:T-1', 'ticket:T-2', 'ticket:T-3'])
      expect(idsIn(both, 'F-1 of #T-1')).toEqual(['file:F-1', 'ticket:T-1'])
    })

    test('should take a text without any', () => {
      for (const text of ['', 'none', 'T-1', '#t-1']) expect(idsIn(note, text)).toEqual([])
    })

    test('should find the same whatever the app did with its pattern', () => {
      const pattern = /T-\d+/g
      pattern.lastIndex = 5
      const schema = { type: 'string', ...resourceInText('ticket', pattern) }
      pattern.test('T-1 T-2')
      for (let time = 0; time < 3; time++) expect(idsIn(schema, 'T-1 T-2')).toEqual(['ticket:T-1', 'ticket:T-2'])
    })

    test('should find it in lists, in names, in unions and behind references', () => {
      const node: Record<string, unknown> = object(
        { note: { $ref: '#/$defs/note' }, next: { $ref: '#' } },
        { $defs: { note } },
      )
      expect(idsIn(node, { note: '#T-1', next: { note: '#T-2', next: { note: '#T-3' } } })).toHaveLength(3)
      expect(
        idsIn({ type: 'object', propertyNames: note, additionalProperties: note }, { '#T-1': '#T-2' }),
      ).toHaveLength(2)
      expect(idsIn({ type: 'array', items: { anyOf: [{ type: 'number' }, note] } }, [1, '#T-1', '#T-2'])).toHaveLength(
        2,
      )
    })

    test('should count every branch that the text could be', () => {
      expect(idsIn({ anyOf: [note, { type: 'string', ...resourceInText('file', /T-\d+/) }, file] }, '#T-1')).toEqual([
        'file:#T-1',
        'file:T-1',
        'ticket:T-1',
      ])
    })

    test('should refuse a match without any letter, and what is no text', () => {
      const empty = { type: 'string', ...resourceInText('ticket', /\b(?=T)/) }
      expect(() => idsIn(empty, 'T-1')).toThrow(InvalidInput)
      for (const value of [1, ['#T-1'], { note: '#T-1' }]) expect(() => idsIn(note, value)).toThrow(InvalidInput)
    })
  })

  test('should find the ids of a URL, and refuse one without', () => {
    const link = { type: 'string', ...resourceInUrl('ticket', /^\/tickets\/([^/?]+)/) }
    expect(idsIn(object({ link }), { link: 'https://desk.example/tickets/T%201?tab=notes' })).toEqual(['ticket:T 1'])
    for (const text of ['', '/files/T-1', '/tickets/T-1#/tickets/T-2', '/tickets/../tickets/T-1'])
      expect(() => idsIn(object({ link }), { link: text }), text).toThrow(InvalidInput)
  })

  test('should refuse more ids than anybody would look up, counting each once', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => `#T-${at}`)
    const note = { type: 'string', ...resourceInText('ticket', /#T-\d+/) }
    const schema = object({ ids: { type: 'array', items: ticket }, note })
    expect(idsIn(schema, { ids: many(1_000), note: many(1_000).join(' ') })).toHaveLength(1_000)
    for (const value of [
      { ids: many(1_001) },
      { note: many(1_001).join() },
      { ids: many(999), note: '#T-a #T-2000 #T-2001' },
    ])
      expect(() => idsIn(schema, value)).toThrow(LimitExceeded)
    expect(() => idsIn(schema, { ids: many(1_001) })).toThrow('ids in the input (1000)')
  })
})
