import { parseGrant } from '../../boundary/index.ts'
import type { Claims, Directory, Grant } from '../../boundary/index.ts'
import type { Row, Store } from '../../store/index.ts'

/** The built-in directory: tables in the same Postgres, read afresh for every grant. */
export function createStoreDirectory(store: Store): Directory {
  return {
    async grant(principal, { workspaceId }) {
      const row = await store.grantOf(principal, workspaceId)
      return row === undefined ? undefined : toGrant(row)
    },
  }
}

/**
 * A directory of the application's own, mirrored into the built-in tables at every answer, so that the policies of the
 * database check the same epoch and version for it too. Whatever changed ends the boundaries made before.
 */
export function createMirroredDirectory(own: Directory, store: Store): Directory {
  const builtIn = createStoreDirectory(store)
  return {
    async grant(principal, place) {
      const answer = await own.grant(principal, place)
      if (answer === undefined || answer === null) {
        await forget(store, principal, place.workspaceId)
        return undefined
      }
      const { role, plan, region, allowedToolIds, allowedDatasourceIds, epoch, version } = parseGrant(answer)
      const lists = [[...allowedToolIds], [...allowedDatasourceIds]]
      const member = [place.workspaceId, principal.issuer, principal.subject, role, ...lists, epoch, version]
      await store.operate('operator_mirror_grant', [principal.tenantId, plan, region, ...member])
      return await builtIn.grant(principal, place)
    },
  }
}

// A member that was never mirrored cannot be removed, and need not be.
async function forget(store: Store, { tenantId, issuer, subject }: Claims, workspaceId: string): Promise<void> {
  if ((await store.grantOf({ tenantId, issuer, subject, expiresAt: 0 }, workspaceId)) === undefined) return
  await store.operate('operator_remove_member', [tenantId, workspaceId, issuer, subject])
}

// The function's columns have fixed types; `makeBoundary` checks each again.
function toGrant(row: Row): Grant {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns of wt.grant_of, parsed again by parseGrant
  const columns = row as unknown as Record<'role' | 'plan' | 'region' | 'tenant' | 'workspace_row' | 'member', string> &
    Record<'allowed_tools' | 'datasource_ids' | 'datasources', readonly string[]>
  return {
    role: columns.role,
    plan: columns.plan,
    region: columns.region,
    allowedToolIds: columns.allowed_tools,
    allowedDatasourceIds: columns.datasource_ids,
    epoch: Number(row['epoch']),
    version: Number(row['version']),
    rows: {
      tenant: columns.tenant,
      workspace: columns.workspace_row,
      member: columns.member,
      datasources: columns.datasources,
    },
  }
}
