import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { defineTool, resource, resourceInText, resourceInUrl } from '../../src/surfaces/tools/index.ts'
import type { Tool, ToolSchema } from '../../src/surfaces/tools/index.ts'
import {
  alice,
  canaryOf,
  composed,
  decomposed,
  lookAlikesOf,
  onEachDesk,
  otherTenant,
  outcomeOf,
  ownerOf,
  ownIdOf,
  sharedId,
  statementsOf,
  toolEventsOf,
  twins,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Ticket, ToolHouse } from './tools-fixture.ts'

const id = resourceId('ticket')
const valibotId = v.pipe(v.string(), v.minLength(1), v.metadata(resource('ticket')))
const arkId = type('string > 0').configure(resource('ticket'))

const inText = resourceInText('ticket', /<([^>]+)>/)
const inUrl = resourceInUrl('ticket', /^\/tickets\/([^/?]+)/)
const textWith = (ticketId: string) => `As in <${sharedId}>, see <${ticketId}>, please.`
const urlWith = (ticketId: string) => `https://desk.example/tickets/${encodeURIComponent(ticketId)}?tab=notes`

interface ZodNode {
  id: string
  children: ZodNode[]
}
const zodNode: z.ZodType<ZodNode> = z.object({
  id,
  get children() {
    return z.array(zodNode)
  },
})
interface LazyNode {
  id: string
  next?: LazyNode | undefined
}
const lazyNode: z.ZodType<LazyNode> = z.lazy(() => z.object({ id, next: lazyNode.optional() }))
const valibotNode: v.GenericSchema<LazyNode> = v.object({ id: valibotId, next: v.optional(v.lazy(() => valibotNode)) })
const arkNode = type.module({ node: { id: arkId, 'next?': 'node' } }).node

interface Place {
  /** the input of a tool that has an id there */
  readonly schema: ToolSchema<unknown>
  /** an input with this id at that place, and own ids at the others */
  readonly holding: (ticketId: string) => unknown
}

