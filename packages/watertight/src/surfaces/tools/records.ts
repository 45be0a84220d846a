import { requireLive } from '../../boundary/index.ts'
import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { ownMembers } from '../../encoding/index.ts'
import type { Row } from '../../store/index.ts'
import type { Resolver } from './resolver.ts'
import type { ResourceHit } from './resource-hits.ts'

/** What the marked ids of an input name, by `keyOf`. */
export type Records = ReadonlyMap<string, ResourceHit & { readonly row: Row }>

/** The rows that were asked for and are the boundary's, by id; by equality, whatever the store's collation says. */
export function judgeRows(
  boundary: AgentBoundary,
  resolver: Resolver,
  ids: readonly string[],
  rows: readonly Row[],
): ReadonlyMap<string, Row> {
  const asked = new Set(ids)
  const own = rows.flatMap((row) => {
    const id = resolver.id(row)
    return typeof id === 'string' && asked.has(id) && isOwn(boundary, resolver.owner(row)) ? [[id, row] as const] : []
  })
  return new Map(own)
}

export function keyOf({ type, id }: ResourceHit): string {
  return JSON.stringify([type, id])
}

/** As `assertInBoundary` judges: own members, so that a polluted prototype never owns a record that has no owner. */
export function isOwn(boundary: AgentBoundary, record: OwnedRecord | undefined): boolean {
  const owner = ownMembers(record)
  const { tenantId, workspaceId } = requireLive(boundary)
  return owner['tenantId'] === tenantId && owner['workspaceId'] === workspaceId
}
