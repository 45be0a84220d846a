import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { effectKey } from '../../../src/services/effects/index.ts'
import { defineTool, fromTable, tools } from '../../../src/surfaces/tools/index.ts'
import type { Tool, ToolContext, ToolsOptions } from '../../../src/surfaces/tools/index.ts'
import type { Transaction } from '../../../src/store/index.ts'
import { openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'effects'
const options = { agent: 'desk', promptVersion: '1' }
const rest = { description: 'a tool', risk: 'write', role: 'viewer' } as const
const ticketId = resourceId('ticket')

async function openTools(list: readonly Tool[], toolOptions: ToolsOptions = {}) {
  const house = await openHouse({ surfaces: [tools(list, toolOptions)], tools: list.map(({ name }) => name) })
  const own = await house.at(house.seats.own)
  const run = await own.startRun(options)
  const only = 'where tenant_id = (select t.id from wt.tenant t where t.external_id = $1)'
  return {
    house,
    own,
    run,
    call: async (name: string, input: unknown = {}, step = '') => (await run.tools.call(name, input, { step })).value,
    /** how many rows of a table are this house's */
    count: async (table: string, more = '') =>
      Number(
        (await house.admin(`select count(*)::int as rows from ${table} ${only} ${more}`, [house.names.own]))[0]?.[
          'rows'
        ],
      ),
    /** one statement as the superuser, about rows of this house alone */
    change: (table: string, text: string) => house.admin(`update ${table} set ${text} ${only}`, [house.names.own]),
    async [Symbol.asyncDispose]() {
      await run.end().catch(() => undefined)
      await house[Symbol.asyncDispose]()
    },
  }
}

type Opened = Awaited<ReturnType<typeof openTools>>

/** A tool that pays, and what it has paid. */
function paying(pay: (ran: unknown[], context: ToolContext) => unknown, lookup?: () => 'absent') {
  const ran: unknown[] = []
  const tool = defineTool({
    ...rest,
    name: 'pay',
    ownerless: 'an answer',
    input: z.object({ amount: z.number().optional() }),
    async run(input, context): Promise<unknown> {
      ran.push(input)
      return await pay(ran, context)
    },
    ...(lookup && { lookup: async () => lookup() }),
  })
  return { tool, ran }
}

const payment = (
  name: string,
  pay: (ran: unknown[], context: ToolContext) => unknown,
  run: (script: Script, opened: Opened, ran: readonly unknown[]) => Promise<void>,
  more: { readonly lookup?: () => 'absent'; readonly options?: ToolsOptions; readonly ownDatabase?: true } = {},
): Probe => ({
  name,
  surface,
  ...(more.ownDatabase && { ownDatabase: true }),
  async run(script) {
    const { tool, ran } = paying(pay, more.lookup)
    await using opened = await openTools([tool], more.options)
    await run(script, opened, ran)
  },
})

/** A change of the person's own memory, which stands for a table of the app's. */
const remember = (name: string, after: (tried: number) => void): readonly [Tool, readonly unknown[]] => {
  const tried: unknown[] = []
  const tool = defineTool({
    ...rest,
    name,
    ownerless: 'an answer',
    input: z.object({}),
    async change(transaction: Transaction) {
      tried.push(name)
      await transaction.query("insert into wt.user_memory (key, value, source) values ('paid', '1', '{}')")
      after(tried.length)
      return 'changed'
    },
  })
  return [tool, tried]
}

// A database that takes no evidence of calls.
const noCalls = "alter table wt.audit_event add constraint no_calls check (event <> 'tool-called') not valid"

const answered = (name: string, run: (script: Script, opened: Opened, foreign: string) => Promise<void>): Probe => ({
  name,
  surface,
  async run(script) {
    const tool = defineTool({
      ...rest,
      name: 'answer',
      input: z.object({ own: z.boolean() }),
      run: async ({ own }, { boundary: { tenantId } }) => ({
        tenantId: own ? tenantId : `${tenantId}-eu`,
        workspaceId: 'ws',
      }),
      owner: (row) => row,
    })
    await using opened = await openTools([tool])
    await run(script, opened, opened.house.names.twin)
  },
})

export const probes: readonly Probe[] = [
  {
    name: 'key',
    surface,
    async run(script) {
      const house = await openHouse({ surfaces: [] })
      const name = { runId: 'run', step: '1', toolId: 'pay', input: { amount: 1 } }
      const place = { tenantId: 'acme', workspaceId: 'ws' }
      const keyOf = (changes: object) => {
        const given = { ...place, ...name, ...changes }
        return effectKey(given as unknown as Parameters<typeof effectKey>[0], given)
      }
      for (const [what, changes] of Object.entries({
        'another tenant': { tenantId: 'acme-eu' },
        'another workspace': { workspaceId: 'ws2' },
        'another run': { runId: 'run2' },
        'another step': { step: '2' },
        'another tool': { toolId: 'pay2' },
        'another argument': { input: { amount: 2 } },
      }))
        await script.see(`whether ${what} makes another key`, () => keyOf(changes) !== keyOf({}), true)
      await house[Symbol.asyncDispose]()
    },
  },
  payment(
    'once',
    (ran) => ran.length,
    async (script, { call }) => {
      await script.see('call a tool that writes', () => call('pay', { amount: 1 }), 1)
      await script.see('call it again', () => call('pay', { amount: 1 }), 1)
      await script.see('call it for another step', () => call('pay', { amount: 1 }, '2'), 2)
      await script.see('call it with another argument', () => call('pay', { amount: 2 }), 3)
    },
  ),
  payment(
    'doubt',
    () => {
      throw new Error('the service hung up')
    },
    async (script, { call }, ran) => {
      await script.refused('a tool throws in the middle', () => call('pay'), 'TOOL_FAILED')
      await script.refused('call it again', () => call('pay'), 'EFFECT_UNSETTLED unknown')
      await script.see('how often it ran', () => ran.length, 1)
    },
  ),
  payment(
    'alive',
    async () => {
      await wait(1_500)
      return 'paid'
    },
    async (script, { call }, ran) => {
      const first = call('pay')
      await wait(800)
      const second = script.outcome('call what has been underway for longer than a lease', () => call('pay'))
      await script.see('how both ended', async () => [await first, await second], ['paid', 'done'])
      await script.see('how often it ran', () => ran.length, 1)
    },
    { lookup: () => 'absent', options: { effectLease: 400 } },
  ),
  payment(
    'dead',
    () => 'paid',
    async (script, { call, change }) => {
      await script.do('call a tool', () => call('pay'))
      await script.do('its process had died in the middle', () =>
        change('wt.effect', "state = 'started', held_until = clock_timestamp() - interval '1 minute'"),
      )
      await script.refused('call it again', () => call('pay'), 'EFFECT_UNSETTLED unknown')
    },
    { options: { timeLimit: 400 } },
  ),
  answered('stored', async (script, { call, change }, foreign) => {
    await script.do('call a tool', () => call('answer', { own: true }))
    const answer = JSON.stringify({ answer: { tenantId: foreign, workspaceId: 'ws' } })
    await script.do('its stored answer is one of acme-eu', () => change('wt.effect_result', `value = '${answer}'`))
    await script.refused('call it again', () => call('answer', { own: true }), 'NOT_FOUND')
  }),
  answered('withheld', async (script, { call, count }) => {
    await script.refused('a tool answers with a row of acme-eu', () => call('answer', { own: false }), 'NOT_FOUND')
    await script.see('how many answers are stored', () => count('wt.effect_result'), 0)
  }),
  payment(
    'begin-evidence',
    () => 'paid',
    async (script, { call, count, house }, ran) => {
      await script.do('the database takes no evidence of calls', () => house.admin(noCalls))
      const outcome = await script.outcome('call a tool', () => call('pay'))
      await script.see('whether it was called', () => outcome === 'done', false)
      await script.see('how often it ran', () => ran.length, 0)
      await script.see('how many effects have begun', () => count('wt.effect'), 0)
    },
    { ownDatabase: true },
  ),
  payment(
    'one-event',
    () => 'paid',
    async (script, { call, count }) => {
      await script.do('call a tool', () => call('pay'))
      await script.do('call it again', () => call('pay'))
      await script.see('how many calls were recorded', () => count('wt.audit_event', "and event = 'tool-called'"), 1)
    },
  ),
  {
    name: 'change-undone',
    surface,
    async run(script) {
      const [tool] = remember('remember', (tried) => {
        if (tried === 1) throw new Error('a constraint of the app')
      })
      await using opened = await openTools([tool], { timeLimit: 2_000 })
      await script.refused('a change throws at its end', () => opened.call('remember'), 'TOOL_FAILED')
      await script.see('what it has changed', () => opened.count('wt.user_memory'), 0)
      const outcome = await script.outcome('call it again', () => opened.call('remember'))
      await script.see('how it ended', () => outcome, 'done')
    },
  },
  {
    name: 'change-evidence',
    surface,
    ownDatabase: true,
    async run(script) {
      const [tool] = remember('remember', () => undefined)
      await using opened = await openTools([tool])
      await script.do('the database takes no evidence of calls', () => opened.house.admin(noCalls))
      const outcome = await script.outcome('call a change', () => opened.call('remember'))
      await script.see('whether it was made', () => outcome === 'done', false)
      await script.see('what it has changed', () => opened.count('wt.user_memory'), 0)
    },
  },
  {
    name: 'change-ids',
    surface,
    ownDatabase: true,
    async run(script) {
      const reached: unknown[] = []
      const tool = defineTool({
        ...rest,
        name: 'close',
        ownerless: 'an answer',
        input: z.object({ tickets: z.array(ticketId) }),
        change: async (_transaction, { tickets }) => reached.push(...tickets),
      })
      await using opened = await openTools([tool], { resolve: { ticket: fromTable('public.ticket') } })
      const { house, call } = opened
      await house.admin('create table public.ticket (tenant_id text, workspace_id text, id text)')
      await house.admin('grant select on public.ticket to wt_app')
      for (const [tenantId, id] of [
        [house.names.own, 'T-1'],
        [house.names.twin, 'T-2'],
      ])
        await house.admin('insert into public.ticket values ($1, $2, $3)', [tenantId, 'ws', id])
      await script.see('close one’s own ticket', () => call('close', { tickets: ['T-1'] }), 1)
      for (const tickets of [['T-1', 'T-2'], ['T-2', 'T-1'], ['T-2']])
        await script.refused(
          `close ${tickets.join(' and ')}, of which T-2 is of acme-eu`,
          () => call('close', { tickets }),
          'NOT_FOUND',
        )
      await script.see('what was closed', () => reached, ['T-1'])
    },
  },
]
