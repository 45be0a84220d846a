import type { Desk, DeskCompartment } from '../desk/open-desk.ts'
import { askerOf, type Asker, type TenantFacts } from '../seed/index.ts'

/** Somebody of the desk, with what is theirs open. */
export interface Seat {
  readonly asker: Asker
  readonly compartment: DeskCompartment
}

/** Signs everybody in. */
export async function seatEverybody(desk: Desk, tenants: readonly TenantFacts[]): Promise<readonly Seat[]> {
  const askers = tenants.flatMap((tenant) =>
    tenant.workspaces.flatMap(({ id, people }) => people.map((person) => askerOf(tenant, id, person.id))),
  )
  return await Promise.all(askers.map((asker) => seat(desk, asker)))
}

async function seat(desk: Desk, asker: Asker): Promise<Seat> {
  const { tenant, workspace, person } = asker
  const place = { tenantId: tenant.id, workspaceId: workspace.id, userId: person.id }
  return { asker, compartment: await desk.enter(place) }
}
