import type { OwnedRecord } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { nodesIn } from './objects-in.ts'
import { findOwnerName } from './owner-names.ts'
import type { OwnerName } from './owner-names.ts'

/**
 * Counts the objects of a result that say they are somebody else's: at any depth, in text that starts as JSON too, each member
 * that names a tenant or workspace by its id (`tenantId`, `org_id`, `workspace: { id }`, `tenants: [...]`) is compared with
 * the owner, by equality. What names nobody (`null`, an object without an id) is not the owner's either.
 *
 * @param owner the boundary's own ids
 * @param value the result, as JSON
 */
export function countForeign(owner: OwnedRecord, value: Json): number {
  let foreign = 0
  const read = new Map<string, OwnerName | undefined>() // rows have the same few names
  const nameOf = (name: string) => {
    if (!read.has(name)) read.set(name, findOwnerName(name))
    return read.get(name)
  }
  for (const node of nodesIn(value, 'json-text')) {
    if ('members' in node && node.members.some(([name, member]) => isForeign(owner, nameOf(name), member))) foreign++
  }
  return foreign
}

function isForeign(owner: OwnedRecord, found: OwnerName | undefined, member: Json): boolean {
  // By a name or a slug nothing can be compared: only ids are the boundary's.
  if (found === undefined || found.kind === 'boundary' || found.by === 'other') return false
  return !names(found.kind === 'tenant' ? owner.tenantId : owner.workspaceId, found, member)
}

function names(ownId: string, name: OwnerName, member: Json): boolean {
  if (typeof member === 'string') return member === ownId
  if (typeof member === 'boolean') return true // `isTenant` names nobody
  if (typeof member === 'number') return (name.by === 'bare' && name.plural) || String(member) === ownId // `workspaces: 3`
  if (isList(member)) return member.every((each) => names(ownId, { ...name, plural: false }, each))
  const ids = Object.entries(member ?? {}).filter(([key]) => isIdOf(name, key))
  return ids.length > 0 && ids.every(([, id]) => names(ownId, { ...name, by: 'id' }, id))
}

// `tenant: { id }`, and `tenant: { tenantId }`, which says the same.
function isIdOf(name: OwnerName, key: string): boolean {
  const found = findOwnerName(key)
  return /^(?:id|uuid|_id)$/i.test(key) || (found?.kind === name.kind && found.by === 'id')
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
