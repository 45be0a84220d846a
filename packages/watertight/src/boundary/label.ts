import { InvalidInput, NotFound } from '../errors.ts'
import type { Authority } from './authority.ts'
import { requireLive } from './boundary.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'
import type { GrantRows } from './directory.ts'

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
  /** the person, for what only that person may see; undefined for what the workspace or the tenant shares */
  readonly userId: string | undefined
  readonly issuer: string | undefined
  readonly integrity: 'trusted' | 'untrusted'
  readonly source: ItemSource
}

// What a label says, and what it is compared by: the deployment and the directory's rows too, because an item of another
// database, or of a member who was removed and added again, may carry the very same names.
interface Owned {
  readonly label: Label
  readonly authority: Authority
  readonly rows: GrantRows | undefined
}

// Methods are taken once, at load: a patched WeakMap.prototype must not answer for a label (B05).
const labels = new WeakMap<object, Owned>()
const readLabel = WeakMap.prototype.get.bind(labels)
const writeLabel = WeakMap.prototype.set.bind(labels)
const { freeze, values, getPrototypeOf } = Object

/**
 * Freezes an item, with all that lies in it, and labels it as the boundary's. The label sits beside the item, not in it: a copy has none.
 *
 * @param boundary whose the item is
 * @param item an object fresh from a surface
 * @param kind what it is: its integrity, source, and whether only this person may see it
 * @throws {NotFound} when the item is labelled for another tenant, workspace or person already: a label never changes hands
 */
export function labelItem<Item extends object>(
  boundary: AgentBoundary,
  item: Item,
  kind: { readonly integrity: Label['integrity']; readonly source: ItemSource; readonly personal?: boolean },
): Readonly<Item> {
  const state = requireLive(boundary)
  const before = findLabel(item) === undefined ? undefined : requireOwnLabel(state, item)
  const personal = kind.personal === true || before?.userId !== undefined
  const label: Label = freeze({
    tenantId: state.tenantId,
    workspaceId: state.workspaceId,
    userId: personal ? state.userId : undefined,
    issuer: personal ? state.issuer : undefined,
    integrity: before?.integrity === 'untrusted' ? 'untrusted' : kind.integrity,
    source: freeze({ ...kind.source }),
  })
  writeLabel(item, freeze({ label, authority: state.authority, rows: state.rows }))
  return freezeDeep(item)
}

// All of it: a member that could still be changed would carry words of anybody's into the prompt under this label. Lists
// and plain objects, which is what values are made of; a loop, because how deep they go is not ours to say.
function freezeDeep<Item extends object>(item: Item): Readonly<Item> {
  const parts = new Set<object>([item])
  for (const part of parts) {
    freeze(part)
    for (const member of values(part)) if (isContainer(member)) parts.add(member)
  }
  return item
}

function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

/** Returns the label of an item that a surface made, or `undefined`. */
export function findLabel(item: unknown): Label | undefined {
  return findOwned(item)?.label
}

/**
 * Returns the label of an item of this boundary, or refuses.
 *
 * @throws {InvalidInput} when the value carries no label: a plain string proves nothing about whose it is
 * @throws {NotFound} when it is labelled for another tenant, workspace or person
 */
export function requireOwnLabel(state: BoundaryState, item: unknown): Label {
  const owned = findOwned(item)
  if (owned === undefined) throw new InvalidInput('item', 'an item that a surface of this compartment returned')
  if (!isOwn(state, owned)) throw new NotFound()
  return owned.label
}

function findOwned(item: unknown): Owned | undefined {
  if (typeof item !== 'object' || item === null) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- bind() erases the map's type; only writeLabel fills it
  return readLabel(item) as Owned | undefined
}

function isOwn(state: BoundaryState, { label, authority, rows }: Owned): boolean {
  const samePlace =
    authority === state.authority &&
    label.tenantId === state.tenantId &&
    label.workspaceId === state.workspaceId &&
    rows?.tenant === state.rows?.tenant &&
    rows?.workspace === state.rows?.workspace
  if (!samePlace || label.userId === undefined) return samePlace
  return label.userId === state.userId && label.issuer === state.issuer && rows?.member === state.rows?.member
}
