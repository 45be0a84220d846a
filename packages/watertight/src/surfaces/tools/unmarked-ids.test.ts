import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from './define-tool.ts'
import type { ToolSchema } from './define-tool.ts'
import { notAResource, resource, resourceInText, resourceInUrl } from './schema-marks.ts'
import { isIdName } from './unmarked-ids.ts'

const rest = { name: 'read', description: 'Reads.', risk: 'read', role: 'viewer', ownerless: 'nothing' } as const
const define = (input: unknown, more: object = {}) =>
  defineTool({ ...rest, input: input as ToolSchema<unknown>, run: async () => 0, ...more })

const id = z.string().meta(resource('ticket'))
const referred = z.string().meta({ ...resource('ticket'), id: 'TicketId' })
const referredPlace = z.object({ ticketId: z.string() }).meta({ id: 'Place' })
const none = notAResource('the number of a page in the public handbook')

describe('a name', () => {
  test.each([
    'id',
    'ids',
    'ID',
    '_id',
    'Id',
    'ticketId',
    'ticketIds',
    'ticketID',
    'ticketIDs',
    'ticket_id',
    'ticket-ids',
    'TICKET_ID',
    'ticketid',
    'ticketids',
    'userUuid',
    'uuid',
    'user_uuids',
    'ticketId2',
    'rowGuid',
    'externalIdentifier',
    'order_pk',
    'ｔｉｃｋｅｔＩｄ',
    'ticketІd',
    'customer.id',
    'filter[ticket_id]',
    'mongoOid',
    'gizmoId',
    'gizmo_ids',
    'bigGizmoId',
    'bigGizmoIDs',
    'veryBigGizmoIDs',
    'ticketiD',
    'uid',
    'uids',
    'guid',
    'ulid',
    'cuid',
    'nanoid',
    'oids',
    'pk',
    'identifiers',
    'ticketuuid',
    'ticketsids',
    'userguids',
  ])('should be that of an id: %s', (name) => {
    expect(isIdName(name)).toBe(true)
  })

  test.each([
    'title',
    'paid',
    'valid',
    'grid',
    'isValid',
    'amountPaid',
    'identity',
    'idea',
    'void',
    'android',
    'pkg',
    'guide',
    'video',
    'ticketidea',
    'rigid',
    'uuidv7',
    'idle',
    '',
  ])('should be no id’s: %j', (name) => {
    expect(isIdName(name)).toBe(false)
  })
})

