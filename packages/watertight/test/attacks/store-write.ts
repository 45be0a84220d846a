import { makeBoundary, makePrincipal, requireLive } from '../../src/boundary/index.ts'
import type { Authority } from '../../src/boundary/index.ts'
import { createDirectoryAdmin, createStoreDirectory } from '../../src/services/directory/index.ts'
import type { Store } from '../../src/store/index.ts'

/** Adds one member, and returns what writes one memory of theirs together with its event. */
export async function settle(store: Store, authority: Authority): Promise<(at: number) => Promise<string>> {
  const directory = createDirectoryAdmin(store)
  const place = { tenantId: 'acme', workspaceId: 'ws' }
  await directory.putTenant({ tenantId: 'acme', plan: 'pro', region: 'us' })
  await directory.putWorkspace(place)
  await directory.putMember({ ...place, userId: 'u', role: 'owner', allowedToolIds: [], allowedDatasourceIds: [] })
  const claims = { issuer: 'session', subject: 'u', tenantId: 'acme', expiresAt: authority.now() + 600_000 }
  const principal = makePrincipal(authority, claims)
  const grant = await createStoreDirectory(store).grant(principal, place)
  const boundary = makeBoundary(authority, principal, place, grant)
  const { rows, traceId } = requireLive(boundary)
  const at = [rows?.tenant, rows?.workspace, rows?.member, 'user']
  const event = {
    event: 'memory-written',
    decision: 'allowed',
    surface: 'memory',
    trace_id: traceId,
    tool_ids: [],
    datasource_ids: [],
  }
  return async (number) => {
    const key = `k${number}`
    const events = JSON.stringify([{ ...event, blocked_cross_boundary_resources: 0, detail: { keys: [key] } }])
    await store.call(boundary, 'memory_set', [...at, key, JSON.stringify({ number }), '{}', events])
    return key
  }
}
