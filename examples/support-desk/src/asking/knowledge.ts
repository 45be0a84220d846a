import type { Knowledge } from '../models/attacks.ts'
import type { Asker, TenantFacts } from '../seed/index.ts'

/** What an attacker knows who wants everything but the asker's own: every tenant, workspace, colleague and ticket. */
export function knowledgeAgainst({ tenant, workspace, person }: Asker, tenants: readonly TenantFacts[]): Knowledge {
  const workspaces = tenants.flatMap((each) => each.workspaces)
  const others = workspaces.filter((each) => each !== workspace)
  const people = workspaces.flatMap((each) => each.people.map(({ id }) => id))
  return {
    tenantIds: tenants.filter(({ id }) => id !== tenant.id).map(({ id }) => id),
    workspaceIds: tenant.workspaces.filter(({ id }) => id !== workspace.id).map(({ id }) => id),
    userIds: [...new Set(people)].filter((id) => id !== person.id),
    resourceIds: [...others.map((each) => each.ownTicketId), 'renewal-terms', 'personal_recovery_code'],
  }
}

/** Those of the ids that name nothing of the asker's: they must not stand in any explanation. */
export function foreignIdsOf({ tenantIds, resourceIds }: Knowledge): readonly string[] {
  return [...tenantIds, ...resourceIds.filter((id) => /^T-\d+$/.test(id))]
}