describe('an id without a mark', () => {
  test.each<[string, () => unknown]>([
    ['a string', () => z.object({ ticketId: z.string() })],
    ['an optional one', () => z.object({ ticketId: z.string().optional() })],
    ['a nullable one', () => z.object({ ticketId: z.string().nullable() })],
    ['one with a default', () => z.object({ ticketId: z.string().default('T-1') })],
    ['a number', () => z.object({ ticketId: z.number() })],
    ['a whole number', () => z.object({ id: z.int() })],
    ['anything', () => z.object({ ticketId: z.any() })],
    ['a list', () => z.object({ ticketIds: z.array(z.string()) })],
    ['a list of anything', () => z.object({ ticketIds: z.array(z.unknown()) })],
    ['a tuple, of which one part is marked', () => z.object({ ids: z.tuple([id, z.string()]) })],
    ['a branch of a union', () => z.object({ ticketId: z.union([id, z.string().max(3)]) })],
    ['the keys of a record', () => z.object({ votesByTicketId: z.record(z.string(), z.boolean()) })],
    ['the values of a record', () => z.object({ ids: z.record(z.enum(['first', 'second']), z.string()) })],
    ['a member of what is named so', () => z.object({ ticketId: z.object({ value: z.string() }) })],
    ['an open object', () => z.object({ ticketId: z.looseObject({}) })],
    ['deep down', () => z.object({ rows: z.array(z.object({ cells: z.array(z.object({ ticket_id: z.string() })) })) })],
    [
      'a recursive schema',
      () => {
        const node: z.ZodType = z.object({
          get children() {
            return z.array(node)
          },
          ticketId: z.string(),
        })
        return z.object({ node })
      },
    ],
    ['a UUID under a plain name', () => z.object({ subject: z.uuid() })],
    ['UUIDs under a plain name', () => z.object({ subjects: z.array(z.uuid()) })],
    ['a UUID that is not to be named at all', () => z.array(z.uuid())],
    ['beside a marked one', () => z.object({ ticketId: id, userId: z.string() })],
    [
      'in objects of a list that is spoken for',
      () => z.object({ rows: z.array(z.object({ ticketId: z.string() })).meta(none) }),
    ],
    [
      'in objects of a record that is spoken for',
      () => z.object({ by: z.record(z.string(), z.object({ id: z.string() })).meta(none) }),
    ],
    [
      'in a branch of a union that is spoken for',
      () => z.object({ from: z.union([z.string(), z.object({ id: z.string() })]).meta(none) }),
    ],
    ['behind a reference that is spoken for', () => z.object({ a: referredPlace.meta(none), b: referredPlace })],
    ['a ULID under a plain name', () => z.object({ subject: z.ulid() })],
    ['a nanoid under a plain name', () => z.object({ subject: z.nanoid() })],
    ['a cuid2 under a plain name', () => z.object({ subject: z.cuid2() })],
    ['beneath an object that is spoken for', () => z.object({ from: z.object({ ticketId: z.string() }).meta(none) })],
    ['valibot: a string', () => toStandardJsonSchema(v.object({ ticketId: v.string() }))],
    ['valibot: a UUID', () => toStandardJsonSchema(v.object({ subject: v.pipe(v.string(), v.uuid()) }))],
    ['arktype: a string', () => type({ ticketId: 'string' })],
    ['arktype: a list', () => type({ 'ticketIds?': 'string[]' })],
  ])('should be refused: %s', (_what, schema) => {
    expect(() => define(schema())).toThrow(/an id that nobody would look up/)
    expect(() => define(schema(), { strict: false })).not.toThrow()
  })

  test('should be refused by whatever else than false stands for strict', () => {
    for (const strict of [undefined, true, 0, 'false', null])
      expect(() => define(z.object({ ticketId: z.string() }), { strict })).toThrow(TypeError)
  })
})

/** A schema of one's own, in which an id stands beneath one keyword and no type is named. */
const saying = (part: object) => ({
  '~standard': {
    version: 1,
    vendor: 'own',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => objectOf(part), output: () => objectOf(part) },
  },
})
const objectOf = (ticketIds: object) => ({ type: 'object', properties: { ticketIds } })
const marked = { type: 'string', ...resource('ticket') }

describe.each<[string, (part: object) => object]>([
  ['a member', (part) => ({ type: 'object', properties: { first: part }, additionalProperties: false })],
  ['a pattern', (part) => ({ type: 'object', patternProperties: { '^a': part }, propertyNames: { enum: ['a'] } })],
  ['a value', (part) => ({ type: 'object', additionalProperties: part, propertyNames: { enum: ['a'] } })],
  ['a key', (part) => ({ type: 'object', propertyNames: part, additionalProperties: { type: 'boolean' } })],
  ['a part of a tuple', (part) => ({ type: 'array', prefixItems: [marked, part] })],
  ['an item', (part) => ({ type: 'array', items: part })],
  ['an item behind a tuple', (part) => ({ type: 'array', prefixItems: [marked], items: part })],
  ['a branch', (part) => ({ anyOf: [part, { type: 'null' }] })],
  ['a branch of one', (part) => ({ oneOf: [marked, part] })],
  ['a list that may be absent', (part) => ({ type: ['array', 'null'], items: part })],
  [
    'an object that may be a list',
    (part) => ({ type: ['array', 'object'], items: marked, properties: { first: part } }),
  ],
])('as %s', (_what, holding) => {
  test('should be found where it has no mark, and taken where it has', () => {
    expect(() => define(saying(holding(marked)))).not.toThrow()
    for (const bare of [{ type: 'string' }, { type: 'number' }, { type: 'integer' }, { type: ['null', 'string'] }, {}])
      expect(() => define(saying(holding(bare)))).toThrow(/an id that nobody would look up/)
  })
})

test.each<[string, object]>([
  ['no word of a type', {}],
  ['no word of a type, and marked members', { properties: { first: marked } }],
  ['text as well as an object', { type: ['string', 'object'], properties: {} }],
  ['any object', { type: 'object' }],
  ['any value under keys of the app', { type: 'object', additionalProperties: true, propertyNames: { enum: ['a'] } }],
  ['any key', { type: 'object', additionalProperties: marked }],
  ['any list', { type: 'array' }],
  ['what two say together', { allOf: [{ type: 'string' }, { minLength: 1 }] }],
])('should be found where a schema takes %s', (_what, part) => {
  expect(() => define(saying(part))).toThrow(/an id that nobody would look up/)
})

