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
  /** The tickets whose invoice was refunded, as often as it was. */
  readonly refunds: readonly string[]
  readonly memories: readonly Remembered[]
}

export async function sharedHoldingsOf(seat: Seat): Promise<SharedHoldings> {
  const tickets = await ticketsOf(seat)
  const refunds = (await rowsOf(seat, 'select ticket_id as id from desk.refund')).map((row) => String(row['id']))
  const memories = [await rememberedIn('workspace', seat.compartment), await rememberedIn('tenant', seat.compartment)]
  return { tickets, refunds, memories: memories.flat() }
}

export async function ticketsOf(seat: Seat): Promise<readonly Ticket[]> {
  return (await rowsOf(seat, 'select * from desk.ticket')).map(ticketFrom)
}

// By owner, so that the judge sees right even where a test has switched the policies off.
async function rowsOf({ compartment }: Seat, select: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { tenantId, workspaceId } = compartment.boundary
  const text = `${select} where tenant_id = $1 and workspace_id = $2 order by id`
  return (await compartment.transact((transaction) => transaction.query(text, [tenantId, workspaceId]))).rows
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
