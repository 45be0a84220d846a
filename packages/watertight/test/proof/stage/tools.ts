import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { defineTool } from '../../../src/surfaces/tools/index.ts'
import { protectTable } from '../../../src/migrate/index.ts'

/** The app's own table, under row security. */
export const ticketTable = `create schema desk;
grant usage on schema desk to :"app";
create table desk.ticket (
  tenant_id text collate "C",
  workspace_id text collate "C",
  id text collate "C",
  title text not null,
  status text not null default 'open',
  primary key (tenant_id, workspace_id, id)
);
${protectTable({ table: 'desk.ticket' })}`

const id = resourceId('ticket')

interface TicketRow {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly id: string
  readonly title: string
  readonly status: string
}

const ownerOf = ({ tenant_id, workspace_id }: TicketRow) => ({ tenantId: tenant_id, workspaceId: workspace_id })

/** Reads tickets by ids that lie in a list of objects, and one beside it. */
const readTickets = defineTool({
  name: 'read-tickets',
  description: 'Reads tickets.',
  input: z.object({ first: id, more: z.array(z.object({ id })).max(8) }),
  risk: 'read',
  role: 'viewer',
  run: async ({ first, more }, { resource }) =>
    [first, ...more.map((ticket) => ticket.id)].map((ticketId) => resource('ticket', ticketId) as unknown as TicketRow),
  owner: ownerOf,
})

/** Its author forgot the condition: what it finds is what the database lets be found. */
const findTickets = defineTool({
  name: 'find-tickets',
  description: 'Finds tickets by a word of their title.',
  input: z.object({ word: z.string() }),
  risk: 'read',
  role: 'viewer',
  run: async ({ word }, { transact }) =>
    await transact(async (transaction) => {
      const { rows } = await transaction.query('select * from desk.ticket where title ilike $1 order by id, title', [
        `%${word}%`,
      ])
      return rows as unknown as TicketRow[]
    }),
  owner: ownerOf,
})

const closeTicket = defineTool({
  name: 'close-ticket',
  description: 'Closes a ticket.',
  input: z.object({ ticket: z.object({ id }) }),
  risk: 'write',
  role: 'member',
  run: async ({ ticket }, { transact }) =>
    await transact(async (transaction) => {
      const { rowCount } = await transaction.query(`update desk.ticket set status = 'closed' where id = $1`, [
        ticket.id,
      ])
      return { changed: rowCount }
    }),
  ownerless: 'a count of the rows that were changed',
})

export const deskTools = [readTickets, findTickets, closeTicket]
