import { ownHoldingsOf, sharedHoldingsOf } from './holdings.ts'
import type { Seat } from './seats.ts'

/** Watches what everybody but the asker holds, so that a change from outside shows. */
export interface Watch {
  /** Looks again; names the places that hold something else than at the last look. */
  findChanges(): Promise<readonly string[]>
}

export async function openWatch(seats: readonly Seat[], asker: Seat): Promise<Watch> {
  const look = (): Promise<ReadonlyMap<string, string>> => lookAround(seats, asker)
  let before = await look()
  return {
    async findChanges() {
      const after = await look()
      const changes = [...after].filter(([place, holdings]) => before.get(place) !== holdings)
      before = after
      return changes.map(([place]) => place)
    },
  }
}

async function lookAround(seats: readonly Seat[], asker: Seat): Promise<ReadonlyMap<string, string>> {
  const isElsewhere = ({ asker: { workspace } }: Seat): boolean => workspace !== asker.asker.workspace
  const oneEach = new Map(seats.filter(isElsewhere).map((seat) => [seat.asker.workspace, seat])).values()
  const shared = [...oneEach].map(async (seat) => [workspaceOf(seat), await sharedHoldingsOf(seat)] as const)
  const own = seats
    .filter((seat) => seat !== asker)
    .map(async (seat) => [personOf(seat), await ownHoldingsOf(seat)] as const)
  const holdings = await Promise.all([...shared, ...own])
  return new Map(holdings.map(([place, held]) => [place, JSON.stringify(held)]))
}

function workspaceOf({ asker: { tenant, workspace } }: Seat): string {
  return `${tenant.id}/${workspace.id}`
}

function personOf(seat: Seat): string {
  return `${workspaceOf(seat)}/${seat.asker.person.id}`
}
