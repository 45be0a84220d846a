import { openWatertight, session } from '../../../src/index.ts'
import { memory } from '../../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../../src/surfaces/retrieval/index.ts'
import { datasourceId, place, userId } from './protocol.ts'

export const embedder = lexicalEmbedder()

export type House = Awaited<ReturnType<typeof openHouse>>
export type Desk = Awaited<ReturnType<typeof openDesk>>

/** Opens the store under test as an application does, with its one person in it. */
export async function openHouse(database: string, keys: string | undefined) {
  const surfaces = [memory(), retrieval({ embedder })] as const
  const house = await openWatertight({
    database,
    ...(keys === undefined ? {} : { keys }),
    identity: session(),
    surfaces,
  })
  await house.directory.putTenant({ tenantId: place.tenantId, plan: 'pro', region: 'us' })
  await house.directory.putWorkspace(place)
  await house.directory.putDatasource({ ...place, datasourceId })
  const granted = { role: 'owner', allowedToolIds: [], allowedDatasourceIds: [datasourceId] }
  await house.directory.putMember({ ...place, userId, ...granted })
  return house
}

/** The person's compartment, under a trace of its own: every event that it leaves names that. */
export async function openDesk(house: House, traceId: string) {
  const principal = await house.identify({ tenantId: place.tenantId, userId })
  return house.within(await house.boundary(principal, { workspaceId: place.workspaceId, traceId }))
}
