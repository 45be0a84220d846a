import { canaryOf, type Canary } from './canary.ts'
import type { TenantFacts } from './tenant-facts.ts'

/** Lists every canary of a tenant: one for each place that somebody else must not read. */
export function canariesOf(tenant: TenantFacts): Canary[] {
  const tenantId = tenant.id
  return [
    canaryOf({ store: 'memory', tenantId }),
    ...tenant.workspaces.flatMap(({ id: workspaceId, people }) => [
      canaryOf({ store: 'memory', tenantId, workspaceId }),
      canaryOf({ store: 'ticket', tenantId, workspaceId }),
      canaryOf({ store: 'document', tenantId, workspaceId, datasourceId: 'contracts' }),
      canaryOf({ store: 'document', tenantId, workspaceId, datasourceId: 'handbook' }),
      ...people.map((person) => canaryOf({ store: 'memory', tenantId, workspaceId, userId: person.id })),
    ]),
  ]
}
