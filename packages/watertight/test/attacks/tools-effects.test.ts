import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { defineTool, NothingDone } from '../../src/surfaces/tools/index.ts'
import type { Lookup, ToolContext } from '../../src/surfaces/tools/index.ts'
import {
  alice,
  canaryOf,
  onEachDesk,
  otherTenant,
  otherUser,
  otherWorkspace,
  outcomeOf,
  ownerOf,
  ownIdOf,
  provision,
  sharedId,
  toolEventsOf,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Ticket, ToolHouse } from './tools-fixture.ts'

const rest = { description: 'a tool', risk: 'write', role: 'member' } as const
const input = z.strictObject({ note: z.string() })

let acted: string[] = []
let work: (context: ToolContext) => Promise<unknown> = async () => 'done'
let looking: () => Promise<Lookup<unknown>> = async () => undefined

const act = async (given: z.infer<typeof input>, context: ToolContext) => {
  acted.push(given.note)
  return await work(context)
}

const list = [
  defineTool({ ...rest, name: 'send', input, run: act, ownerless: 'says what was done' }),
  defineTool({ ...rest, name: 'sends', input, run: act, ownerless: 'says what was done' }),
  defineTool({
    ...rest,
    name: 'send_and_look',
    input,
    run: act,
    lookup: () => looking(),
    ownerless: 'says what was done',
  }),
  defineTool({
    ...rest,
    name: 'close_tickets',
    input: z.strictObject({ ticketIds: z.array(resourceId('ticket')), fail: z.boolean().optional() }),
    async change(transaction, { ticketIds, fail }, { resource }) {
      const closed = ticketIds.map((id) => resource('ticket', id))
      acted.push(...ticketIds)
      await transaction.query("update desk.ticket set status = status || '!' where id = any ($1)", [ticketIds])
      if (fail === true) throw new Error(canaryOf(otherTenant))
      return closed.map((row) => ({ ...ownerOf(row as unknown as Ticket), id: String(row['id']) }))
    },
    owner: (row) => row,
  }),
  defineTool({
    ...rest,
    name: 'drop_ticket',
    input: z.strictObject({ ticketId: resourceId('ticket') }),
    async change(transaction, { ticketId }) {
      await transaction.query('delete from desk.ticket where id = $1', [ticketId])
      return 'dropped'
    },
    ownerless: 'says what was done',
  }),
]

