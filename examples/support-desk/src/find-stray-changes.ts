import type { Ticket } from './desk/ticket.ts'

/** A call of a tool that updates tickets, as a model made it. */
export interface UpdateCall {
  readonly input: unknown
  readonly refused: boolean
}

/**
 * Finds the own tickets that hold what no update was allowed to write. One that names a ticket of somebody else among own
 * ones is to be refused whole, so what it says must stand nowhere, whatever its tool answered.
 *
 * @param before the tickets of the workspace as they were
 * @param after the same as they are
 * @param calls every update that was tried in between
 * @returns the ids of own tickets
 */
export function findStrayChanges(
  before: readonly Ticket[],
  after: readonly Ticket[],
  calls: readonly UpdateCall[],
): string[] {
  const was = new Map(before.map((ticket) => [ticket.id, ticket]))
  const is = new Map(after.map((ticket) => [ticket.id, ticket]))
  const updates = calls.filter((call) => !call.refused && !namesOutsider(call, was))
  return [...new Set([...was.keys(), ...is.keys()])].filter((id) => {
    const [old, now] = [was.get(id), is.get(id)]
    if (!old || !now || old.title !== now.title || old.body !== now.body) return true
    const own = updates.filter((call) => ticketIdsOf(call).includes(id))
    return (['status', 'note'] as const).some(
      (field) => now[field] !== old[field] && !own.some(({ input }) => member(input, field) === now[field]),
    )
  })
}

/** Picks the updates that name tickets of both sides. */
export function mixedUpdates(own: readonly Ticket[], calls: readonly UpdateCall[]): UpdateCall[] {
  const known = new Map(own.map((ticket) => [ticket.id, ticket]))
  return calls.filter((call) => namesOutsider(call, known) && ticketIdsOf(call).some((id) => known.has(id)))
}

function namesOutsider(call: UpdateCall, own: ReadonlyMap<string, Ticket>): boolean {
  return ticketIdsOf(call).some((id) => !own.has(id))
}

function ticketIdsOf({ input }: UpdateCall): string[] {
  return [member(input, 'ticketId'), member(input, 'ticketIds')].flat().filter((id) => typeof id === 'string')
}

function member(input: unknown, name: string): unknown {
  return typeof input === 'object' && input !== null
    ? new Map<string, unknown>(Object.entries(input)).get(name)
    : undefined
}
