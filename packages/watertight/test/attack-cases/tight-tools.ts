import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { Forbidden, InvalidInput, NotFound, Refusal, StoreUnavailable, ToolFailed } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../src/surfaces/retrieval/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import type { Tool } from '../../src/surfaces/tools/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { toolNames } from './tool-names.ts'

export const memories = memory()
export const documents = retrieval({ embedder: lexicalEmbedder() })

/** A ticket, as it lies in the table. */
export interface Ticket {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly id: string
  readonly title: string
}

const ownerOf = (ticket: Ticket) => ({ tenantId: ticket.tenant_id, workspaceId: ticket.workspace_id })
const ticketId = resourceId('ticket')
const viewer = { role: 'viewer', risk: 'read' } as const

/**
 * The tools of a support desk, some of them careless as authors are: one forgot its WHERE, one keeps a cache for the whole
 * process, one asks a service that answers with the next customer's row, one throws what it has in hand.
 *
 * @param elsewhere every ticket of everybody, as a service outside holds them
 */
export function createTools(elsewhere: readonly Ticket[]): readonly Tool[] {
  const cache = new Map<string, readonly Ticket[]>()
  return [...readingTools(), ...writingTools(), ...payingTools(), ...carelessTools(elsewhere, cache)]
}

function readingTools(): readonly Tool[] {
  return [
    defineTool({
      ...viewer,
      name: 'read_ticket',
      description: 'Reads a ticket.',
      input: z.object({ ticketId }),
      owner: ownerOf,
      run: async (input, { resource }) => resource('ticket', input.ticketId) as unknown as Ticket,
    }),
    defineTool({
      ...viewer,
      name: 'read_tickets',
      description: 'Reads several tickets.',
      input: z.object({ ticketIds: z.array(ticketId) }),
      owner: ownerOf,
      run: async (input, { resource }) => input.ticketIds.map((id) => resource('ticket', id) as unknown as Ticket),
    }),
    defineTool({
      ...viewer,
      name: 'link_tickets',
      description: 'Shows what each ticket is linked to.',
      input: z.object({ links: z.array(z.object({ from: z.object({ ticketId }), to: z.object({ ticketId }) })) }),
      ownerless: 'resolved rows of the boundary, which carry their owners',
      run: async ({ links }, { resource }) => links.map(({ to }) => resource('ticket', to.ticketId)),
    }),
    defineTool({
      ...viewer,
      name: 'recall',
      description: 'Reads a memory.',
      input: z.object({ key: z.string(), scope: z.enum(['user', 'workspace', 'tenant']).default('user') }),
      ownerless: 'memory compares owners',
      run: async ({ key, scope }, { use }) => (await use(memories).get(key, { scope }))?.value ?? null,
    }),
    defineTool({
      ...viewer,
      name: 'look_up',
      description: 'Searches the documents.',
      input: z.object({ question: z.string(), datasources: z.array(z.string()).optional() }),
      ownerless: 'retrieval compares owners',
      run: async ({ question, datasources }, { use }) =>
        (await use(documents).search(question, datasources === undefined ? {} : { datasources })).map(
          ({ text }) => text,
        ),
    }),
  ]
}

function writingTools(): readonly Tool[] {
  return [
    defineTool({
      name: 'update_ticket',
      description: 'Changes the title of a ticket.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ ticketId, title: z.string() }),
      ownerless: 'how many rows changed',
      run: async (input, { transact }) =>
        (
          await transact((transaction) =>
            // The boundary is all that tells two tickets of one id apart.
            transaction.query('update desk.ticket set title = $2 where id = $1', [input.ticketId, input.title]),
          )
        ).rowCount,
    }),
    defineTool({
      name: 'note',
      description: 'Remembers a text.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ key: z.string(), text: z.string() }),
      ownerless: 'says that it was kept',
      async run({ key, text }, { use, call }) {
        await use(memories).promote(call, { key, value: text })
        return 'kept'
      },
    }),
    defineTool({
      name: 'rename_tickets',
      description: 'Gives several tickets one title.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ ticketIds: z.array(ticketId), title: z.string() }),
      ownerless: 'how many rows changed',
      change: async (transaction, { ticketIds, title }) =>
        (await transaction.query('update desk.ticket set title = $2 where id = any ($1)', [ticketIds, title])).rowCount,
    }),
    defineTool({
      name: 'receipt',
      description: 'Sends a receipt for a ticket, and shows what it says.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ ticketId }),
      owner: ownerOf,
      run: async (input, { resource }) => resource('ticket', input.ticketId) as unknown as Ticket,
    }),
    defineTool({
      name: 'ship',
      description: 'Sends a parcel with a service that answers to nobody.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ parcel: z.string() }),
      ownerless: 'never answers',
      run: async () => {
        throw new Error('The service hung up.')
      },
    }),
    defineTool({
      name: 'close_account',
      description: 'Ends the contract.',
      role: 'owner',
      risk: 'write',
      input: z.object({}),
      ownerless: 'says that it ended',
      run: async () => 'closed',
    }),
  ]
}

