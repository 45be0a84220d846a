import { describe, expect, test } from 'vitest'

import {
  findLostMark,
  followReference,
  notAResource,
  propertyNamesOf,
  readMarks,
  resource,
  resourceInText,
  resourceInUrl,
  withoutMarks,
} from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'

const ticket = { type: 'string', 'x-resource': 'ticket' }
const object = (properties: object, more: object = {}): JsonSchema => ({ type: 'object', properties, ...more })

describe('resource', () => {
  test.each(['ticket', 'T', 'a-b_9', 'x'.repeat(64)])('should mark with the type %s', (type) => {
    expect(resource(type)).toEqual({ 'x-resource': type })
  })

  test.each<unknown>(['', '9a', '_a', ' a', 'a b', 'a\n', 'a|b', 'x'.repeat(65), 7, null, ['ticket'], undefined])(
    'should refuse the type %j',
    (type) => {
      expect(() => resource(type as string)).toThrow(TypeError)
    },
  )
})

describe.each([
  ['text', resourceInText],
  ['url', resourceInUrl],
] as const)('a mark of ids in a %s', (kind, mark) => {
  test('should be data of JSON, whole', () => {
    const made = mark('ticket', /#(T-\d+)/i)
    expect(made).toEqual({ [`x-resource-in-${kind}:ticket`]: { source: '#(T-\\d+)', flags: 'giu' } })
    expect(JSON.parse(JSON.stringify(made))).toEqual(made)
  })

  test('should stand beside that of another type', () => {
    expect(Object.keys({ ...mark('ticket', /T/), ...mark('file', /F/) })).toHaveLength(2)
  })

  test.each<unknown>(['', '9a', ' a', 'a b', 'a\n', 'x'.repeat(65), 7, null, undefined])(
    'should refuse the type %j',
    (type) => {
      expect(() => mark(type as string, /T/)).toThrow(TypeError)
    },
  )

  test.each<[unknown, RegExp]>([
    [/T/y, /without the flag y/],
    [/T*/, /empty text/],
    [/T|/, /empty text/],
    [/(?:)/, /empty text/],
    [/^/m, /empty text/],
    [new RegExp('T\\-'), /valid with the flag u/],
    ['T-\\d+', /regular expression/],
    [{ source: 'T', flags: 'g' }, /regular expression/],
    [undefined, /regular expression/],
  ])('should refuse the pattern %s', (pattern, message) => {
    expect(() => mark('ticket', pattern as RegExp)).toThrow(TypeError)
    expect(() => mark('ticket', pattern as RegExp)).toThrow(message)
  })
})

describe('notAResource', () => {
  test('should keep the reason under its own key', () => {
    expect(notAResource('a colour')).toEqual({ 'x-not-a-resource': 'a colour' })
  })

  test.each<unknown>(['', ' ', 7, null, undefined, ['a colour']])('should refuse the reason %j', (reason) => {
    expect(() => notAResource(reason as string)).toThrow('notAResource() needs the reason.')
  })
})

describe('readMarks', () => {
  const marks = (schema: object) => readMarks(schema as JsonSchema)
  const at = (id: object, more: object = {}) => object({ id: { 'x-resource': 'ticket', ...id } }, more)

  test.each<[string, object]>([
    ['a string', at({ type: 'string' })],
    ['a string or null', at({ type: ['string', 'null'] })],
    ['null', at({ type: 'null' })],
    ['one of several texts', at({ enum: ['a', null] })],
    ['one text', at({ const: 'a' })],
    ['a constant null', at({ const: null })],
    ['a string behind a reference', at({ $ref: '#/$defs/id' }, { $defs: { id: { type: 'string' } } })],
    ['a string of which more is said', at({ allOf: [{ minLength: 1 }, { type: 'string' }] })],
    ['one string of several', at({ anyOf: [{ type: 'string' }, { const: 'a' }, { type: 'null' }] })],
    ['exactly one string of several', at({ oneOf: [{ type: 'string' }, { enum: ['a'] }] })],
  ])('should take a mark on %s', (_what, schema) => {
    expect(marks(schema)).toEqual(['ticket'])
  })

  test.each<[string, object]>([
    ['a number', at({ type: 'number' })],
    ['a string or a number', at({ type: ['string', 'number'] })],
    ['anything', at({})],
    ['numbers', at({ enum: [1] })],
    ['a text or a number', at({ enum: ['a', 1] })],
    ['a number or null', at({ enum: [null, 1] })],
    ['one number', at({ const: 1 })],
    ['a constant list', at({ const: ['a'] })],
    ['what is absent', at({ const: undefined })],
    ['a number behind a reference', at({ $ref: '#/$defs/id' }, { $defs: { id: { type: 'number' } } })],
    ['what more is said of', at({ allOf: [{ minLength: 1 }] })],
    ['no branch', at({ anyOf: [] })],
    ['a branch that is no schema', at({ anyOf: [true] })],
    ['a string or an object', at({ anyOf: [{ type: 'string' }, { type: 'object' }] })],
    ['an object or a string', at({ oneOf: [{ type: 'object' }, { type: 'string' }] })],
  ])('should refuse a mark on %s', (_what, schema) => {
    expect(() => marks(schema)).toThrow('the mark at #/properties/id stands on something else than a string')
  })

  test.each<unknown>(['', '9', 'a b', 7, null, true, ['ticket'], { type: 'ticket' }])(
    'should refuse a mark with the type %j',
    (type) => {
      expect(() => marks(object({ id: { type: 'string', 'x-resource': type } }))).toThrow(
        'the mark at #/properties/id names no type',
      )
    },
  )

  const bare = (mark: object) => object({ note: { type: 'string', ...mark } })

  test('should take marks of ids inside a text', () => {
    expect(marks(bare({ ...resourceInText('ticket', /T/), ...resourceInUrl('file', /F/) }))).toEqual(['ticket', 'file'])
  })

  test.each<[string, object]>([
    ['has no pattern', { 'x-resource-in-text:ticket': {} }],
    ['has no pattern', { 'x-resource-in-text:ticket': 'T' }],
    ['has no pattern', { 'x-resource-in-text:ticket': null }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T', flags: '' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T', flags: 'u' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T', flags: 'guy' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T(', flags: 'gu' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: 'T*', flags: 'gu' } }],
    ['has no pattern', { 'x-resource-in-url:ticket': { source: ['T'], flags: 'gu' } }],
    ['names no type', { 'x-resource-in-text:': { source: 'T', flags: 'gu' } }],
    ['names no type', { 'x-resource-in-text:a b': { source: 'T', flags: 'gu' } }],
    ['names no type', { 'x-resource-in-text': { source: 'T', flags: 'gu' } }],
    ['names no type', { 'x-resource-in-markdown:ticket': { source: 'T', flags: 'gu' } }],
    ['says both', { ...resource('ticket'), ...resourceInText('ticket', /T/) }],
  ])('should refuse one that %s', (message, mark) => {
    expect(() => marks(bare(mark))).toThrow(`the mark at #/properties/note ${message}`)
  })

  test('should refuse a mark of ids inside what is no text', () => {
    expect(() => marks(object({ note: { type: 'number', ...resourceInText('ticket', /T/) } }))).toThrow(
      'something else than a string',
    )
    expect(() => marks({ ...object({}), not: resourceInUrl('ticket', /T/) })).toThrow(
      'where no input is compared with it',
    )
  })

  test.each<[string, object]>([
    ['#/not/properties/id', { ...object({}), not: object({ id: ticket }) }],
    ['#/$defs/id', { ...object({}), $defs: { id: ticket } }],
    ['#/definitions/id', { ...object({}), definitions: { id: ticket } }],
    ['#/dependentSchemas/x/properties/id', { ...object({}), dependentSchemas: { x: object({ id: ticket }) } }],
    ['#/allOf/0/else', { allOf: [{ else: ticket }] }],
  ])('should refuse a mark at %s, where no input is compared with it', (path, schema) => {
    expect(() => marks(schema)).toThrow(`the mark at ${path} stands where no input is compared with it`)
  })

  test.each(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])(
    'should take what is called like the mark, or like data, beneath %s for a name',
    (keyword) => {
      for (const name of ['default', 'const', 'enum', 'examples'])
        expect(() => marks({ [keyword]: { [name]: { type: 'number', 'x-resource': 'ticket' } } })).toThrow(
          `the mark at #/${keyword}/${name} stands`,
        )
      expect(marks({ [keyword]: { 'x-resource': { type: 'string' } } })).toEqual([])
    },
  )

  test.each(['default', 'const', 'enum', 'examples'])('should take nothing beneath %s for a mark', (keyword) => {
    expect(marks({ [keyword]: { 'x-resource': 7 } })).toEqual([])
    expect(marks({ [keyword]: [{ deep: { 'x-resource': 7 } }] })).toEqual([])
  })

  test('should read over keywords that hold nothing', () => {
    const nothing = {
      properties: null,
      patternProperties: undefined,
      anyOf: null,
      prefixItems: undefined,
      title: undefined,
    }
    expect(marks({ ...nothing, items: ticket })).toEqual(['ticket'])
  })

  test('should read a schema that holds itself, and each type once', () => {
    const node: Record<string, unknown> = object({ id: ticket, other: ticket })
    node['items'] = node
    expect(marks(node)).toEqual(['ticket'])
  })

  test.each(['$dynamicRef', '$recursiveRef'])('should refuse a schema with %s, which leads anywhere', (keyword) => {
    expect(() => marks(object({ id: { [keyword]: '#' } }))).toThrow(/dynamic reference/)
  })
})

