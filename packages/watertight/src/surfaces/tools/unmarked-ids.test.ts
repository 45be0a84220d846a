import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { defineTool } from './define-tool.ts'
import type { ToolSchema } from './define-tool.ts'
import { notAResource, resource } from './schema-marks.ts'
import { isIdName } from './unmarked-ids.ts'

const rest = { name: 'read', description: 'Reads.', risk: 'read', role: 'viewer', ownerless: 'nothing' } as const
const define = (input: unknown, more: object = {}) =>
  defineTool({ ...rest, input: input as ToolSchema<unknown>, run: async () => 0, ...more })

const id = z.string().meta(resource('ticket'))
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
    ['beneath an object that is spoken for', () => z.object({ from: z.object({ ticketId: z.string() }).meta(none) })],
    ['valibot: a string', () => toStandardJsonSchema(v.object({ ticketId: v.string() }))],
    ['valibot: a UUID', () => toStandardJsonSchema(v.object({ subject: v.pipe(v.string(), v.uuid()) }))],
    ['arktype: a string', () => type({ ticketId: 'string' })],
    ['arktype: a list', () => type({ 'ticketIds?': 'string[]' })],
  ])('should be refused: %s', (_what, schema) => {
    expect(() => define(schema())).toThrow(/an id that nobody would look up/)
    expect(() => define(schema(), { strict: false })).not.toThrow()
  })

  test('should be named by its place', () => {
    const schema = z.object({ rows: z.array(z.object({ ticketId: z.string() })) })
    expect(() => define(schema)).toThrow('input.rows[].ticketId')
  })

  test('should be refused by whatever else than false stands for strict', () => {
    for (const strict of [undefined, true, 0, 'false', null])
      expect(() => define(z.object({ ticketId: z.string() }), { strict })).toThrow(TypeError)
  })
})

describe('what is marked, spoken for, or listed by the app', () => {
  test.each<[string, () => unknown]>([
    ['marks everywhere', () => z.object({ id, ticketIds: z.array(id).optional(), both: z.tuple([id, id]) })],
    ['marked keys of a record', () => z.object({ votesByTicketId: z.record(id, z.number()) })],
    ['a marked UUID', () => z.object({ subject: z.uuid().meta(resource('ticket')) })],
    ['a word for it', () => z.object({ pageId: z.string().meta(none), requestUuid: z.uuid().meta(none) })],
    ['a word for a number', () => z.object({ pageId: z.int().meta(none) })],
    ['a word for a list', () => z.object({ pageIds: z.array(z.int()).meta(none) })],
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
