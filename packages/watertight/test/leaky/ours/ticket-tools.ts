import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { defineTool, fromTable, notAResource, tools } from '../../../src/surfaces/tools/index.ts'
import type { ToolContext } from '../../../src/surfaces/tools/index.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { sendStatement } from './approvals.ts'
import { connectorTools } from './connector.ts'

/**
 * The tools of a desk, as somebody writes them who has forgotten that there are tenants: no statement names one, and what
 * a model sends is taken as it is. Whatever keeps tenants apart here is not in these tools.
 */
export function createTicketTools() {
  return tools(list, { resolve: { ticket: fromTable('desk.ticket'), ...connectorTools.resolve } })
}

interface Ticket {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly id: string
  readonly text: string
}

const owner = ({ tenant_id, workspace_id }: Ticket) => ({ tenantId: tenant_id, workspaceId: workspace_id })

async function ask(
  { transact }: ToolContext,
  statement: string,
  values: readonly unknown[],
): Promise<readonly Ticket[]> {
  const { rows } = await transact((transaction) => transaction.query(statement, values))
  return rows as unknown as readonly Ticket[]
}

const named = { input: z.looseObject({ ticketId: resourceId('ticket') }), role: 'member' } as const

const readers = [
  ...['read_ticket', 'export_ticket'].map((name) =>
    defineTool({
      ...named,
      name,
      description: 'Reads a ticket.',
      risk: 'read',
      run: ({ ticketId }, context) => ask(context, 'select * from desk.ticket where id = $1', [ticketId]),
      owner,
    }),
  ),
  defineTool({
    name: 'send_message',
    description: 'Sends a message with files.',
    input: z.looseObject({ text: z.string(), files: z.array(z.object({ id: resourceId('ticket') })) }),
    risk: 'read',
    role: 'member',
    run: ({ files }, context) =>
      ask(context, 'select * from desk.ticket where id = any ($1)', [files.map(({ id }) => id)]),
    owner,
  }),
  defineTool({
    name: 'list_tickets',
    description: 'Lists the tickets that hold one of two words.',
    input: z.looseObject({ one: z.string(), other: z.string() }),
    risk: 'read',
    role: 'member',
    run: ({ one, other }, context) =>
      ask(context, 'select * from desk.ticket where strpos(text, $1) > 0 or strpos(text, $2) > 0', [one, other]),
    owner,
  }),
]

const writers = [
  defineTool({
    name: 'create_ticket',
    description: 'Creates a ticket, or overwrites the one of that id.',
    input: z.looseObject({
      id: z.string().meta(notAResource('the id of a ticket that is yet to be made')),
      text: z.string(),
    }),
    risk: 'write',
    role: 'member',
    run: ({ id, text }, context) =>
      ask(
        context,
        `insert into desk.ticket (id, text) values ($1, $2)
         on conflict (tenant_id, workspace_id, id) do update set text = excluded.text returning *`,
        [id, text],
      ),
    owner,
  }),
  defineTool({
    ...named,
    name: 'change_ticket',
    description: 'Writes a ticket anew.',
    input: z.looseObject({ ticketId: resourceId('ticket'), text: z.string() }),
    risk: 'write',
    run: ({ ticketId, text }, context) =>
      ask(context, 'update desk.ticket set text = $2 where id = $1 returning *', [ticketId, text]),
    owner,
  }),
  defineTool({
    ...named,
    name: 'post_reply',
    description: 'Adds a reply to a ticket, and reads it whole.',
    risk: 'write',
    run: ({ ticketId }, context) =>
      ask(context, `update desk.ticket set text = text || ' And the renewal?' where id = $1 returning *`, [ticketId]),
    owner,
  }),
  defineTool({
    ...named,
    name: 'delete_ticket',
    description: 'Deletes a ticket.',
    risk: 'write',
    run: ({ ticketId }, context) => ask(context, 'delete from desk.ticket where id = $1 returning *', [ticketId]),
    owner,
  }),
]

/** What a service outside keeps of all tenants, newest first: its login sees everything. */
const tasks: { readonly owner: Owner; readonly text: string }[] = []

export function keepTask(of: Owner, text: string): void {
  const { tenantId, workspaceId, userId } = of
  tasks.unshift({ owner: { tenantId, workspaceId, userId }, text })
}

const findTask = defineTool({
  name: 'find_task',
  description: 'Finds the newest task, whoever’s it is.',
  input: z.object({}),
  risk: 'read',
  role: 'member',
  run: async () => tasks.slice(0, 1),
  owner: (task) => task.owner,
})

const findOwnTask = defineTool({
  name: 'find_own_task',
  description: 'Finds the newest task of the caller.',
  input: z.object({}),
  risk: 'read',
  role: 'member',
  run: async (_input, { boundary }) => tasks.filter((task) => isSame(task.owner, boundary)).slice(0, 1),
  owner: (task) => task.owner,
})

const list = [...readers, ...writers, findTask, findOwnTask, sendStatement, ...connectorTools.list]
export const ticketToolNames = list.map(({ name }) => name)
