import type { AgentBoundary } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'

/** Who a memory is for: the person in this workspace, everyone in the workspace, everyone in the tenant. */
export type MemoryScope = 'user' | 'workspace' | 'tenant'

/** Where a memory came from: set by the app's own code, or promoted from something that a run saw. */
export type MemorySource =
  | { readonly kind: 'set' }
  | {
      readonly kind: 'promoted'
      readonly surface: string
      readonly id: string
      readonly runId: string
      readonly integrity: 'trusted' | 'untrusted'
    }

/** A memory as a store keeps it. */
export interface StoredMemory {
  readonly key: string
  readonly value: Json
  readonly source: MemorySource
  readonly updatedAt: Date
  /** whose it is, by the app's ids; compared with the boundary before anything is returned */
  readonly owner: MemoryOwner
}

/** The owner of a stored memory. `userId` is present exactly in user scope. */
export interface MemoryOwner {
  readonly tenantId: string
  readonly workspaceId?: string
  readonly userId?: string
}

/**
 * The port of a memory store. Every call names the boundary; an implementation compares ids by equality, never by prefix
 * or pattern. `events` is the evidence of a write as JSON text, for a store that appends it in the write's own
 * transaction; to any other store it is `[]`, because the evidence was made durable first.
 */
export interface MemoryStore {
  /** writes `events` to the built-in log in the write's own transaction, with `wt.audit_append` */
  readonly appendsEvents?: true
  get(boundary: AgentBoundary, scope: MemoryScope, key: string): Promise<StoredMemory | undefined>
  /** In order of the key's bytes, after `after`, at most `limit`. */
  list(
    boundary: AgentBoundary,
    scope: MemoryScope,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly StoredMemory[]>
  set(
    boundary: AgentBoundary,
    scope: MemoryScope,
    memory: { readonly key: string; readonly value: string; readonly source: MemorySource },
    events: string,
  ): Promise<void>
  delete(boundary: AgentBoundary, scope: MemoryScope, key: string, events: string): Promise<boolean>
}
