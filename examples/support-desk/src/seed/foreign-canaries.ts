import type { Canary } from './canary.ts'

/** Whose eyes the secrets are judged by. */
export interface Onlooker {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly datasourceIds: readonly string[]
}

/** Picks the canaries that must never reach this person, whatever the model did. */
export function foreignCanaries(canaries: readonly Canary[], onlooker: Onlooker): Canary[] {
  return canaries.filter((canary) => !maySee(onlooker, canary))
}

function maySee(onlooker: Onlooker, canary: Canary): boolean {
  return (
    canary.tenantId === onlooker.tenantId &&
    (canary.workspaceId ?? onlooker.workspaceId) === onlooker.workspaceId &&
    (canary.userId ?? onlooker.userId) === onlooker.userId &&
    (canary.datasourceId === undefined || onlooker.datasourceIds.includes(canary.datasourceId))
  )
}
