import { NotFound } from '../errors.ts'
import { requireLive } from './boundary.ts'
import type { AgentBoundary } from './boundary.ts'

// Taken once, at load: what is patched later must not find an owner on a prototype (B05).
const { hasOwn } = Object

/** A record that carries its owner by the app's own ids. */
export interface OwnedRecord {
  readonly tenantId: string
  readonly workspaceId: string
}

/**
 * Refuses a record that is absent or lies outside the boundary. Absent, ownerless and somebody else's are one refusal.
 *
 * @param boundary who is asking
 * @param record what was found: an object that names its tenant and workspace as the app does
 * @throws {NotFound} `NOT_FOUND` unless tenant and workspace are exactly the boundary's
 * @throws {BoundaryRefused} `BOUNDARY_REFUSED` when the boundary is absent, forged, expired or revoked
 */
export function assertInBoundary<Found extends OwnedRecord>(
  boundary: AgentBoundary,
  record: Found | null | undefined,
): asserts record is Found {
  const state = requireLive(boundary)
  if (record === undefined || record === null) throw new NotFound()
  // Own members, so that a polluted prototype never owns a record that has no owner.
  const tenantId = hasOwn(record, 'tenantId') ? record.tenantId : undefined
  const workspaceId = hasOwn(record, 'workspaceId') ? record.workspaceId : undefined
  if (tenantId !== state.tenantId || workspaceId !== state.workspaceId) throw new NotFound()
}