describe('findLostMark', () => {
  test.each<[string, JsonSchema, JsonSchema]>([
    ['#', ticket, { type: 'string' }],
    ['#/properties/id', object({ id: ticket }), object({ id: { type: 'string' } })],
    ['#/properties/id', object({ id: ticket }), object({})],
    ['#/properties/a/properties/id', object({ a: object({ id: ticket }) }), object({})],
    ['#/properties/id', object({ id: ticket }), object({ id: { ...ticket, 'x-resource': 'file' } })],
    ['#/items', { items: ticket }, { items: { type: 'string' } }],
    ['#/$ref', { $ref: '#/$defs/a', $defs: { a: ticket } }, { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }],
  ])('should find the mark that is lost at %s', (path, shown, parsed) => {
    expect(findLostMark(shown, parsed)).toBe(path)
  })

  test.each([
    [{ type: 'string' }],
    [{ type: 'string', ...resource('ticket') }],
    [{ type: 'string', ...resourceInText('file', /T/) }],
    [{ type: 'string', ...resourceInUrl('ticket', /T/) }],
    [{ type: 'string', ...resourceInText('ticket', /U/) }],
    [{ type: 'string', ...resourceInText('ticket', /T/i) }],
  ])('should find the mark of ids in a text that became %j', (other) => {
    const text = { type: 'string', ...resourceInText('ticket', /T/) }
    expect(findLostMark({ items: text }, { items: other })).toBe('#/items')
    expect(findLostMark({ items: text }, { items: structuredClone(text) })).toBeUndefined()
  })

  test('should find none where all stay, in circles too', () => {
    const circle = { ...object({ id: ticket, next: { $ref: '#' } }), items: { $ref: '#' } }
    expect(findLostMark(circle, structuredClone(circle))).toBeUndefined()
    expect(findLostMark(object({ a: { type: 'string' } }), object({ a: ticket }))).toBeUndefined()
  })
})

