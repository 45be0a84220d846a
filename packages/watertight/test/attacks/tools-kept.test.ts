import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import type { Transaction } from '../../src/index.ts'
import { defineTool, fromTable } from '../../src/surfaces/tools/index.ts'
import type { ResolverContext, ToolContext } from '../../src/surfaces/tools/index.ts'
import { alice, onEachDesk, otherTenant, otherUser, otherWorkspace, sharedId } from './tools-fixture.ts'
import type { ToolHouse } from './tools-fixture.ts'

/** What a careless module keeps, and what it does with it in the next call. */
let work: (context: ToolContext) => Promise<unknown> = async () => undefined
let look: (context: ResolverContext) => Promise<void> = async () => undefined
const input = z.object({ ticketId: resourceId('ticket') })
const probe = defineTool({
  name: 'probe',
  description: 'Runs what the test gives it.',
  input,
  risk: 'read',
  role: 'viewer',
  ownerless: 'a word',
  run: async (_input, context) => (await work(context)) ?? 'nothing',
})
const inner = defineTool({
  name: 'inner',
  description: 'Counts the tickets that its own context sees.',
  input: z.object({}),
  risk: 'read',
  role: 'viewer',
  ownerless: 'a count',
  run: async (_input, { transact }) =>
    (await transact((transaction) => transaction.query('select id from desk.ticket'))).rows.length,
})
const table = fromTable('desk.ticket')
const ticket = {
  ...table,
  find: async (ids: readonly string[], context: ResolverContext) => {
    await look(context)
    return await table.find(ids, context)
  },
}

const all = 'select * from desk.ticket'
const misuses: Readonly<Record<string, (kept: ToolContext, house: ToolHouse) => unknown>> = {
  boundary: (kept) => kept.boundary,
  call: (kept) => kept.call,
  resource: (kept) => kept.resource('ticket', sharedId),
  use: (kept, house) => kept.use(house.memories).get('note'),
  transact: (kept) => kept.transact((transaction) => transaction.query(all)),
}
const others = {
  'another tenant': otherTenant,
  'another workspace': otherWorkspace,
  'another person': otherUser,
  'the same person': alice,
} as const
const elsewhere = 'belongs to another call'

onEachDesk((open) => {
  let house: ToolHouse
  beforeAll(async () => {
    house = await open([probe, inner], { resolve: { ticket } })
    for (const person of [alice, otherTenant, otherWorkspace, otherUser])
      await (await house.within(person)).memory.set('note', `note of ${person.tenantId}/${person.userId}`)
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())

  const ask = async (person: (typeof others)[keyof typeof others]) =>
    await (await house.start(person)).tools.call('probe', { ticketId: sharedId })

  // Alice's call stays open until the other's has tried what it found in the module's variable.
  async function overlapping<Kept>(
    person: (typeof others)[keyof typeof others],
    keep: (context: ToolContext) => Kept | Promise<Kept>,
    use: (kept: Kept) => unknown,
  ): Promise<unknown> {
    const opened = Promise.withResolvers<Kept>()
    const finish = Promise.withResolvers<undefined>()
    work = async (context) => {
      opened.resolve(await keep(context))
      await finish.promise
    }
    const first = ask(alice)
    const kept = await opened.promise
    let tried: unknown
    work = async () => {
      try {
        tried = await use(kept)
      } catch (error) {
        tried = error
      }
    }
    try {
      await ask(person)
    } finally {
      finish.resolve(undefined)
      await first
    }
    return tried
  }

  describe.each(Object.entries(others))('a context kept while its call is open, in the call of %s', (_who, person) => {
    test.each(Object.entries(misuses))('should refuse %s', async (_what, misuse) => {
      const tried = await overlapping(
        person,
        (context) => context,
        (kept) => misuse(kept, house),
      )
      expect(tried).toBeInstanceOf(TypeError)
      expect(String(tried)).toContain(elsewhere)
    })

    test('should refuse a surface that it gave', async () => {
      const tried = await overlapping(
        person,
        ({ use }) => use(house.memories),
        (kept) => kept.get('note'),
      )
      expect(String(tried)).toContain(elsewhere)
    })
  })

  test('should keep an open transaction to the call that opened it', async () => {
    const ready = Promise.withResolvers<Transaction>()
    const finish = Promise.withResolvers<undefined>()
    work = async ({ transact }) =>
      await transact(async (transaction) => {
        ready.resolve(transaction)
        await finish.promise
      })
    const first = ask(alice)
    const kept = await ready.promise
    // The embedded engine has one session: the other's statements wait, its code does not.
    look = async () => undefined
    await expect(kept.query(all)).rejects.toThrow(elsewhere)
    finish.resolve(undefined)
    await first
  })

  test('should end a surface with its call', async () => {
    let kept: { get(key: string): Promise<unknown> } | undefined
    work = async ({ use }) => {
      kept = use(house.memories)
      expect((await kept.get('note')) === undefined).toBe(false)
    }
    await ask(alice)
    await expect(kept?.get('note')).rejects.toThrow('ended with its call')
    work = async () => JSON.stringify((await kept?.get('note')) ?? null)
    await expect(ask(otherTenant)).rejects.toThrow('The tool failed')
  })

  test('should end what a resolver was given with its call', async () => {
    let kept: ResolverContext | undefined
    look = async (context) => {
      kept = context
    }
    work = async () => undefined
    await ask(alice)
    look = async () => undefined
    await expect(kept?.transact((transaction) => transaction.query(all))).rejects.toThrow('ended with its call')
  })

  test('should let a tool call another one, and go on with its own context', async () => {
    const registered = house.tools
    work = async ({ use, transact }) => {
      const before = (await use(registered).call('inner', {})).value
      const { rows } = await transact((transaction) => transaction.query(all))
      return JSON.stringify([before, rows.length, (await use(house.memories).get('note'))?.value])
    }
    expect((await ask(alice)).value).toBe(JSON.stringify([3, 3, 'note of acme/alice']))
  })

  test('should serve calls of one run that overlap, each with its own context', async () => {
    work = async ({ use, transact }) => {
      await transact((transaction) => transaction.query(all))
      await new Promise((resolve) => {
        setTimeout(resolve, 5)
      })
      return (await use(house.memories).get('note'))?.value
    }
    const run = await house.start(alice)
    const answers = await Promise.all(Array.from({ length: 8 }, () => run.tools.call('probe', { ticketId: sharedId })))
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 8 }, () => 'note of acme/alice'))
  })
})