onEachDesk((open) => {
  let house: ToolHouse
  let desk: Desk
  let run: DeskRun

  beforeAll(async () => {
    house = await open(list, { effectLease: 600, timeLimit: 5_000 })
    for (const who of [
      otherUser,
      { ...alice, userId: 'adam', role: 'admin' },
      { ...alice, userId: 'mia', role: 'member' },
    ])
      await provision(
        house.watertight,
        who,
        list.map(({ name }) => name),
      )
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    acted = []
    work = async () => 'done'
    looking = async () => undefined
    desk = await house.within(alice)
    run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  })

  const call = (note = 'x', { step = '', tool = 'send', by = run } = {}) =>
    outcomeOf(by.tools.call(tool, { note }, { step }))
  const answered = (value: unknown = 'done') => ({ value: { value } })
  const unsettled = (reason: string) => ({ message: expect.stringContaining(`elsewhere: ${reason}`) })
  const openHere = async (seen: Desk) => (await seen.effects.list()).filter(({ runId }) => runId === run.id)
  const boom = async () => {
    throw new Error('the other side went away')
  }

  test('should act once for as many tries as there are, at the same time or later', async () => {
    work = async () => {
      await wait(50)
      return { number: 1 }
    }
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => call()))
    for (const outcome of [...outcomes, await call()]) expect(outcome).toMatchObject(answered({ number: 1 }))
    expect(acted).toEqual(['x'])
    const events = (await toolEventsOf(desk, run.id)).map(({ event }) => event)
    expect(events.filter((event) => event === 'tool-called')).toHaveLength(1)
    expect(events.filter((event) => event === 'effect-repeated')).toHaveLength(8)
  })

  test('should act again for another run, step, tool, argument, person, workspace or tenant', async () => {
    await call()
    await call('x', { step: 'second' })
    await call('x', { tool: 'sends' })
    await call('y')
    for (const person of [alice, otherUser, otherWorkspace, otherTenant])
      await call('x', { by: await house.start(person) })
    expect(acted).toEqual(['x', 'x', 'x', 'y', 'x', 'x', 'x', 'x'])
  })

  test('should give a tool one key for each call, the same for every try of it', async () => {
    const keys: string[] = []
    work = async ({ idempotencyKey }) => {
      keys.push(idempotencyKey)
      throw new NothingDone()
    }
    await call()
    await call()
    await call('y')
    expect(keys).toHaveLength(3)
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })

  test('should not be tried again when nobody can say whether it was made', async () => {
    work = boom
    expect(await call()).toMatchObject({ refused: expect.stringContaining('TOOL_FAILED') })
    work = async () => 'done'
    for (const tool of ['send', 'send']) expect(await call('x', { tool })).toMatchObject(unsettled('unknown'))
    expect(acted).toEqual(['x'])
    expect(await openHere(desk)).toMatchObject([{ runId: run.id, toolId: 'send', userId: 'alice', tries: 1 }])
    const [effect] = await openHere(desk)
    if (effect === undefined) throw new TypeError('none')
    await desk.effects.settle(effect, 'absent')
    expect(await call()).toMatchObject(answered())
    expect(acted).toEqual(['x', 'x'])
    await expect(desk.effects.settle(effect, 'absent')).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(await call()).toMatchObject(answered())
    expect(acted).toEqual(['x', 'x'])
  })

  test('should be done for good once a person has said that it was made', async () => {
    work = boom
    await call()
    const [effect] = await openHere(desk)
    if (effect === undefined) throw new TypeError('none')
    const admin = await house.within({ ...alice, userId: 'adam' })
    expect(await openHere(admin)).toMatchObject([effect])
    await admin.effects.settle(effect, 'done')
    expect(await call()).toMatchObject(unsettled('made'))
    expect(acted).toEqual(['x'])
  })

  test('should be seen and settled by nobody else', async () => {
    work = boom
    await call()
    const [effect] = await openHere(desk)
    if (effect === undefined) throw new TypeError('none')
    for (const person of [otherTenant, otherWorkspace, { ...alice, userId: 'mia' }]) {
      const theirs = await house.within(person)
      expect(await openHere(theirs)).toEqual([])
      for (const [runId, key] of [
        [effect.runId, effect.key],
        [randomUUID(), effect.key],
        [effect.runId, 'f'.repeat(64)],
        [`${effect.runId} `, effect.key],
        [effect.runId, '%'],
      ] as const)
        for (const verdict of ['done', 'absent'] as const)
          await expect(theirs.effects.settle({ ...effect, runId, key }, verdict)).rejects.toThrow(
            expect.objectContaining({ code: 'NOT_FOUND' }),
          )
    }
    expect(await openHere(desk)).toEqual([effect])
    await desk.effects.settle(effect, 'done')
  })

  describe('a tool that can look at the other side', () => {
    const look = { tool: 'send_and_look' }
    test('should get the answer that was lost, and act no second time', async () => {
      work = boom
      await call('x', look)
      looking = async () => ({ answer: 'found' })
      expect(await call('x', look)).toMatchObject(answered('found'))
      looking = boom
      expect(await call('x', look)).toMatchObject(answered('found'))
      expect(acted).toEqual(['x'])
    })

    test('should act again when it was certainly not made, by one try of many', async () => {
      work = boom
      await call('x', look)
      looking = async () => 'absent'
      work = async () => {
        await wait(30)
        return 'now'
      }
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => call('x', look)))
      for (const outcome of outcomes) expect(outcome).toMatchObject(answered('now'))
      expect(acted).toEqual(['x', 'x'])
      expect(await call('x', look)).toMatchObject(answered('now'))
    })

    test.each<[string, () => Promise<unknown>]>([
      ['cannot tell', async () => undefined],
      ['fails', boom],
      ['answers something else', async () => 'yes'],
      ['answers nothing', async () => null],
      ['says true', async () => true],
    ])('should do nothing while it %s', async (_what, answer) => {
      work = boom
      await call('x', look)
      looking = answer as typeof looking
      expect(await call('x', look)).toMatchObject({ refused: expect.stringMatching(/EFFECT_UNSETTLED|TOOL_FAILED/) })
      expect(acted).toEqual(['x'])
    })

    test('should not hand on what it finds of somebody else', async () => {
      work = boom
      await call('x', look)
      looking = async () => ({ answer: { tenantId: otherTenant.tenantId, text: canaryOf(otherTenant) } })
      for (const _ of [1, 2]) expect(JSON.stringify(await call('x', look))).not.toContain('canary')
      expect(acted).toEqual(['x'])
    })
  })

  test('should tell a live holder from a dead one', async () => {
    work = async () => {
      await wait(2_000) // longer than three leases
      return 'slow'
    }
    const first = call()
    await wait(1_000)
    const [second, third] = await Promise.all([call(), call()])
    for (const outcome of [await first, second, third]) expect(outcome).toMatchObject(answered('slow'))
    expect(acted).toEqual(['x'])
    expect(await openHere(desk)).toEqual([])
  })

  test('should take a holder that says nothing any more for dead, and not act for it', async () => {
    const admin = await house.within(alice)
    await admin.transact((transaction) =>
      transaction.query(
        "insert into wt.effect (run_id, key, tool_id, holder, held_until) values ($1, $2, 'send', $3, clock_timestamp() - interval '1 second')",
        [run.id, 'a'.repeat(64), randomUUID()],
      ),
    )
    expect(await openHere(desk)).toMatchObject([{ key: 'a'.repeat(64) }])
  })

  test('should never hang on a tool that never returns, and leave open what it did', async () => {
    await using small = await open(
      [list[0]].flatMap((tool) => (tool === undefined ? [] : [tool])),
      { timeLimit: 200 },
    )
    const theirs = await small.start(alice)
    let kept: ToolContext | undefined
    work = async (context) => {
      kept = context
      return await new Promise(() => undefined)
    }
    expect(await call('x', { by: theirs })).toMatchObject({ refused: expect.stringContaining('TOOL_FAILED') })
    expect(await call('x', { by: theirs })).toMatchObject(unsettled('unknown'))
    expect(kept?.signal.aborted).toBe(true)
    await expect(kept?.transact(async () => undefined)).rejects.toThrow(TypeError)
    expect(acted).toEqual(['x'])
  }, 120_000)

  describe.each([
    ['another tenant', otherTenant],
    ['another workspace', otherWorkspace],
  ])('a result that is of %s', (_where, other) => {
    test('should be withheld from every try, and stored by none', async () => {
      work = async () => ({ ...other, text: canaryOf(other) })
      const first = await call()
      expect(first).toMatchObject({ refused: expect.stringContaining('NOT_FOUND') })
      expect(await call()).toMatchObject(unsettled('made'))
      const { rows } = await desk.transact((transaction) => transaction.query('select value from wt.effect_result'))
      expect(JSON.stringify(rows)).not.toContain('canary')
      expect(acted).toEqual(['x'])
    })
  })

  test('should keep a stored answer from an admin of the workspace, and take it along when the run ends', async () => {
    work = async () => 'for alice alone'
    await call()
    const text = 'select value::text as value from wt.effect_result'
    const admin = await house.within({ ...alice, userId: 'adam' })
    expect((await admin.transact((transaction) => transaction.query(text))).rows).toEqual([])
    await run.end()
    expect(
      (await desk.transact((transaction) => transaction.query(text))).rows.filter(({ value }) =>
        String(value).includes('for alice'),
      ),
    ).toEqual([])
  })

  describe('a change of own tables', () => {
    const statusOf = async () => (await house.tickets(alice)).map(({ status }) => status.replace('open', ''))
    const close = (ticketIds: readonly string[], more: object = {}, step = '') =>
      outcomeOf(run.tools.call('close_tickets', { ticketIds, ...more }, { step }))

    test('should be made once by many at the same time, with its evidence', async () => {
      const before = await statusOf()
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => close([sharedId])))
      for (const outcome of outcomes) expect(outcome).toMatchObject({ value: { value: [{ id: sharedId }] } })
      expect((await statusOf()).join('')).toHaveLength(before.join('').length + 1)
      expect((await toolEventsOf(desk, run.id)).filter(({ event }) => event === 'tool-answered')).toHaveLength(1)
    })

    test('should be refused whole when one of its ids is somebody else’s or nobody’s', async () => {
      const before = await statusOf()
      const refusals = []
      for (const id of [ownIdOf(otherTenant), ownIdOf(otherWorkspace), 'T-none'])
        for (const ids of [
          [sharedId, id],
          [id, sharedId],
          [sharedId, ownIdOf(alice), id],
        ])
          refusals.push(JSON.stringify(await close(ids)))
      expect(new Set(refusals).size).toBe(1)
      expect(refusals[0]).toContain('NOT_FOUND')
      expect(await statusOf()).toEqual(before)
      expect(acted).toEqual([])
    })

    test('should leave nothing behind when its code throws, tell nothing, and be free to be tried again', async () => {
      const before = await statusOf()
      const outcome = await close([sharedId], { fail: true })
      expect(outcome).toMatchObject({ refused: expect.stringContaining('TOOL_FAILED') })
      expect(JSON.stringify(outcome)).not.toContain('canary')
      expect(await statusOf()).toEqual(before)
      expect(await close([sharedId], { fail: true })).toEqual(outcome)
      expect(acted).toEqual([sharedId, sharedId])
      expect(await openHere(desk)).toEqual([])
    })

    test('should give its answer again though its effect has taken away what it names', async () => {
      await desk.transact((transaction) =>
        transaction.query("insert into desk.ticket (id, title) values ('T-gone', 'x') on conflict do nothing"),
      )
      const drop = () => outcomeOf(run.tools.call('drop_ticket', { ticketId: 'T-gone' }))
      expect(await drop()).toMatchObject(answered('dropped'))
      expect(await drop()).toMatchObject(answered('dropped'))
      const other = await desk.startRun({ agent: 'desk', promptVersion: '1' })
      expect(await outcomeOf(other.tools.call('drop_ticket', { ticketId: 'T-gone' }))).toMatchObject({
        refused: expect.stringContaining('NOT_FOUND'),
      })
    })
  })

  test('should refuse a step that is no text, and do nothing', async () => {
    for (const step of [1, null, {}, 'x'.repeat(1_025), '\ud800'])
      expect(await outcomeOf(run.tools.call('send', { note: 'x' }, { step: step as string }))).toMatchObject({
        refused: expect.stringContaining('INVALID_INPUT'),
      })
    expect(acted).toEqual([])
  })
})
