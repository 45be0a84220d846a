import { neighbourActivities } from '../../../src/testing/index.ts'
import type { NeighbourActivity } from '../../../src/testing/index.ts'
import { copySeat } from './copy-seat.ts'
import { addDocument, addTickets, leave } from './neighbours.ts'
import type { NeighbourKind } from './neighbours.ts'
import type { Seat, Seated, Stage } from './stage.ts'
import { actorsTwin } from './twins.ts'

/** Furnishes seats as quickly as thousands of worlds need it. */
export interface Furnisher {
  /** Furnishes seats in their order. Returns a run of each neighbour's. */
  furnish(seats: readonly FurnishedSeat[]): Promise<readonly string[]>
}

export interface FurnishedSeat {
  readonly seat: Seat
  readonly as: Template
}

/** What a seat has: the actor's things, or those of a neighbour with a history. */
type Template = 'actor' | `${NeighbourKind}/${NeighbourActivity}`

/** Leaves in one seat of each template what belongs there, by the public face, so that it can be copied. */
export async function createFurnisher(stage: Stage): Promise<Furnisher> {
  const operator = await stage.seat(templateSeat('operator'))
  await settle(await stage.seat(templateSeat('actor')))
  for (const kind of ['tenants', 'workspaces', 'users'] as const) {
    for (const activity of neighbourActivities) {
      if (activity !== 'absent')
        await leave(stage, { kind, seated: await stage.seat(templateSeat(`${kind}/${activity}`)) }, activity)
    }
  }
  for (const statement of [copySeat.slice(0, copySeat.indexOf(';')), copySeat.slice(copySeat.indexOf(';') + 1)])
    await stage.admin(operator, statement)
  return {
    async furnish(seats) {
      const columns = seats.map(({ seat, as }) => [
        `template/${as}`,
        seat.tenantId,
        seat.workspaceId,
        seat.userId,
        seat.role,
      ])
      const rows = await stage.admin(
        operator,
        `select copied.run from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
           with ordinality as wanted (source, tenant, workspace, subject, role, position)
           left join lateral proof.copy_seat(source, tenant, workspace, subject, role) copied on true
         where wanted.source <> 'template/actor' or copied.run is null order by position`,
        [0, 1, 2, 3, 4].map((column) => columns.map((each) => each[column])),
      )
      return rows.flatMap(({ run }) => (typeof run === 'string' ? [run] : []))
    },
  }
}

function templateSeat(name: string): Seat {
  return { tenantId: `template/${name}`, workspaceId: 'template', userId: 'template', role: 'owner' }
}

/** Leaves in an owner's seat what the actor has in every world. */
export async function settle({ desk, ...rest }: Seated): Promise<void> {
  const { user, workspace } = actorsTwin
  for (const { key, value } of user.memories.slice(1)) await desk.memory.set(key, value)
  await desk.memory.set('plan', 'of the tenant', { scope: 'tenant' })
  const [contract] = workspace.documents
  if (contract !== undefined) await addDocument({ desk, ...rest }, contract)
  await addTickets({ desk, ...rest }, workspace.tickets)
}
