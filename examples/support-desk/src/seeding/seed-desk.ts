import { createHash } from 'node:crypto'
import { NotFound } from 'watertight'

import type { Desk, DeskCompartment } from '../desk/open-desk.ts'
import type { MemberSeed, TenantSeed } from '../seed/index.ts'
import { putDocuments } from './put-documents.ts'
import { putTickets } from './put-tickets.ts'
import { putUserMemories } from './put-user-memories.ts'

/** Where each workspace keeps which seed it was filled from; written last, so a seeding that was cut off is done again. */
const mark = 'seeded_from'

/**
 * Fills the desk with its customers, unless it is filled already. Everything is written by somebody who may write it,
 * inside their boundary; seeding again, or from other facts, replaces what is there.
 *
 * @returns whether anything was written
 */
export async function seedDesk(desk: Desk, seeds: readonly TenantSeed[]): Promise<boolean> {
  const places = seeds.flatMap((seed) => seed.workspaces.map(({ id }) => ({ seed, workspaceId: id })))
  const written = await Promise.all(places.map(({ seed, workspaceId }) => seedWorkspace(desk, seed, workspaceId)))
  return written.some(Boolean)
}

async function seedWorkspace(desk: Desk, seed: TenantSeed, workspaceId: string): Promise<boolean> {
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([desk.embedderId, seed]))
    .digest('hex')
  const members = seed.members.filter((member) => member.workspaceId === workspaceId)
  if (await isSeeded(desk, seed, keeperOf(members), fingerprint)) return false

  await putInDirectory(desk, seed, workspaceId, members)
  const keeper = await enter(desk, seed, keeperOf(members))
  await putTickets(
    keeper,
    seed.tickets.filter((ticket) => ticket.workspaceId === workspaceId),
  )
  await putDocuments(
    keeper,
    seed.documents.filter((document) => document.workspaceId === workspaceId),
  )
  await putSharedMemories(keeper, seed)
  for (const member of members) {
    const own = seed.memories.filter(
      (each) => each.scope === 'user' && each.workspaceId === workspaceId && each.userId === member.userId,
    )
    await putUserMemories(await enter(desk, seed, member), own)
  }
  await keeper.memory.set(mark, fingerprint, { scope: 'workspace' })
  return true
}

// Whoever may write what the workspace shares.
function keeperOf(members: readonly MemberSeed[]): MemberSeed {
  const keeper = members.find(({ role }) => role === 'owner' || role === 'admin')
  if (!keeper) throw new TypeError('A workspace of the seed has no owner or admin. Give it one.')
  return keeper
}

function enter(desk: Desk, { tenant }: TenantSeed, { workspaceId, userId }: MemberSeed): Promise<DeskCompartment> {
  return desk.enter({ tenantId: tenant.id, workspaceId, userId })
}

async function isSeeded(desk: Desk, seed: TenantSeed, keeper: MemberSeed, fingerprint: string): Promise<boolean> {
  try {
    const found = await (await enter(desk, seed, keeper)).memory.get(mark, { scope: 'workspace' })
    return found?.value === fingerprint
  } catch (error) {
    if (error instanceof NotFound) return false // the directory does not know the keeper yet
    throw error
  }
}

async function putInDirectory(
  { directory, issuer }: Desk,
  { tenant: { id: tenantId, plan, region } }: TenantSeed,
  workspaceId: string,
  members: readonly MemberSeed[],
): Promise<void> {
  await directory.putTenant({ tenantId, plan, region })
  await directory.putWorkspace({ tenantId, workspaceId })
  for (const datasourceId of new Set(members.flatMap((member) => member.allowedDatasourceIds)))
    await directory.putDatasource({ tenantId, workspaceId, datasourceId })
  for (const { userId, role, allowedToolIds, allowedDatasourceIds } of members)
    await directory.putMember({ tenantId, workspaceId, userId, issuer, role, allowedToolIds, allowedDatasourceIds })
}

async function putSharedMemories(keeper: DeskCompartment, { memories }: TenantSeed): Promise<void> {
  const { workspaceId, role } = keeper.boundary
  for (const memory of memories) {
    const shared = memory.scope === 'workspace' ? memory.workspaceId === workspaceId : memory.scope === 'tenant'
    if (shared && (memory.scope === 'workspace' || role === 'owner'))
      await keeper.memory.set(memory.key, memory.value, { scope: memory.scope })
  }
}
