import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Keyring } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { InvalidInput } from '../../errors.ts'
import { createHandles } from './handles.ts'
import { openIds, replaceIds } from './replace-ids.ts'
import { findResources } from './resource-hits.ts'
import { resourceInText, resourceInUrl } from './schema-marks.ts'
import type { JsonSchema } from './schema-marks.ts'

const place = { tenantId: 'acme', workspaceId: 'support', userId: 'alice', runId: 'run-1' }
const keyring = Keyring.parse(Keyring.generate())
const { seal, open } = createHandles(keyring, place)
const elsewhere = createHandles(keyring, { ...place, runId: 'run-2' })

const ticket = { type: 'string', 'x-resource': 'ticket' }
const file = { type: 'string', 'x-resource': 'file' }
const note = { type: 'string', ...resourceInText('ticket', /#(T-\d+)/), ...resourceInText('file', /F-\d+/) }
const link = { type: 'string', ...resourceInUrl('ticket', /^\/tickets\/([^/?]+)/) }
const object = (properties: object, more: object = {}): JsonSchema => ({ type: 'object', properties, ...more })

const schema = object(
  {
    id: ticket,
    title: { type: 'string' },
    ids: { type: 'array', items: ticket },
    pair: { type: 'array', prefixItems: [file, { type: 'number' }] },
    byTicket: { type: 'object', propertyNames: ticket, additionalProperties: file },
    which: { anyOf: [{ type: 'number' }, ticket, { type: 'null' }] },
    note,
    link,
    next: { $ref: '#' },
    open: {},
  },
  { additionalProperties: false },
)

const ids = fc.stringMatching(/^[A-Za-z0-9 äß@:,_.-]{1,20}$/).filter((id) => !/^ | $|^\.+$/.test(id))
const records: fc.Arbitrary<Json> = fc
  .record(
    {
      id: ids,
      title: fc.string({ unit: 'grapheme' }),
      ids: fc.array(ids),
      pair: fc.tuple(ids, fc.integer()),
      byTicket: fc.dictionary(ids, ids),
      which: fc.oneof(fc.integer(), ids, fc.constant(null)),
      note: fc.array(fc.constantFrom('#T-1', '#T-22', 'F-3', 'a', ' ', 'é', '#')).map((words) => words.join(' ')),
      link: ids.map((id) => encodeURI(`/tickets/${id.replaceAll('ä', 'é')}?tab=1`)),
      open: fc.constant({ id: 'T-1' }),
    },
    { requiredKeys: [] },
  )
  .map((record) => record as Json)

describe('replaceIds', () => {
  test('should leave none of the ids that would be looked up, and be undone by openIds', () => {
    fc.assert(
      fc.property(records, records, (inner, outer) => {
        const value = { ...(outer as object), next: inner } as Json
        const sealed = replaceIds(schema, value, seal)
        expect(openIds(schema, sealed, open)).toEqual({ value })
        const shown = findResources(schema, { ...(sealed as object), note: '', next: null, link: undefined })
        for (const { type, id } of shown) expect(open(type, id), id).toBeDefined()
      }),
    )
  })

  test('should leave everything else alone, and the value that it was given', () => {
    const value = { id: 'T-1', title: 'T-1', open: { id: 'T-1' }, which: 7 }
    const copy = structuredClone(value)
    expect(replaceIds(schema, value, seal)).toEqual({ ...value, id: seal('ticket', 'T-1') })
    expect(value).toEqual(copy)
    expect(replaceIds({ type: 'object' }, value, seal)).toEqual(value)
  })

  test('should replace each id inside a text, and nothing around it', () => {
    expect(replaceIds(note, 'See #T-1, #T-1 and F-2 (T-1).', seal)).toBe(
      `See #${seal('ticket', 'T-1')}, #${seal('ticket', 'T-1')} and ${seal('file', 'F-2')} (T-1).`,
    )
    expect(replaceIds(note, '', seal)).toBe('')
    const twice = { type: 'string', ...resourceInText('ticket', /T-\d+/), ...resourceInText('file', /\d+-F|T-\d+-F/) }
    expect(replaceIds(twice, 'T-1-F', seal)).toBe(`${seal('ticket', 'T-1')}-F`)
  })

  test('should replace each id inside a URL, which stays one', () => {
    expect(replaceIds(link, 'https://desk.example/tickets/T%201?q=a%20b', seal)).toBe(
      `https://desk.example/tickets/${seal('ticket', 'T 1')}?q=a%20b`,
    )
    for (const text of ['/files/T-1', '/tickets/T-1#x', '/tickets/%2e%2e'])
      expect(() => replaceIds(link, text, seal)).toThrow(InvalidInput)
  })

  test('should keep a member called __proto__ a member', () => {
    const value = JSON.parse('{"__proto__":"T-1","a":"T-2"}') as Json
    const sealed = replaceIds({ type: 'object', additionalProperties: ticket }, value, seal)
    expect(Object.entries(sealed as object)).toEqual([
      ['__proto__', seal('ticket', 'T-1')],
      ['a', seal('ticket', 'T-2')],
    ])
  })

  test('should seal by one type what could be of several, and open it by any', () => {
    const either = { anyOf: [ticket, file] }
    const sealed = replaceIds(either, 'X-1', seal)
    expect(sealed).toBe(seal('ticket', 'X-1'))
    expect(openIds(either, sealed, open)).toEqual({ value: 'X-1' })
    expect(openIds(either, seal('file', 'X-1'), open)).toEqual({ value: 'X-1' })
  })

  test.each<[string, Json]>([
    ['a part that the schema does not describe', { id: 'T-1', ticket: 'T-2' }],
    ['what is no text at a marked place', { id: 7 }],
    ['an object at a marked place', { id: { id: 'T-1' } }],
    ['an empty text at a marked place', { id: '' }],
  ])('should refuse %s rather than show it', (_what, value) => {
    expect(() => replaceIds(schema, value, seal)).toThrow(InvalidInput)
    expect(() => replaceIds(schema, value, seal)).toThrow(expect.objectContaining({ field: 'output' }))
  })
})

describe('openIds', () => {
  const foreign = elsewhere.seal('ticket', 'T-1')

  test.each<[string, Json, readonly string[]]>([
    ['a real id', { id: 'T-1' }, ['ticket']],
    ['a handle of another run', { id: foreign }, ['ticket']],
    ['a handle of another type', { id: seal('file', 'T-1') }, ['ticket']],
    ['a handle among blanks', { id: ` ${seal('ticket', 'T-1')}` }, ['ticket']],
    ['two handles', { id: seal('ticket', 'T-1') + seal('ticket', 'T-2') }, ['ticket']],
    ['one of several', { ids: [seal('ticket', 'T-1'), 'T-2', foreign] }, ['ticket', 'ticket']],
    ['a name', { byTicket: { 'T-1': seal('file', 'F-1') } }, ['ticket']],
    ['a value of a name', { byTicket: { [seal('ticket', 'T-1')]: 'F-1' } }, ['file']],
    ['a branch', { which: 'T-1' }, ['ticket']],
    ['a handle of another run in a text', { note: `see ${foreign}` }, ['file,ticket']],
    ['a handle with a letter too many in a text', { note: `${seal('ticket', 'T-1')}x` }, ['file,ticket']],
    ['a handle of another run in a link', { link: `/tickets/${foreign}` }, ['ticket']],
    ['deeper', { next: { next: { id: 'T-1', ids: ['T-2'] } } }, ['ticket', 'ticket']],
  ])('should tell of what does not open: %s', (_what, value, unopened) => {
    expect(openIds(schema, value, open)).toEqual({ unopened })
  })

  test('should try the same handles whether one of them opens or not', () => {
    const tried = (first: string) => {
      const asked: string[] = []
      openIds(schema, { id: first, ids: [seal('ticket', 'T-2')], pair: [seal('file', 'F-1'), 1] }, (type, handle) => {
        asked.push(type)
        return open(type, handle)
      })
      return asked
    }
    expect(tried(foreign)).toEqual(tried(seal('ticket', 'T-1')))
    expect(tried(foreign)).toEqual(['ticket', 'ticket', 'file'])
  })

  test('should leave to validation what the schema does not describe', () => {
    const value = { title: foreign, more: { id: 'T-1' } }
    expect(openIds(schema, value, open)).toEqual({ value })
  })

  test('should leave an id that is written out in a text, which is resolved like any other', () => {
    const handle = seal('ticket', 'T-1')
    expect(openIds(note, `#T-2 and #${handle}, (${handle})`, open)).toEqual({ value: '#T-2 and #T-1, (T-1)' })
    expect(openIds(link, '/tickets/T-2', open)).toEqual({ value: '/tickets/T-2' })
  })

  test('should let no id add a segment or a parameter to a URL', () => {
    for (const id of ['T-1/../T-2', 'T-1?ticket=T-2', 'T-1&a=b', 'T-1#x', 'T-1;x', '%2e%2e', '\\', '+']) {
      const { value } = openIds(link, `/tickets/${seal('ticket', id)}`, open)
      expect(new URL(value as string, 'https://desk.example').pathname.split('/')).toHaveLength(3)
      expect(() => findResources(link, value)).toThrow(InvalidInput)
    }
  })

  test('should refuse two names that become one', () => {
    const rotated = Keyring.parse(`${Keyring.generate().replace('1:', '2:')},${Keyring.generate()}`)
    const older = createHandles(rotated, place)
    const openEither = (type: string, handle: string) => open(type, handle) ?? older.open(type, handle)
    const value = { [seal('ticket', 'T-1')]: 1, [older.seal('ticket', 'T-1')]: 2 }
    const byTicket = { type: 'object', propertyNames: ticket }
    expect(() => openIds(byTicket, value, openEither)).toThrow(InvalidInput)
  })

  test.each<Json>([{ id: 7 }, { id: '' }, { id: ['T-1'] }, { note: 7 }])('should refuse %j', (value) => {
    expect(() => openIds(schema, value, open)).toThrow(expect.objectContaining({ field: 'input' }))
  })
})
