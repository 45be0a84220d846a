import { requireId } from '../encoding/index.ts'
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

/** Reads a directory's answer once, member by member, and refuses one that is absent or malformed. */
export function parseGrant(answer: Grant | undefined): Grant {
  if (answer === undefined || answer === null) throw new NotFound()
  const { role, plan, region, allowedToolIds, allowedDatasourceIds, epoch, version, rows } = ownMembers(answer)
  const grant = {
    role: requireRole(role),
    plan: requireId(plan, 'grant.plan'),
    region: requireId(region, 'grant.region'),
    allowedToolIds: requireIds(allowedToolIds, 'grant.allowedToolIds'),
    allowedDatasourceIds: requireIds(allowedDatasourceIds, 'grant.allowedDatasourceIds'),
    epoch: requireCount(epoch, 'epoch'),
    version: requireCount(version, 'version'),
  }
  return rows === undefined ? grant : { ...grant, rows: parseRows(rows, grant.allowedDatasourceIds.length) }
}

function parseRows(rows: unknown, datasourceCount: number): GrantRows {
  const { tenant, workspace, member, datasources } = ownMembers(rows)
  const keys = requireIds(datasources, 'grant.rows.datasources').map(requireUuid)
  if (keys.length !== datasourceCount)
    throw new TypeError('A grant needs one datasource row for each allowed datasource.')
  return {
    tenant: requireUuid(tenant),
    workspace: requireUuid(workspace),
    member: requireUuid(member),
    datasources: keys,
  }
}

// Own members only, so that a polluted prototype never fills in what a directory left out.
function ownMembers(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('A directory answers with a grant or undefined.')
  return Object.assign(Object.create(null), value)
}

function requireIds(value: unknown, field: string): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`${field} must be a list of ids; an empty list means none.`)
  return Object.freeze(value.map((id) => requireId(id, field)))
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
