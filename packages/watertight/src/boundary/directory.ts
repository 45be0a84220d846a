import { ownMembers, requireId } from '../encoding/index.ts'
import { NotFound } from '../errors.ts'
import type { Claims } from './principal.ts'

/** What the directory says that a principal may do **now**, in one workspace. */
export interface Grant {
  readonly role: string
  readonly plan: string
  readonly region: string
  /** the tools that exist for this member; an empty list is none */
  readonly allowedToolIds: readonly string[]
  /** the datasources this member may read; an empty list is none */
  readonly allowedDatasourceIds: readonly string[]
  /** the tenant's epoch: raising it ends every boundary of the tenant */
  readonly epoch: number
  /** the member's version: raised by every change of the member */
  readonly version: number
  /** the rows that the built-in store knows tenant, workspace, member and datasources by; absent for a directory of the app's own */
  readonly rows?: GrantRows
}

/** Random uuids of the built-in directory, never reused, so that a tenant made anew under an old id inherits nothing. */
export interface GrantRows {
  readonly tenant: string
  readonly workspace: string
  readonly member: string
  /** one for each of `allowedDatasourceIds`, in the same order */
  readonly datasources: readonly string[]
}

/**
 * The port that answers what a principal may do now. `undefined` means: not a member, or no such workspace, or
 * suspended; the caller cannot tell which.
 */
export interface Directory {
  grant(principal: Claims, place: { readonly workspaceId: string }): Promise<Grant | undefined>
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A grant that was checked; `rows` is a member of its own even where there are none. */
export interface ParsedGrant extends Omit<Grant, 'rows'> {
  readonly rows: GrantRows | undefined
}

// Taken once, at load: what is patched later must not leave a list open to change (B05).
const freeze = Object.freeze

/** Reads a directory's answer once, member by member, and refuses one that is absent or malformed. */
export function parseGrant(answer: Grant | undefined): ParsedGrant {
  if (answer === undefined || answer === null) throw new NotFound()
  const members = membersOf(answer)
  const { role, plan, region, allowedToolIds, allowedDatasourceIds, epoch, version, rows } = members
  const datasourceIds = requireIds(allowedDatasourceIds, 'grant.allowedDatasourceIds')
  return {
    role: requireRole(role),
    plan: requireId(plan, 'grant.plan'),
    region: requireId(region, 'grant.region'),
    allowedToolIds: requireIds(allowedToolIds, 'grant.allowedToolIds'),
    allowedDatasourceIds: datasourceIds,
    epoch: requireCount(epoch, 'epoch'),
    version: requireCount(version, 'version'),
    // Never left out: a missing member would be looked up on Object.prototype, which may be polluted.
    rows: rows === undefined ? undefined : parseRows(rows, datasourceIds.length),
  }
}

function parseRows(rows: unknown, datasourceCount: number): GrantRows {
  const { tenant, workspace, member, datasources } = membersOf(rows)
  const keys = requireList(datasources, 'grant.rows.datasources', requireUuid)
  if (keys.length !== datasourceCount)
    throw new TypeError('A grant needs one datasource row for each allowed datasource.')
  return freeze({
    tenant: requireUuid(tenant),
    workspace: requireUuid(workspace),
    member: requireUuid(member),
    datasources: keys,
  })
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('A directory answers with a grant or undefined.')
  return ownMembers(value)
}

function requireIds(value: unknown, field: string): readonly string[] {
  return requireList(value, field, requireId)
}

// By index, not by a method or an iterator of Array: a patched prototype must not add to what is allowed.
function requireList(
  value: unknown,
  field: string,
  requireEach: (member: unknown, field: string) => string,
): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`${field} must be a list of ids; an empty list means none.`)
  const { length } = value
  const list: string[] = []
  for (let at = 0; at < length; at++) list[at] = requireEach(value[at], field)
  return freeze(list)
}

// A role travels in the signed token between separators, so its alphabet is fixed.
function requireRole(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(value))
    throw new TypeError('grant.role must be a name of letters, digits, _ and -.')
  return value
}

function requireCount(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`grant.${field} must be a whole number.`)
  return value
}

function requireUuid(value: unknown): string {
  if (typeof value !== 'string' || !uuid.test(value))
    throw new TypeError('A directory row key must be a lower-case uuid.')
  return value
}