/** Every place where a mark may stand, in each of the libraries. */
const places: Readonly<Record<string, Place>> = {
  'zod, plain': { schema: z.object({ id }), holding: (ticketId) => ({ id: ticketId }) },
  'zod, optional': { schema: z.object({ id: id.optional() }), holding: (ticketId) => ({ id: ticketId }) },
  'zod, nullish': { schema: z.object({ id: id.nullish() }), holding: (ticketId) => ({ id: ticketId }) },
  'zod, default': {
    schema: z.object({ id: z.string().meta(resource('ticket')).default(sharedId) }),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'zod, catch': {
    schema: z.object({ id: z.string().meta(resource('ticket')).catch(sharedId) }),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'zod, preprocess': {
    schema: z.object({ id: z.preprocess((value) => (Array.isArray(value) ? value[0] : value), id) }),
    holding: (ticketId) => ({ id: [ticketId] }),
  },
  'zod, refined, described, read-only': {
    schema: z.object({
      id: id
        .refine(() => true)
        .describe('which')
        .readonly(),
    }),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'zod, trimmed': {
    schema: z.object({ id: z.string().meta(resource('ticket')).trim() }),
    holding: (ticketId) => ({ id: `\t${ticketId}\n` }),
  },
  'zod, under a name of its own': {
    schema: z.object({ a: id.meta({ id: 'TicketId' }), b: z.array(id.meta({ id: 'TicketId2' })) }),
    holding: (ticketId) => ({ a: sharedId, b: [sharedId, ticketId] }),
  },
  'zod, nested': {
    schema: z.object({ a: z.object({ b: z.object({ id }) }) }),
    holding: (ticketId) => ({ a: { b: { id: ticketId } } }),
  },
  'zod, array': { schema: z.object({ ids: z.array(id) }), holding: (ticketId) => ({ ids: [sharedId, ticketId] }) },
  'zod, array of arrays': {
    schema: z.object({ ids: z.array(z.array(id)) }),
    holding: (ticketId) => ({ ids: [[], [sharedId, ticketId]] }),
  },
  'zod, tuple': {
    schema: z.object({ pair: z.tuple([z.number(), id]) }),
    holding: (ticketId) => ({ pair: [1, ticketId] }),
  },
  'zod, rest of a tuple': {
    schema: z.object({ list: z.tuple([z.string()]).rest(id) }),
    holding: (ticketId) => ({ list: ['x', sharedId, ticketId] }),
  },
  'zod, value of a record': {
    schema: z.object({ by: z.record(z.string(), id) }),
    holding: (ticketId) => ({ by: { one: sharedId, two: ticketId } }),
  },
  'zod, key of a record': {
    schema: z.object({ by: z.record(id, z.number()) }),
    holding: (ticketId) => ({ by: { [sharedId]: 1, [ticketId]: 2 } }),
  },
  'zod, catchall': {
    schema: z.object({ fixed: z.string() }).catchall(id),
    holding: (ticketId) => ({ fixed: 'x', more: ticketId }),
  },
  'zod, union with another kind': {
    schema: z.object({ which: z.union([z.number(), id, z.object({ id })]) }),
    holding: (ticketId) => ({ which: ticketId }),
  },
  'zod, object in a union': {
    schema: z.object({ which: z.union([z.number(), id, z.object({ id })]) }),
    holding: (ticketId) => ({ which: { id: ticketId } }),
  },
  'zod, union with an unmarked string': {
    schema: z.object({ which: z.union([z.string(), id]) }),
    holding: (ticketId) => ({ which: ticketId }),
  },
  'zod, discriminated union': {
    schema: z.discriminatedUnion('by', [
      z.object({ by: z.literal('id'), id }),
      z.object({ by: z.literal('word'), word: z.string() }),
    ]),
    holding: (ticketId) => ({ by: 'id', id: ticketId }),
  },
  'zod, branch whose constant is left out': {
    schema: z.union([
      z.object({ by: z.literal('id').optional(), id }),
      z.object({ by: z.literal('word'), word: z.string() }),
    ]),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'zod, intersection': {
    schema: z.object({ a: id }).and(z.object({ b: id })),
    holding: (ticketId) => ({ a: sharedId, b: ticketId }),
  },
  'zod, recursive by getter': {
    schema: zodNode,
    holding: (ticketId) => ({
      id: sharedId,
      children: [{ id: sharedId, children: [{ id: ticketId, children: [] }] }],
    }),
  },
  'zod, recursive by lazy': {
    schema: lazyNode,
    holding: (ticketId) => ({ id: sharedId, next: { id: sharedId, next: { id: ticketId } } }),
  },
  'valibot, plain': {
    schema: toStandardJsonSchema(v.object({ id: valibotId })),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'valibot, nested, nullish, array': {
    schema: toStandardJsonSchema(v.object({ a: v.object({ ids: v.nullish(v.array(valibotId)) }) })),
    holding: (ticketId) => ({ a: { ids: [sharedId, ticketId] } }),
  },
  'valibot, default': {
    schema: toStandardJsonSchema(v.object({ id: v.optional(valibotId, sharedId) })),
    holding: (ticketId) => ({ id: ticketId }),
  },
  'valibot, tuple with rest': {
    schema: toStandardJsonSchema(v.object({ list: v.tupleWithRest([v.number()], valibotId) })),
    holding: (ticketId) => ({ list: [1, sharedId, ticketId] }),
  },
  'valibot, value of a record': {
    schema: toStandardJsonSchema(v.object({ by: v.record(v.string(), valibotId) })),
    holding: (ticketId) => ({ by: { one: ticketId } }),
  },
  'zod, in text': {
    schema: z.object({ note: z.string().meta(inText) }),
    holding: (ticketId) => ({ note: textWith(ticketId) }),
  },
  'zod, in texts of a list in a union': {
    schema: z.object({ notes: z.union([z.number(), z.array(z.string().max(500).meta(inText))]) }),
    holding: (ticketId) => ({ notes: ['none', textWith(sharedId), textWith(ticketId)] }),
  },
  'zod, in the text of a name': {
    schema: z.object({ by: z.record(z.string().meta(inText), z.number()) }),
    holding: (ticketId) => ({ by: { [textWith(ticketId)]: 1 } }),
  },
  'zod, in a link': {
    schema: z.object({ link: z.url().meta(inUrl).optional() }),
    holding: (ticketId) => ({ link: urlWith(ticketId) }),
  },
  'zod, in a link and in its text': {
    schema: z.object({ link: z.string().meta({ ...inUrl, ...resourceInText('ticket', /note=<?([^&>]+)/) }) }),
    holding: (ticketId) => ({ link: `/tickets/${sharedId}?note=${encodeURIComponent(ticketId)}` }),
  },
  'valibot, in text': {
    schema: toStandardJsonSchema(v.object({ note: v.pipe(v.string(), v.metadata(inText)) })),
    holding: (ticketId) => ({ note: textWith(ticketId) }),
  },
  'valibot, in links of a record': {
    schema: toStandardJsonSchema(v.object({ by: v.record(v.string(), v.pipe(v.string(), v.metadata(inUrl))) })),
    holding: (ticketId) => ({ by: { one: urlWith(sharedId), two: urlWith(ticketId) } }),
  },
  'arktype, in text': {
    schema: type({ note: type('string').configure(inText) }),
    holding: (ticketId) => ({ note: textWith(ticketId) }),
  },
  'arktype, in links of a list': {
    schema: type({ links: type('string').configure(inUrl).array() }),
    holding: (ticketId) => ({ links: [urlWith(sharedId), urlWith(ticketId)] }),
  },
  'valibot, rest of an object': {
    schema: toStandardJsonSchema(v.objectWithRest({ fixed: v.string() }, valibotId)),
    holding: (ticketId) => ({ fixed: 'x', more: ticketId }),
  },
  'valibot, union': {
    schema: toStandardJsonSchema(v.object({ which: v.union([v.number(), valibotId]) })),
    holding: (ticketId) => ({ which: ticketId }),
  },
  'valibot, variant': {
    schema: toStandardJsonSchema(
      v.variant('by', [
        v.object({ by: v.literal('id'), id: valibotId }),
        v.object({ by: v.literal('word'), word: v.string() }),
      ]),
    ),
    holding: (ticketId) => ({ by: 'id', id: ticketId }),
  },
  'valibot, intersection': {
    schema: toStandardJsonSchema(v.intersect([v.object({ a: valibotId }), v.object({ b: valibotId })])),
    holding: (ticketId) => ({ a: sharedId, b: ticketId }),
  },
  'valibot, recursive': {
    schema: toStandardJsonSchema(valibotNode),
    holding: (ticketId) => ({ id: sharedId, next: { id: sharedId, next: { id: ticketId } } }),
  },
  'arktype, plain': { schema: type({ id: arkId }), holding: (ticketId) => ({ id: ticketId }) },
  'arktype, optional': { schema: type({ 'id?': arkId }), holding: (ticketId) => ({ id: ticketId }) },
  'arktype, default': { schema: type({ id: arkId.default(sharedId) }), holding: (ticketId) => ({ id: ticketId }) },
  'arktype, nested array': {
    schema: type({ a: { ids: arkId.array() } }),
    holding: (ticketId) => ({ a: { ids: [sharedId, ticketId] } }),
  },
  'arktype, tuple': { schema: type({ pair: ['number', arkId] }), holding: (ticketId) => ({ pair: [1, ticketId] }) },
  'arktype, index signature': {
    schema: type({ by: { '[string]': arkId } }),
    holding: (ticketId) => ({ by: { one: ticketId } }),
  },
  'arktype, pattern of names': {
    schema: type({ by: { '[/^x/]': arkId } }),
    holding: (ticketId) => ({ by: { x1: ticketId } }),
  },
  'arktype, union': { schema: type({ which: arkId.or('number') }), holding: (ticketId) => ({ which: ticketId }) },
  'arktype, discriminated union': {
    schema: type({ by: "'id'", id: arkId }).or({ by: "'word'", word: 'string' }),
    holding: (ticketId) => ({ by: 'id', id: ticketId }),
  },
  'arktype, recursive': {
    schema: arkNode,
    holding: (ticketId) => ({ id: sharedId, next: { id: sharedId, next: { id: ticketId } } }),
  },
}

const nameOf = (place: string) => place.replaceAll(/[^a-z]+/g, '_')

const ran: unknown[] = []

const toolsAtPlaces = Object.entries(places).map(([place, { schema }]) =>
  defineTool({
    name: nameOf(place),
    description: place,
    input: schema,
    risk: 'read',
    role: 'viewer',
    ownerless: 'says that it ran',
    async run(input) {
      ran.push(input)
      return 'ran'
    },
  }),
)

const readTicket = defineTool({
  name: 'read_ticket',
  description: 'Reads a ticket.',
  input: z.object({ ticketId: id }),
  risk: 'read',
  role: 'viewer',
  owner: ownerOf,
  run: async ({ ticketId }, context) => context.resource('ticket', ticketId) as unknown as Ticket,
})

const closeTickets = defineTool({
  name: 'close_tickets',
  description: 'Closes tickets.',
  input: z.object({ ids: z.array(id), more: z.object({ id }).optional() }),
  risk: 'write',
  role: 'member',
  ownerless: 'a number only',
  async run({ ids }, { transact }) {
    for (const ticketId of ids)
      await transact((transaction) =>
        transaction.query("update desk.ticket set status = 'closed' where id = $1", [ticketId]),
      )
    return ids.length
  },
})

// The naive tool: it asks the table by id alone, on a connection that sees everything.
const everyTicket = [alice, otherTenant].map((person) => ({ id: ownIdOf(person), title: canaryOf(person) }))
const naiveRead = (ticketId: string) => everyTicket.find((ticket) => ticket.id === ticketId)

test('should have something to guard: a tool that looks an id up by itself reads the other tenant', () => {
  expect(naiveRead(ownIdOf(otherTenant))).toMatchObject({ title: canaryOf(otherTenant) })
})

onEachDesk((open) => {
  let house: ToolHouse
  let desk: Desk
  let run: DeskRun

  beforeAll(async () => {
    const list: Tool[] = [...toolsAtPlaces, readTicket, closeTickets]
    house = await open(list)
    desk = await house.within(alice)
    run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())

  describe.each(Object.entries(places))('an id at a marked place: %s', (place, { holding }) => {
    test('should reach the tool when it is one of the boundary’s own', async () => {
      ran.length = 0
      await run.tools.call(nameOf(place), holding(ownIdOf(alice)))
      expect(ran).toHaveLength(1)
    })

    test.each(twins)('should not reach the tool when it is the other’s, of $apart', async ({ other }) => {
      ran.length = 0
      const foreign = await outcomeOf(run.tools.call(nameOf(place), holding(ownIdOf(other))))
      const missing = await outcomeOf(run.tools.call(nameOf(place), holding('T-nowhere')))
      expect(foreign).toMatchObject({ refused: expect.stringContaining('NOT_FOUND') })
      expect(foreign).toEqual(missing)
      expect(ran).toEqual([])
    })
  })

  test('should read the own ticket of an id that every tenant has', async () => {
    const { value } = await run.tools.call('read_ticket', { ticketId: sharedId })
    expect(value).toMatchObject({ title: canaryOf(alice) })
  })

  describe.each(twins)('between $apart', ({ other }) => {
    const refusal = async (ticketId: unknown) => await outcomeOf(run.tools.call('read_ticket', { ticketId }))

    test('should refuse foreign, missing and look-alike ids with the same bytes', async () => {
      const missing = await refusal('T-nowhere')
      const likeOwn = [...lookAlikesOf(ownIdOf(alice)), ...lookAlikesOf(ownIdOf(other)), decomposed, '1']
      const ids = [ownIdOf(other), ...likeOwn.filter((ticketId) => ticketId !== ownIdOf(alice))]
      for (const ticketId of ids) expect(await refusal(ticketId), ticketId).toEqual(missing)
    })

    test('should send the same statements for foreign and missing ids', async () => {
      const sent = async (ticketId: string) => await statementsOf(() => refusal(ticketId))
      await refusal('T-nowhere')
      const missing = await sent('T-nowhere')
      expect(missing.some((text) => text.includes('"desk"."ticket"'))).toBe(true)
      expect(await sent(ownIdOf(other))).toEqual(missing)
      expect(await sent(ownIdOf(other).toLowerCase())).toEqual(missing)
    })

    test('should leave the same events for foreign and missing ids, without the id', async () => {
      const eventsFor = async (ticketId: string) => {
        const attempt = await desk.startRun({ agent: 'desk', promptVersion: '1' })
        await outcomeOf(attempt.tools.call('read_ticket', { ticketId }))
        await attempt.end()
        return await toolEventsOf(desk, attempt.id)
      }
      const foreign = await eventsFor(ownIdOf(other))
      expect(foreign).toEqual([
        {
          event: 'resource-outside-boundary',
          decision: 'refused',
          surface: 'tools',
          reason: 'ticket',
          tool_ids: ['read_ticket'],
          blocked_cross_boundary_resources: 1,
          detail: {},
        },
      ])
      expect(await eventsFor('T-nowhere')).toEqual(foreign)
      expect(JSON.stringify(foreign)).not.toContain(ownIdOf(other))
    })

    test('should refuse own and foreign ids together, and write nothing', async () => {
      const before = [await house.tickets(alice), await house.tickets(other)]
      for (const input of [
        { ids: [sharedId, ownIdOf(other)] },
        { ids: [sharedId, ownIdOf(alice)], more: { id: ownIdOf(other) } },
      ])
        expect(await outcomeOf(run.tools.call('close_tickets', input))).toEqual(await refusal('T-nowhere'))
      expect([await house.tickets(alice), await house.tickets(other)]).toEqual(before)
    })

    test('should write to the own ticket alone when both have the id', async () => {
      await run.tools.call('close_tickets', { ids: [sharedId] })
      const statusOf = async (person: typeof alice | typeof other) =>
        (await house.tickets(person)).find((ticket) => ticket.id === sharedId)?.status
      expect(await statusOf(alice)).toBe('closed')
      expect(await statusOf(other)).toBe('open')
    })
  })

  test('should take an id by its very code points', async () => {
    expect(await run.tools.call('read_ticket', { ticketId: composed })).toMatchObject({ value: { id: composed } })
    expect(await outcomeOf(run.tools.call('read_ticket', { ticketId: decomposed }))).toMatchObject({
      refused: expect.stringContaining('NOT_FOUND'),
    })
  })

  test('should refuse what is no string in place of an id, before anything is looked up', async () => {
    const shapes = [1, true, null, [ownIdOf(otherTenant)], { id: ownIdOf(otherTenant) }, '']
    const outcomes = new Set<string>()
    for (const ticketId of shapes) {
      const sent = await statementsOf(async () => {
        outcomes.add(JSON.stringify(await outcomeOf(run.tools.call('read_ticket', { ticketId }))))
      })
      expect(sent.filter((text) => text.includes('desk'))).toEqual([])
    }
    expect([...outcomes]).toEqual([expect.stringContaining('INVALID_INPUT')])
  })
})
