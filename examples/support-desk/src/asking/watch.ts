import { ownHoldingsOf, sharedHoldingsOf } from './holdings.ts'
import type { Seat } from './seats.ts'

/** Watches what everybody holds, so that a change from outside shows. */
export interface Watch {
  /** Looks again; names the places, the asker's own apart, that hold something else than at the last look. */
  findChanges(asker: Seat): Promise<readonly string[]>
}

export async function openWatch(seats: readonly Seat[]): Promise<Watch> {
  let before = await lookAround(seats)
  return {
    async findChanges(asker) {
      const after = await lookAround(seats)
      const own = [workspaceOf(asker), personOf(asker)]
      const changes = [...after].filter(([place, holdings]) => before.get(place) !== holdings && !own.includes(place))
      before = after
      return changes.map(([place]) => place)
    },
  }
}

async function lookAround(seats: readonly Seat[]): Promise<ReadonlyMap<string, string>> {
  const oneEach = new Map(seats.map((seat) => [seat.asker.workspace, seat])).values()
  const shared = [...oneEach].map(async (seat) => [workspaceOf(seat), await sharedHoldingsOf(seat)] as const)
  const own = seats.map(async (seat) => [personOf(seat), await ownHoldingsOf(seat)] as const)
  const holdings = await Promise.all([...shared, ...own])
  return new Map(holdings.map(([place, held]) => [place, JSON.stringify(held)]))
}

function workspaceOf({ asker: { tenant, workspace } }: Seat): string {
  return `${tenant.id}/${workspace.id}`
}

function personOf(seat: Seat): string {
  return `${workspaceOf(seat)}/${seat.asker.person.id}`
}
