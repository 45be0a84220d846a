import { z } from 'zod'

/** A ticket, with the owner that every record of the desk carries. */
export interface Ticket {
  readonly tenantId: string
  readonly workspaceId: string
  readonly id: string
  readonly title: string
  readonly body: string
  readonly status: 'open' | 'pending' | 'closed'
  readonly note: string
}

const columns = z.object({
  tenant_id: z.string(),
  workspace_id: z.string(),
  id: z.string(),
  title: z.string(),
  body: z.string(),
  status: z.enum(['open', 'pending', 'closed']),
  note: z.string(),
})

/** Reads a row of `desk.ticket`. */
export function ticketFrom(row: unknown): Ticket {
  const { tenant_id: tenantId, workspace_id: workspaceId, ...rest } = columns.parse(row)
  return { tenantId, workspaceId, ...rest }
}
