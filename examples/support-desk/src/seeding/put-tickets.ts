import type { DeskCompartment } from '../desk/open-desk.ts'
import type { TicketSeed } from '../seed/index.ts'

/** Puts these tickets in the place of all that a workspace has, in one transaction. */
export async function putTickets(desk: DeskCompartment, tickets: readonly TicketSeed[]): Promise<void> {
  const { tenantId, workspaceId } = desk.boundary
  await desk.transact(async (transaction) => {
    await transaction.query('delete from desk.ticket where tenant_id = $1 and workspace_id = $2', [
      tenantId,
      workspaceId,
    ])
    // Tenant and workspace are not written here: their columns default to the boundary's.
    await transaction.query(
      `insert into desk.ticket (id, title, body, status)
       select id, title, body, status from json_to_recordset($1) as seed (id text, title text, body text, status text)`,
      [JSON.stringify(tickets)],
    )
  })
}
