import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { defineTool, tools } from '../../src/surfaces/tools/index.ts'
import {
  alice,
  onEachDesk,
  otherTenant,
  otherUser,
  otherWorkspace,
  outcomeOf,
  ownIdOf,
  sharedId,
  toolEventsOf,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Ticket, ToolHouse } from './tools-fixture.ts'

const rest = { description: 'a tool', role: 'viewer', risk: 'read', ownerless: 'found inside the boundary' } as const
const ticketId = resourceId('ticket')
const reached: string[] = []

const list = [
  defineTool({
    ...rest,
    name: 'list_tickets',
    input: z.strictObject({}),
    output: z.array(z.object({ id: ticketId, title: z.string() })),
    async run(_input, { transact }) {
      const { rows } = await transact((transaction) =>
        transaction.query('select id, title from desk.ticket order by id'),
      )
      return rows
    },
  }),
  defineTool({
    ...rest,
    name: 'read_ticket',
    input: z.strictObject({ ticketId }),
    output: z.object({ id: ticketId, title: z.string() }),
    async run(input, { resource }) {
      reached.push(input.ticketId)
      const { id, title } = resource('ticket', input.ticketId) as unknown as Ticket
      return { id, title }
    },
  }),
  defineTool({
    ...rest,
    name: 'talkative',
    input: z.strictObject({}),
    output: z.object({ id: ticketId }),
    run: async () => ({ id: sharedId, hidden: ownIdOf(alice) }),
  }),
]

onEachDesk((open) => {
  let house: ToolHouse
  let desk: Desk
  let run: DeskRun

  beforeAll(async () => {
    house = await open(list, { handles: true })
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    reached.length = 0
    desk = await house.within(alice)
    run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  })

  const handlesOf = async (by: DeskRun) => {
    const { value } = await by.tools.call('list_tickets', {})
    return z
      .array(z.object({ id: z.string() }))
      .parse(value)
      .map(({ id }) => id)
  }
  const read = (given: unknown, by = run) => outcomeOf(by.tools.call('read_ticket', { ticketId: given }))

  test('should show the model handles alone, and take them back', async () => {
    const handles = await handlesOf(run)
    expect(JSON.stringify(handles)).not.toContain('T-')
    for (const handle of handles) expect(await read(handle)).toMatchObject({ value: { value: { id: handle } } })
    expect(reached).toContain(sharedId)
    expect(await handlesOf(run)).toEqual(handles)
  })

  test('should refuse the handles of every other run, person, workspace and tenant as what is not there', async () => {
    const missing = await read('T-none')
    for (const by of [
      await desk.startRun({ agent: 'desk', promptVersion: '1' }),
      await house.start(otherUser),
      await house.start(otherWorkspace),
      await house.start(otherTenant),
    ])
      for (const handle of await handlesOf(by)) expect(await read(handle)).toEqual(missing)
    expect(reached).toEqual([])
    expect(
      (await toolEventsOf(desk, run.id)).filter(({ event }) => event === 'resource-outside-boundary').length,
    ).toBeGreaterThan(8)
  })

  test('should refuse real ids, and whatever is made of a handle', async () => {
    const [handle = ''] = await handlesOf(run)
    const missing = await read('T-none')
    for (const given of [
      sharedId,
      ownIdOf(alice),
      ownIdOf(otherTenant),
      `${handle} `,
      handle.slice(0, -1),
      `${handle}A`,
      handle.toLowerCase(),
      handle.slice(1),
    ])
      expect(await read(given)).toEqual(missing)
    expect(reached).toEqual([])
  })

  test('should keep back a result with a part that nobody described: an id could stand there', async () => {
    const outcome = await outcomeOf(run.tools.call('talkative', {}))
    expect(outcome).toMatchObject({ refused: expect.stringContaining('TOOL_FAILED') })
    expect(JSON.stringify(outcome)).not.toContain('T-')
  })
})

test('should need every tool to say where ids stand in its result', () => {
  const silent = defineTool({ ...rest, name: 'silent', input: z.strictObject({}), run: async () => 'T-1' })
  expect(() => tools([silent], { handles: true })).toThrow(/needs output of the tool silent/)
})

test('should refuse tools whose names are taken for each other', () => {
  const named = (name: string) => defineTool({ ...rest, name, input: z.strictObject({}), run: async () => '' })
  for (const [one, other] of [
    ['read_ticket', 'readTicket'],
    ['pay_1', 'pay_l'],
    ['Refund', 'refund'],
  ] as const)
    expect(() => tools([named(one), named(other)])).toThrow(/taken for each other/)
})
