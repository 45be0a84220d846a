import { assertInBoundary } from 'watertight'
import type { memory } from 'watertight/memory'
import type { retrieval } from 'watertight/retrieval'
import { defineTool, type Tool } from 'watertight/tools'
import { resourceId } from 'watertight/zod'
import { z } from 'zod'

import { ticketFrom } from './ticket.ts'

/** The surfaces that the tools work on: the very objects that are registered. */
export interface DeskSurfaces {
  readonly memories: ReturnType<typeof memory>
  readonly documents: ReturnType<typeof retrieval>
}

// A key is told wherever the memory is explained, so it is a name and no place for text that a model wants to carry out.
const key = z.string().regex(/^[a-z]+(_[a-z]+){0,5}$/)
const status = z.enum(['open', 'pending', 'closed'])
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
      input: z.strictObject({
        ticketId: resourceId('ticket'),
        status: status.optional(),
        note: z.string().max(2_000).optional(),
      }),
      risk: 'write',
      role: 'member',
      ownerless: nothingOfTheirs,
      run: async ({ ticketId, ...change }, { boundary, resource, transact }) => {
        const ticket = ticketFrom(resource('ticket', ticketId))
        assertInBoundary(boundary, ticket)
        await transact((transaction) =>
          transaction.query(
            `update desk.ticket set status = coalesce($4, status), note = coalesce($5, note)
             where tenant_id = $1 and workspace_id = $2 and id = $3`,
            [ticket.tenantId, ticket.workspaceId, ticket.id, change.status ?? null, change.note ?? null],
          ),
        )
        return { ticketId: ticket.id, status: change.status ?? ticket.status }
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
      description: 'Refunds the invoice that a ticket is about.',
      input: z.strictObject({ ticketId: resourceId('ticket') }),
      risk: 'sensitive', // nobody has it in their list, and it would need a person's consent besides
      role: 'owner',
      ownerless: nothingOfTheirs,
      run: async ({ ticketId }) => ({ refunded: ticketId }),
    }),
  ]
}