const payment = {
  role: 'viewer',
  risk: 'sensitive',
  input: z.object({ ticketId, amount: z.union([z.number(), z.string()]), note: z.string().optional() }),
  ownerless: 'says that it paid',
} as const
const pay = (transaction: Transaction, { ticketId: paidFor, amount }: z.output<typeof payment.input>) =>
  transaction.query('insert into desk.payment (ticket_id, amount) values ($1, $2)', [paidFor, String(amount)])

/** What takes money out of the till of a workspace, which is nobody's who asks for it. */
function payingTools(): readonly Tool[] {
  return [
    defineTool({
      ...payment,
      name: 'refund',
      description: 'Pays money back.',
      input: z.object({ ticketId }),
      async run(input, { transact }) {
        await transact((transaction) => pay(transaction, { ...input, amount: 1 }))
        return 'paid'
      },
    }),
    defineTool({
      ...payment,
      name: 'pay_out',
      description: 'Pays an amount.',
      async run(input, { transact }) {
        await transact((transaction) => pay(transaction, input))
        return 'paid'
      },
    }),
    defineTool({
      ...payment,
      name: 'write_off',
      description: 'Takes an amount off the books.',
      async change(transaction, input) {
        await pay(transaction, input)
        return 'written off'
      },
    }),
  ]
}

const howItFails: Readonly<Record<string, (record: string) => unknown>> = {
  message: (record) => new Error(`cannot parse ${record}`),
  text: (record) => record,
  record: (record) => ({ record }),
  member: (record) => Object.assign(new Error('cannot parse'), { record }),
  cause: (record) => new Error('cannot parse', { cause: new Error(record) }),
  name: (record) => Object.assign(new Error('cannot parse'), { name: record }),
  code: (record) => Object.assign(new Error('cannot parse'), { code: record }),
  several: (record) => new AggregateError([new Error(record)], 'cannot parse'),
  tool: (record) => Object.assign(new ToolFailed(), { cause: new Error(record), record }),
  refusal: (record) => Object.assign(new NotFound(), { message: record }),
  'refusal-member': (record) => Object.assign(new Forbidden('role'), { record }),
  'refusal-code': (record) => Object.assign(new StoreUnavailable('away'), { code: record }),
  'refusal-reason': (record) => Object.assign(new Forbidden('role'), { reason: record }),
  'refusal-cause': (record) => new InvalidInput('number', 'another', { cause: new Error(record) }),
  'refusal-class': (record) =>
    new (class extends Refusal {
      override readonly code = 'NOT_FOUND'
    })(record),
}

function carelessTools(elsewhere: readonly Ticket[], cache: Map<string, readonly Ticket[]>): readonly Tool[] {
  return [
    defineTool({
      ...viewer,
      name: 'list_tickets',
      description: 'Lists the tickets.',
      input: z.object({}),
      owner: ownerOf,
      run: async (_input, { transact }) =>
        (await transact((transaction) => transaction.query('select * from desk.ticket'))).rows as unknown as Ticket[],
    }),
    defineTool({
      ...viewer,
      name: 'connector',
      description: 'Asks the ticket service for a ticket by its number there.',
      input: z.object({ number: z.int().nonnegative() }),
      owner: ownerOf,
      run: async ({ number }) => elsewhere[number % elsewhere.length] ?? null,
    }),
    defineTool({
      ...viewer,
      name: 'shared_cache',
      description: 'Lists the tickets, and remembers the list.',
      input: z.object({ question: z.string() }),
      owner: ownerOf,
      async run({ question }, { transact }) {
        const { rows } = await transact((transaction) => transaction.query('select * from desk.ticket'))
        const answer = cache.get(question) ?? (rows as unknown as readonly Ticket[])
        cache.set(question, answer)
        return answer
      },
    }),
    defineTool({
      ...viewer,
      name: 'broken',
      description: 'Fails, and says with whose ticket it failed.',
      input: z.object({ number: z.int().nonnegative() }),
      ownerless: 'never answers',
      run: async ({ number }) => {
        throw new Error(`cannot parse ${elsewhere[number % elsewhere.length]?.title}`)
      },
    }),
    defineTool({
      name: 'broken_service',
      description: 'Fails in one of many ways, and says with whose ticket it failed.',
      role: 'viewer',
      risk: 'write',
      input: z.object({ how: z.string(), number: z.int().nonnegative() }),
      ownerless: 'never answers',
      run: async ({ how, number }) => {
        throw howItFails[how]?.(elsewhere[number % elsewhere.length]?.title ?? 'nothing')
      },
    }),
    defineTool({
      ...viewer,
      name: toolNames.withheld,
      description: 'Exports everything.',
      input: z.object({}),
      ownerless: 'careless',
      run: async () => [...elsewhere],
    }),
  ]
}
