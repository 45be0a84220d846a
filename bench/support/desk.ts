import { openWatertight, session } from 'watertight'
import type { Compartment, Run } from 'watertight'
import { memory } from 'watertight/memory'

const surfaces = [memory()] as const

export type Desk = Compartment<typeof surfaces>
export type DeskRun = Run<typeof surfaces>
export type Deployment = Awaited<ReturnType<typeof openDeployment>>

/** How many memories a person has. */
export const keyCount = 100

export function keyOf(round: number): string {
  return `key-${round % keyCount}`
}

/** What a memory holds: about as much as a preference takes. */
export const value = { format: 'A table first, then three sentences.', tone: 'plain', pages: 2 }

/** Who reads, when nobody else is named. */
const dana = { tenantId: 'northstar-dental', workspaceId: 'front-desk', userId: 'dana' }

/** Opens Watertight as an application does. */
export async function openDeployment(options: {
  readonly database: string
  readonly keys?: string
  readonly unprotectedTables?: readonly string[]
}) {
  return await openWatertight({ ...options, identity: session(), surfaces })
}

/** Adds one person with the memories of `keyOf`, and opens their compartment. */
export async function furnishDesk(watertight: Deployment): Promise<Desk> {
  await watertight.directory.putTenant({ tenantId: dana.tenantId, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(dana)
  await watertight.directory.putMember({ ...dana, role: 'member', allowedToolIds: [], allowedDatasourceIds: [] })
  const desk = await openDesk(watertight)
  for (let at = 0; at < keyCount; at++) await desk.memory.set(keyOf(at), value)
  return desk
}

export async function openDesk(
  watertight: Deployment,
  { tenantId, workspaceId, userId }: { tenantId: string; workspaceId: string; userId: string } = dana,
): Promise<Desk> {
  const principal = await watertight.identify({ tenantId, userId })
  return watertight.within(await watertight.boundary(principal, { workspaceId }))
}

export async function startRun(desk: Desk): Promise<DeskRun> {
  return await desk.startRun({ agent: 'bench', promptVersion: 'v1' })
}
