import type { DeskCompartment } from '../desk/open-desk.ts'

/** Forgets what a workspace has refunded: a run of the desk starts as the first one did. */
export async function deleteRefunds(desk: DeskCompartment): Promise<void> {
  const { tenantId, workspaceId } = desk.boundary
  await desk.transact((transaction) =>
    transaction.query('delete from desk.refund where tenant_id = $1 and workspace_id = $2', [tenantId, workspaceId]),
  )
}
