import { assertInBoundary, type AgentBoundary, type Transaction } from 'watertight'
import type { memory } from 'watertight/memory'
import type { retrieval } from 'watertight/retrieval'
import { defineTool, type Tool } from 'watertight/tools'
import { resourceId } from 'watertight/zod'
import { z } from 'zod'

import { ticketFrom, type Ticket } from './ticket.ts'

/** The surfaces that the tools work on: the very objects that are registered. */
export interface DeskSurfaces {
  readonly memories: ReturnType<typeof memory>
  readonly documents: ReturnType<typeof retrieval>
}

// A key is told wherever the memory is explained, so it is a name and no place for text that a model wants to carry out.
const key = z.string().regex(/^[a-z]+(_[a-z]+){0,5}$/)
const status = z.enum(['open', 'pending', 'closed'])
const ticketChange = { status: status.optional(), note: z.string().max(2_000).optional() }
const nothingOfTheirs = 'says only what was done'

/** Everything that an agent of the desk can do. None of the tools asks whose data to use: the run already is somebody's. */
export function deskTools({ memories, documents }: DeskSurfaces): readonly Tool[] {
  return [
    defineTool({
      name: 'search_documents',
      description: 'Finds the passages of our contracts and handbook that are nearest to a question.',
      input: z.strictObject({ query: z.string().max(2_000) }),
      risk: 'read',
      role: 'viewer',
      ownerless: 'retrieval has compared the owner of every passage',
      run: async ({ query }, { use }) => {
        const hits = await use(documents).search(query, { limit: 6 })
        return hits.map(({ documentId, title, heading, text }) => ({ documentId, title, heading, text }))
      },
    }),

    defineTool({
      name: 'list_tickets',
      description: 'Lists our tickets, all of them or those of one status.',
      input: z.strictObject({ status: status.optional() }),
      risk: 'read',
      role: 'viewer',
      run: async (input, { transact }) => {
        // No tenant in the condition: outside of the boundary there are no rows.
        const { rows } = await transact((transaction) =>
          transaction.query('select * from desk.ticket where status = coalesce($1, status) order by id', [
            input.status ?? null,
          ]),
        )
        return rows
          .map(ticketFrom)
          .map(({ tenantId, workspaceId, id, title, status: is }) => ({ tenantId, workspaceId, id, title, status: is }))
      },
      owner: (ticket) => ticket,
    }),

    defineTool({
      name: 'read_ticket',
      description: 'Reads one of our tickets.',
      input: z.strictObject({ ticketId: resourceId('ticket') }),
      risk: 'read',
      role: 'viewer',
      run: async ({ ticketId }, { resource }) => ticketFrom(resource('ticket', ticketId)),
      owner: (ticket) => ticket,
    }),

    defineTool({
      name: 'update_ticket',
      description: 'Changes the status of one of our tickets, or leaves a note in it.',
      input: z.strictObject({ ticketId: resourceId('ticket'), ...ticketChange }),
      risk: 'write',
      role: 'member',
      ownerless: nothingOfTheirs,
      // One transaction: the look at the id, the update, its answer and the evidence.
      change: async (transaction, { ticketId, ...wanted }, { boundary, resource }) => {
        const ticket = ticketFrom(resource('ticket', ticketId))
        assertInBoundary(boundary, ticket)
        await updateTickets(transaction, boundary, [ticket], wanted)
        return { ticketId: ticket.id, status: wanted.status ?? ticket.status }
      },
    }),

    defineTool({
      name: 'update_tickets',
      description: 'Changes the status of several of our tickets at once, or leaves the same note in them.',
      input: z.strictObject({ ticketIds: z.array(resourceId('ticket')).min(1).max(50), ...ticketChange }),
      risk: 'write',
      role: 'member',
      ownerless: nothingOfTheirs,
      // With one id among them that is not here, none of this runs.
      change: async (transaction, { ticketIds, ...wanted }, { boundary, resource }) => {
        const tickets = ticketIds.map((ticketId) => ticketFrom(resource('ticket', ticketId)))
        for (const ticket of tickets) assertInBoundary(boundary, ticket)
        await updateTickets(transaction, boundary, tickets, wanted)
        return tickets.map(({ id, status: was }) => ({ ticketId: id, status: wanted.status ?? was }))
      },
    }),

    defineTool({
      name: 'recall',
      description: 'Recalls what we asked you to remember under a key, such as preferred_report_format.',
      input: z.strictObject({ key }),
      risk: 'read',
      role: 'viewer',
      ownerless: 'memory has compared the owner of what it found',
      run: async (input, { use }) => {
        for (const scope of ['user', 'workspace', 'tenant'] as const) {
          const found = await use(memories).get(input.key, { scope })
          if (found) return { key: found.key, value: found.value, scope }
        }
        return null
      },
    }),

    defineTool({
      name: 'remember',
      description: 'Remembers something for the person who asks, under a key.',
      input: z.strictObject({ key, value: z.string().max(2_000) }),
      risk: 'write',
      role: 'member',
      ownerless: nothingOfTheirs,
      run: async (input, context) => {
        // What a model says becomes memory with its source named: this call, of this run.
        await context.use(memories).promote(context.call, input)
        return { remembered: input.key }
      },
    }),

    defineTool({
      name: 'refund_invoice',
      description: 'Refunds the invoice that a ticket is about, once an owner of the workspace has approved it.',
      input: z.strictObject({ ticketId: resourceId('ticket') }),
      risk: 'sensitive', // nothing that a model or a text says consents to it: a person does, for this call alone
      role: 'member',
      approver: 'owner',
      ownerless: nothingOfTheirs,
      change: async (transaction, { ticketId }, { boundary, resource }) => {
        const ticket = ticketFrom(resource('ticket', ticketId))
        assertInBoundary(boundary, ticket)
        await transaction.query('insert into desk.refund (ticket_id, requested_by) values ($1, $2)', [
          ticket.id,
          boundary.userId,
        ])
        return { refunded: ticket.id }
      },
    }),
  ]
}

async function updateTickets(
  transaction: Transaction,
  { tenantId, workspaceId }: AgentBoundary,
  tickets: readonly Ticket[],
  wanted: { readonly status?: Ticket['status'] | undefined; readonly note?: string | undefined },
): Promise<void> {
  await transaction.query(
    `update desk.ticket set status = coalesce($4, status), note = coalesce($5, note)
     where tenant_id = $1 and workspace_id = $2 and id = any ($3::text[])`,
    [tenantId, workspaceId, tickets.map(({ id }) => id), wanted.status ?? null, wanted.note ?? null],
  )
}
