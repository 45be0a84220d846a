import { createTwins } from '../../../src/testing/index.ts'
import type { TwinUser, TwinWorkspace } from '../../../src/testing/index.ts'

/** In how many ways the ids of neighbours look like the actor's. */
export const likenesses = 11

// One set for all worlds: the number of the world in front of every id keeps the worlds apart, and how ids look alike.
const twins = createTwins({
  seed: 'two worlds',
  tenants: likenesses + 1,
  workspaces: likenesses + 1,
  users: likenesses + 1,
  stores: ['memory', 'documents', 'tickets'],
})

export interface StageTwin {
  readonly tenantId: string
  readonly workspace: TwinWorkspace<string>
  readonly user: TwinUser<string>
}

/** One person of the twins; all numbers are from 0 to `likenesses`. */
export function twinAt(tenantAt: number, workspaceAt: number, userAt: number): StageTwin {
  const tenant = twins.tenants[tenantAt]
  const workspace = tenant?.workspaces[workspaceAt]
  const user = workspace?.users[userAt]
  if (tenant === undefined || workspace === undefined || user === undefined)
    throw new TypeError('There is no such twin.')
  return { tenantId: tenant.id, workspace, user }
}

/** Whose view is compared. */
export const actorsTwin = twinAt(0, 0, 0)

/** Whose words the neighbours have: the actor's, with other secrets. */
export const neighboursTwin = twinAt(1, 0, 0)

/** The ids of the actor's tickets, which are those of its neighbours too. */
export const ownTicketIds = actorsTwin.workspace.tickets.map(({ id }) => id)
