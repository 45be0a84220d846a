import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { defineTool, notAResource, tools } from '../../../src/surfaces/tools/index.ts'
import type { Resolver, ToolContext, ToolsOptions, Tool } from '../../../src/surfaces/tools/index.ts'
import type { Row } from '../../../src/store/index.ts'
import { openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'tools'
const options = { agent: 'desk', promptVersion: '1' }
const rest = { description: 'a tool', risk: 'read', role: 'viewer', ownerless: 'an answer' } as const
const ticketId = resourceId('ticket')

/** The tickets of two look-alike tenants; a resolver of the app's own that forgot its WHERE. */
const ticketsOf = (own: string): readonly Row[] => [
  { id: 'T-1', tenant: own, workspace: 'ws' },
  { id: 'T-2', tenant: `${own}-eu`, workspace: 'ws' },
  { id: 'T-3', tenant: own, workspace: 'ws2' },
]
const forgetful: Resolver = {
  find: async (ids, { boundary }) => ticketsOf(boundary.tenantId).filter(({ id }) => ids.includes(String(id))),
  id: ({ id }) => id,
  owner: ({ tenant, workspace }) => ({ tenantId: String(tenant), workspaceId: String(workspace) }),
}

type Seen = readonly unknown[]

/** Calls a tool of one's own tenant, and tells what reached it. */
async function openTools(
  list: readonly Tool[],
  given: ToolsOptions & { readonly allowed?: readonly string[]; readonly role?: string } = {},
) {
  const { allowed = list.map(({ name }) => name), role = 'owner', ...toolOptions } = given
  const house = await openHouse({ surfaces: [tools(list, { resolve: { ticket: forgetful }, ...toolOptions })] })
  const own = await house.at({ ...house.seats.own, role, allowedToolIds: allowed })
  const run = await own.startRun(options)
  return {
    house,
    run,
    call: (name: string, input: unknown) => run.tools.call(name, input),
    async [Symbol.asyncDispose]() {
      await run.end().catch(() => undefined)
      await house[Symbol.asyncDispose]()
    },
  }
}

const read = (reached: unknown[]) =>
  defineTool({
    ...rest,
    name: 'read_tickets',
    input: z.object({ one: ticketId.optional(), many: z.array(ticketId).optional(), note: z.unknown().optional() }),
    run: async (input) => void reached.push(input),
  })

const answering = (answer: (own: string) => unknown) => {
  const owned = defineTool({
    name: 'answer',
    description: 'rows',
    risk: 'read',
    role: 'viewer',
    input: z.object({}),
    run: async (_input, { boundary }): Promise<unknown> => answer(boundary.tenantId),
    owner: (row) => {
      const { tenantId, workspaceId } = z.object({ tenantId: z.string(), workspaceId: z.string() }).parse(row)
      return { tenantId, workspaceId }
    },
  })
  return owned
}

async function answered(
  script: Script,
  step: string,
  answer: (own: string) => unknown,
  expected: string,
): Promise<void> {
  await using opened = await openTools([answering(answer)])
  const outcome = await script.outcome(`a tool answers with ${step}`, () => opened.call('answer', {}))
  await script.see('how the call ended', () => outcome, expected)
}

const reads = (
  name: string,
  run: (script: Script, opened: Awaited<ReturnType<typeof openTools>>, reached: Seen) => Promise<void>,
): Probe => ({
  name,
  surface,
  async run(script) {
    const reached: unknown[] = []
    await using opened = await openTools([read(reached)])
    await run(script, opened, reached)
  },
})

export const probes: readonly Probe[] = [
  {
    name: 'allowed',
    surface,
    async run(script) {
      const other = defineTool({ ...rest, name: 'refund', input: z.object({}), run: async () => 'paid' })
      await using opened = await openTools([read([]), other], { allowed: ['read_tickets'] })
      await script.refused('call a tool that is not allowed', () => opened.call('refund', {}), 'NOT_FOUND')
      await script.refused('call one that nobody registered', () => opened.call('reverse', {}), 'NOT_FOUND')
    },
  },
  {
    name: 'listed',
    surface,
    async run(script) {
      const other = defineTool({ ...rest, name: 'refund', input: z.object({}), run: async () => 'paid' })
      await using opened = await openTools([read([]), other], { allowed: ['read_tickets'] })
      await script.see('list the tools', async () => (await opened.run.tools.list()).map(({ name }) => name), [
        'read_tickets',
      ])
    },
  },
  {
    name: 'unmarked',
    surface,
    async run(script) {
      const unmarked: Readonly<Record<string, z.ZodObject>> = {
        'a ticketId': z.object({ ticketId: z.string() }),
        'a list of ticketIds': z.object({ ticketIds: z.array(z.string()) }),
        'a number as ticket_id': z.object({ ticket_id: z.int() }),
        'a UUID under another name': z.object({ subject: z.uuid() }),
        'a ticketId in an object that is spoken for': z.object({
          from: z.object({ ticketId: z.string() }).meta(notAResource('a place')),
        }),
      }
      for (const [what, input] of Object.entries(unmarked))
        await script.refused(
          `define a tool that takes ${what}`,
          () => defineTool({ ...rest, name: 'read', input, run: async () => 'read' }),
          'TypeError',
        )
    },
  },
  reads('reserved', async (script, { call }, reached) => {
    await script.do('call with an id of one’s own', () => call('read_tickets', { one: 'T-1' }))
    const named: readonly unknown[] = [
      { tenantId: 'acme-eu' },
      { one: 'T-1', note: { where: [{ org_id: 'acme-eu' }] } },
      { note: '{"workspaceId":"ws2"}' },
      { note: { tеnantId: 'acme-eu' } },
      { note: { field: 'tenantId', op: 'eq', value: 'acme-eu' } },
      { note: ['tenantId', '==', 'acme-eu'] },
    ]
    for (const input of named)
      await script.refused(
        `call with ${JSON.stringify(input)}`,
        () => call('read_tickets', input),
        'FORBIDDEN reserved-argument',
      )
    await script.see('how often the tool ran', () => reached.length, 1)
  }),
  {
    name: 'role',
    surface,
    async run(script) {
      const tool = defineTool({ ...rest, name: 'close', role: 'admin', input: z.object({}), run: async () => 'closed' })
      await using opened = await openTools([tool], { role: 'member' })
      await script.refused('a member calls a tool for admins', () => opened.call('close', {}), 'FORBIDDEN role')
    },
  },
  {
    name: 'approval',
    surface,
    async run(script) {
      const tool = defineTool({
        ...rest,
        name: 'refund',
        risk: 'sensitive',
        input: z.object({}),
        run: async () => 'paid',
      })
      await using opened = await openTools([tool])
      const refund = () => opened.call('refund', {})
      await script.refused('call a sensitive tool nobody has consented to', refund, 'FORBIDDEN approval-required')
    },
  },
  reads('ids', async (script, { call }, reached) => {
    const inputs: readonly unknown[] = [
      { one: 'T-2' },
      { one: 'T-3' },
      { many: ['T-2'] },
      { many: ['T-1', 'T-2'] },
      { one: 'T-9' },
      { one: 't-1' },
      { one: 'T-1 ' },
    ]
    for (const input of inputs)
      await script.refused(
        `call with ${JSON.stringify(input)}, of which T-1 alone is one’s own`,
        () => call('read_tickets', input),
        'NOT_FOUND',
      )
    await script.see('how often the tool ran', () => reached.length, 0)
  }),
  {
    name: 'rows-of-a-resolver',
    surface,
    async run(script) {
      const resources: unknown[] = []
      const tool = defineTool({
        ...rest,
        name: 'read_ticket',
        input: z.object({ one: ticketId }),
        run: async ({ one }, { resource }) => void resources.push(resource('ticket', one)['title']),
      })
      const both: Resolver = {
        ...forgetful,
        find: async (_ids, { boundary: { tenantId } }) => [
          { id: 'T-1', tenant: tenantId, workspace: 'ws', title: 'own' },
          { id: 'T-1', tenant: `${tenantId}-eu`, workspace: 'ws', title: 'theirs' },
        ],
      }
      await using opened = await openTools([tool], { resolve: { ticket: both } })
      await script.do('a resolver answers with two tickets of one id', () => opened.call('read_ticket', { one: 'T-1' }))
      await script.see('which one the tool gets', () => resources, ['own'])
    },
  },
  reads('one-refusal', async (script, { house, call }) => {
    const [missing, foreign] = [
      await script.outcome('call with an id that nobody has', () => call('read_tickets', { one: 'T-9' })),
      await script.outcome('call with one of acme-eu', () => call('read_tickets', { one: 'T-2' })),
    ]
    await script.see('both refusals', () => [missing, foreign], ['NOT_FOUND', 'NOT_FOUND'])
    const events = await house.admin(
      'select e.event, e.reason, e.blocked_cross_boundary_resources as blocked from wt.audit_event e join wt.tenant t on t.id = e.tenant_id where t.external_id = $1 and e.decision = $2',
      [house.names.own, 'refused'],
    )
    const event = { event: 'resource-outside-boundary', reason: 'ticket', blocked: 1 }
    await script.see('the events of both', () => events, [event, event])
  }),
  {
    name: 'answers',
    surface,
    async run(script) {
      const row = (tenantId: string, more: object = {}) => ({ tenantId, workspaceId: 'ws', ...more })
      await answered(script, 'an own row', (own) => row(own), 'done')
      await answered(script, 'a row of acme-eu', (own) => row(`${own}-eu`), 'NOT_FOUND')
      await answered(script, 'an own row and one of acme-eu', (own) => [row(own), row(`${own}-eu`)], 'NOT_FOUND')
      await answered(script, 'a row of ws2', (own) => [row(own, { workspaceId: 'ws2' })], 'NOT_FOUND')
      await answered(script, 'a row whose owner cannot be told', (own) => [row(own), { title: 'theirs' }], 'NOT_FOUND')
      await answered(
        script,
        'a row of acme-eu deep in an own one',
        (own) => row(own, { related: [{ org_id: `${own}-eu` }] }),
        'NOT_FOUND',
      )
      await answered(
        script,
        'one in text that is JSON',
        (own) => row(own, { raw: JSON.stringify({ tenant_id: `${own}-eu` }) }),
        'NOT_FOUND',
      )
    },
  },
  {
    name: 'kept-context',
    surface,
    async run(script) {
      const kept: ToolContext[] = []
      const tool = defineTool({
        ...rest,
        name: 'keep',
        input: z.object({}),
        run: async (_input, context) => void kept.push(context),
      })
      await using opened = await openTools([tool])
      await script.do('a tool keeps what it was given', () => opened.call('keep', {}))
      const [context] = kept
      await script.refused('it asks the boundary afterwards', () => context?.boundary.tenantId, 'TypeError')
      await script.refused(
        'it opens a transaction afterwards',
        () => context?.transact((transaction) => transaction.query('select 1')),
        'TypeError',
      )
    },
  },
]
