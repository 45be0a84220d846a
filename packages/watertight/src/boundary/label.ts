import { InvalidInput, NotFound } from '../errors.ts'
import { requireLive } from './boundary.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'

/** Where an item came from, in ids of ours; never its contents. */
export interface ItemSource {
  readonly surface: 'memory' | 'retrieval' | 'tools' | 'runs'
  /** the memory key, document id or tool id */
  readonly id: string
}

/** Whose an item is, and how far it can be trusted. Text that a tool or a document brought is untrusted. */
export interface Label {
  readonly tenantId: string
  readonly workspaceId: string
  /** the person, for what only that person may see; absent for what the workspace or the tenant shares */
  readonly userId?: string
  readonly issuer?: string
  readonly integrity: 'trusted' | 'untrusted'
  readonly source: ItemSource
}

// Methods are taken once, at load: a patched WeakMap.prototype must not answer for a label (B05).
const labels = new WeakMap<object, Label>()
const readLabel = WeakMap.prototype.get.bind(labels)
const writeLabel = WeakMap.prototype.set.bind(labels)

/**
 * Freezes an item and labels it as the boundary's. The label sits beside the item, not in it: a copy has none.
 *
 * @param boundary whose the item is
 * @param item an object fresh from a surface
 * @param kind what it is: its integrity, source, and whether only this person may see it
 */
export function labelItem<Item extends object>(
  boundary: AgentBoundary,
  item: Item,
  kind: { readonly integrity: Label['integrity']; readonly source: ItemSource; readonly personal?: boolean },
): Readonly<Item> {
  const { tenantId, workspaceId, userId, issuer } = requireLive(boundary)
  const person = kind.personal === true ? { userId, issuer } : {}
  writeLabel(
    item,
    Object.freeze({
      tenantId,
      workspaceId,
      ...person,
      integrity: kind.integrity,
      source: Object.freeze({ ...kind.source }),
    }),
  )
  return Object.freeze(item)
}

/** Returns the label of an item that a surface made, or `undefined`. */
export function findLabel(item: unknown): Label | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- bind() erases the map's type; only writeLabel fills it
  return readLabel(item) as Label | undefined
}

/**
 * Returns the label of an item of this boundary, or refuses.
 *
 * @throws {InvalidInput} when the value carries no label: a plain string proves nothing about whose it is
 * @throws {NotFound} when it is labelled for another tenant, workspace or person
 */
export function requireOwnLabel(state: BoundaryState, item: unknown): Label {
  const label = findLabel(item)
  if (label === undefined) throw new InvalidInput('item', 'an item that a surface of this compartment returned')
  const samePlace = label.tenantId === state.tenantId && label.workspaceId === state.workspaceId
  const samePerson = label.userId === undefined || (label.userId === state.userId && label.issuer === state.issuer)
  if (!samePlace || !samePerson) throw new NotFound()
  return label
}
