import type { PersonFacts, TenantFacts, WorkspaceFacts } from './tenant-facts.ts'

/** Somebody who asks: a person, in one workspace of one tenant. */
export interface Asker {
  readonly tenant: TenantFacts
  readonly workspace: WorkspaceFacts
  readonly person: PersonFacts
}

/** @throws {TypeError} when the facts know no such workspace or person */
export function askerOf(tenant: TenantFacts, workspaceId: string, userId: string): Asker {
  const workspace = tenant.workspaces.find((each) => each.id === workspaceId)
  const person = workspace?.people.find((each) => each.id === userId)
  if (!workspace || !person)
    throw new TypeError(`${tenant.id} has no ${userId} in ${workspaceId}. Use ids of the seed.`)
  return { tenant, workspace, person }
}