describe('propertyNamesOf', () => {
  test('should list each name that a schema asks for, and nothing else', () => {
    const schema = {
      ...object({ a: object({ b: { type: 'string' } }) }, { required: ['c', 7] }),
      propertyNames: { enum: ['d', 8], const: 'e' },
      anyOf: [{ items: { propertyNames: { const: 'f' } } }],
    }
    expect([...propertyNamesOf(schema)].toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect([...propertyNamesOf({})]).toEqual([])
    expect([...propertyNamesOf({ properties: [], required: 'x', propertyNames: true })]).toEqual([])
  })
})

describe('withoutMarks', () => {
  test('should leave out the marks alone', () => {
    const schema = object({ id: ticket, ids: { anyOf: [ticket, { items: [[ticket]] }, true, null, 7] } })
    const plain = { type: 'string' }
    const unmarked = object({ id: plain, ids: { anyOf: [plain, { items: [[plain]] }, true, null, 7] } })
    expect(withoutMarks(schema)).toEqual(unmarked)
    const inside = { ...resourceInText('ticket', /T/), ...resourceInUrl('file', /F/) }
    expect(withoutMarks(object({ note: { ...plain, ...inside } }))).toEqual(object({ note: plain }))
  })
})

describe('followReference', () => {
  const root: JsonSchema = {
    $defs: {
      a: ticket,
      'b/c': ticket,
      'd~e': ticket,
      'f g': ticket,
      list: [ticket],
      text: 'x',
      none: null,
      '~1': ticket,
    },
    '': { x: ticket },
  }
  test.each(['#/$defs/a', '#/$defs/b~1c', '#/$defs/d~0e', '#/$defs/f%20g', '#/$defs/list/0', '#/$defs/~01', '#//x'])(
    'should find what %s names',
    (reference) => {
      expect(followReference(root, reference)).toBe(ticket)
    },
  )

  test('should find the schema itself', () => {
    expect(followReference(root, '#')).toBe(root)
  })

  test.each<unknown>([
    '#/$defs/z',
    '#/$defs/a/x',
    '#/$defs/list',
    '#/$defs/text',
    '#/$defs/text/length',
    '#/$defs/none',
    '#/$defs/none/x',
    '#/$defs/z/x',
    '#/$defs/toString',
    '#/$defs/__proto__',
    '#/constructor',
    '#$defs/a',
    'x#/$defs/a',
    '/$defs/a',
    '',
    '#a',
    7,
    null,
    undefined,
    ['#/$defs/a'],
  ])('should refuse %j, which leads nowhere', (reference) => {
    expect(() => followReference(root, reference)).toThrow('it refers to a schema that is not there')
  })
})

test('should refuse a mark on what refers to itself, and not look for its end', () => {
  const endless = { type: 'object', properties: { id: { ...resource('ticket'), $ref: '#/properties/id' } } }
  expect(() => readMarks(endless)).toThrow(TypeError)
  expect(() => readMarks({ ...resource('ticket'), anyOf: [{ $ref: '#' }] })).toThrow(TypeError)
})