test.each<[string, object]>([
  ['a flag or nothing', { type: ['boolean', 'null'] }],
  ['a mark beside what it is', { allOf: [{ type: 'string' }, marked] }],
  ['marked parts of a tuple', { type: 'array', prefixItems: [marked, marked] }],
  ['marked members alone', { type: 'object', properties: { first: marked } }],
  ['counts by marked keys', { type: 'object', propertyNames: marked, additionalProperties: { type: 'number' } }],
])('should not be seen in %s', (_what, part) => {
  expect(() => define(saying(part))).not.toThrow()
})

test.each<[string, unknown]>([
  ['input.rows[].ticketId', z.object({ rows: z.array(z.object({ ticketId: z.string() })) })],
  ['input.votesByTicketId{key}', z.object({ votesByTicketId: z.record(z.string(), z.boolean()) })],
  ['input.ids{}', z.object({ ids: z.record(z.enum(['first']), z.string()) })],
  ['input.by{key}', z.object({ by: z.record(z.uuid(), z.boolean()) })],
  ['input.ticketId:', z.object({ ticketId: z.union([id, z.number()]) }).describe('a union adds no step')],
  ['input.a.ticketId', z.object({ a: z.object({ ticketId: z.string() }).meta({ id: 'Referred' }) })],
])('should be named by its place: %s', (place, schema) => {
  const told = place.replace(/:$/, '.') // the end of the sentence
  expect(() => define(schema)).toThrow(told.endsWith('.') ? `look up: ${told} Mark` : place)
})

describe('what is marked, spoken for, or listed by the app', () => {
  test.each<[string, () => unknown]>([
    ['marks everywhere', () => z.object({ id, ticketIds: z.array(id).optional(), both: z.tuple([id, id]) })],
    ['marked keys of a record', () => z.object({ votesByTicketId: z.record(id, z.number()) })],
    ['a marked UUID', () => z.object({ subject: z.uuid().meta(resource('ticket')) })],
    ['a word for it', () => z.object({ pageId: z.string().meta(none), requestUuid: z.uuid().meta(none) })],
    ['a word for a number', () => z.object({ pageId: z.int().meta(none) })],
    ['a word for a list', () => z.object({ pageIds: z.array(z.int()).meta(none) })],
    ['a mark behind a reference', () => z.object({ ticketId: referred, otherTicketId: referred })],
    ['an enum', () => z.object({ colourId: z.enum(['red', 'green']) })],
    ['a constant', () => z.object({ kindId: z.literal('ticket') })],
    ['a flag', () => z.object({ showId: z.boolean() })],
    ['plain names', () => z.object({ title: z.string(), paid: z.boolean(), amount: z.number(), grid: z.string() })],
    ['valibot: a word for it', () => toStandardJsonSchema(v.object({ pageId: v.pipe(v.string(), v.metadata(none)) }))],
    ['arktype: a word for it', () => type({ pageId: type('string').configure(none) })],
  ])('should be taken: %s', (_what, schema) => {
    expect(() => define(schema())).not.toThrow()
  })

  test('should not be told to the model', () => {
    expect(JSON.stringify(define(z.object({ pageId: z.string().meta(none) })).inputSchema)).not.toContain('handbook')
  })

  test.each([[''], [' '], [undefined], [1]])('should have a reason, not %j', (reason) => {
    expect(() => notAResource(reason as string)).toThrow(TypeError)
  })
})

test('should take a text with ids inside for spoken for, by each of the marks', () => {
  for (const mark of [resourceInText('ticket', /T-\d+/), resourceInUrl('ticket', /T-\d+/)]) {
    const text = z.string().meta(mark)
    for (const input of [
      z.object({ ticketIds: text }),
      z.object({ ticketIds: z.array(text) }),
      z.object({ byTicketId: z.record(text, z.string()) }),
      z.object({ ticketId: z.string().uuid().meta(mark) }),
    ])
      expect(() => define(input)).not.toThrow()
  }
})
