import { ticketFrom, type Ticket } from '../desk/ticket.ts'
import type { Seat } from './seats.ts'

/** A memory, as far as it matters whether it changed. */
interface Remembered {
  readonly key: string
  readonly value: unknown
}

/** What a workspace holds for all of its people. */
export interface SharedHoldings {
  readonly tickets: readonly Ticket[]
  readonly memories: readonly Remembered[]
}

export async function sharedHoldingsOf({ compartment }: Seat): Promise<SharedHoldings> {
  const { tenantId, workspaceId } = compartment.boundary
  // By owner, so that the judge sees right even where a test has switched the policies off.
  const { rows } = await compartment.transact((transaction) =>
    transaction.query('select * from desk.ticket where tenant_id = $1 and workspace_id = $2 order by id', [
      tenantId,
      workspaceId,
    ]),
  )
  const memories = [await rememberedIn('workspace', compartment), await rememberedIn('tenant', compartment)]
  return { tickets: rows.map(ticketFrom), memories: memories.flat() }
}

/** What is one person's alone. */
export async function ownHoldingsOf({ compartment }: Seat): Promise<readonly Remembered[]> {
  return await rememberedIn('user', compartment)
}

async function rememberedIn(
  scope: 'user' | 'workspace' | 'tenant',
  { memory }: Seat['compartment'],
): Promise<Remembered[]> {
  const items = await memory.list({ scope, limit: 1_000 })
  return items.map(({ key, value }) => ({ key, value }))
}
