import { createTwins, makeLookAlike } from '../../src/testing/index.ts'
import type { TwinTenant, TwinUser, TwinWorkspace } from '../../src/testing/index.ts'
import { kept } from './stage.ts'
import type { Kept, Person } from './stage.ts'

/** Northstar Dental and Northstar Design, with what they keep. */
export const twins = createTwins({ seed: 'attacks', stores: kept })

/** Everybody: two tenants with two workspaces of two people. */
export const everybody: readonly Person[] = twins.tenants.flatMap((tenant) =>
  tenant.workspaces.flatMap((workspace, at) => workspace.users.map((user) => describe(tenant, workspace, user, at))),
)

/** Who attacks. */
export const me = requirePerson(0)

/** Whom they attack: somebody of another tenant, of another workspace, of the same workspace. */
export const targets = {
  user: requirePerson(1),
  workspace: requirePerson(2),
  tenant: requirePerson(4),
} as const

function requirePerson(at: number): Person {
  const person = everybody[at]
  if (person === undefined) throw new TypeError(`createTwins() made no person ${at}.`)
  return person
}

function describe(
  tenant: TwinTenant<Kept>,
  workspace: TwinWorkspace<Kept>,
  user: TwinUser<Kept>,
  workspaceAt: number,
): Person {
  // Nobody is a member of both workspaces, or going from one to the other would be no attack.
  const userId = workspaceAt === 0 ? user.id : (makeLookAlike(user.id, 'tag') ?? user.id)
  const place = `${tenant.id}/${workspace.id}`
  return {
    tenantId: tenant.id,
    workspaceId: workspace.id,
    userId,
    role: 'owner',
    datasourceId: 'handbook',
    ownDatasourceId: `private ${place}/${userId}`,
    documentId: 'contract',
    sharedTicketId: 'T-1001',
    ticketId: `T-${place}`,
    sharedKey: 'callback_phrase',
    memoryKey: `callback of ${place}/${userId}`,
    workspaceKey: `playbook of ${place}`,
    tenantKey: `charter of ${tenant.id}`,
    stateKey: 'scratch',
    secrets: { tenant: tenant.canaries, workspace: workspace.canaries, user: user.canaries },
  }
}
