import { requireLive } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import type { Row, Store } from '../../store/index.ts'
import type { MemoryOwner, MemorySource, MemoryStore, StoredMemory } from './memory-store.ts'

/** Memory in the store itself: one function call for each operation (migrations/0004-memory.sql). */
export function createPostgresMemory(store: Store): MemoryStore {
  return {
    appendsEvents: true,
    async get(boundary, scope, key) {
      const [row] = await store.call(boundary, `memory_get_${scope}`, [...place(boundary), key])
      return row === undefined ? undefined : toMemory(boundary, key, row)
    },
    async list(boundary, scope, { after, limit }) {
      const rows = await store.call(boundary, 'memory_list', [...place(boundary), scope, after, limit])
      return rows.map((row) => toMemory(boundary, String(row['key']), row))
    },
    async set(boundary, scope, { key, value, source }, events) {
      await store.call(boundary, 'memory_set', [...place(boundary), scope, key, value, JSON.stringify(source), events])
    },
    async delete(boundary, scope, key, events) {
      const [row] = await store.call(boundary, 'memory_delete', [...place(boundary), scope, key, events])
      return row?.['memory_delete'] === true
    },
  }
}

// The filter, beside the policy: each would hold alone.
function place(boundary: AgentBoundary): readonly (string | undefined)[] {
  const { rows } = requireLive(boundary)
  return [rows?.tenant, rows?.workspace, rows?.member]
}

function toMemory(boundary: AgentBoundary, key: string, row: Row): StoredMemory {
  return {
    key,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column, written by `set`
    value: row['value'] as Json,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a json column, written by `set`
    source: row['source'] as MemorySource,
    updatedAt: new Date(Number(row['updated_ms'])),
    owner: ownerOf(boundary, row),
  }
}

// By the row's own columns: a row of anybody else has an owner that no boundary has.
function ownerOf(boundary: AgentBoundary, row: Row): MemoryOwner {
  const { rows, tenantId, workspaceId, userId } = requireLive(boundary)
  const name = (column: unknown, own: string | undefined, id: string) => (column === own ? id : '')
  const { tenant_id: tenant, workspace_id: workspace, member_id: member } = row
  return {
    tenantId: name(tenant, rows?.tenant, tenantId),
    ...(workspace === null ? {} : { workspaceId: name(workspace, rows?.workspace, workspaceId) }),
    ...(member === null ? {} : { userId: name(member, rows?.member, userId) }),
  }
}
