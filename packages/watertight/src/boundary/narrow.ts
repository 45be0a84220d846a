import { InvalidInput } from '../errors.ts'
import { requireLive, seal } from './boundary.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'
import type { GrantRows } from './directory.ts'
import { roleReaches } from './role.ts'

/** What a narrower boundary keeps. What is left out stays as it is; what is named is intersected with what there is. */
export interface Narrowing {
  readonly tools?: readonly string[]
  readonly datasources?: readonly string[]
  /** a lower role; a higher or unknown one changes nothing upward: the result is the lower of the two */
  readonly role?: string
  /** an earlier end; a later one changes nothing */
  readonly expiresAt?: Date
}

/**
 * Returns a boundary that can do at most what the given one can. Narrowing only intersects, so a list that names more
 * than there is adds nothing, and an empty list leaves none.
 *
 * @param boundary a live boundary
 * @param to what to keep
 * @throws {BoundaryRefused} when the boundary is absent, forged, expired or revoked
 * @throws {InvalidInput} when `to` is malformed: an unreadable narrowing must not mean "as before"
 */
export function narrow(boundary: AgentBoundary, to: Narrowing): AgentBoundary {
  const state = requireLive(boundary)
  const asked: Readonly<Record<string, unknown>> = Object.assign(Object.create(null), to)
  for (const name of Object.keys(asked)) {
    if (name !== 'tools' && name !== 'datasources' && name !== 'role' && name !== 'expiresAt')
      throw new InvalidInput('narrowing', 'made of tools, datasources, role and expiresAt')
  }
  return seal({
    ...state,
    ...keepDatasources(state, asked['datasources']),
    allowedToolIds:
      asked['tools'] === undefined ? state.allowedToolIds : intersect(state.allowedToolIds, asked['tools'], 'tools'),
    role: lowerRole(state.role, asked['role']),
    expiresAt: earlier(state.expiresAt, asked['expiresAt']),
  })
}

function keepDatasources(state: BoundaryState, asked: unknown): Pick<BoundaryState, 'allowedDatasourceIds' | 'rows'> {
  if (asked === undefined) return { allowedDatasourceIds: state.allowedDatasourceIds, rows: state.rows }
  const kept = intersect(state.allowedDatasourceIds, asked, 'datasources')
  const rows = state.rows && keepRows(state.rows, state.allowedDatasourceIds, kept)
  return { allowedDatasourceIds: kept, rows }
}

function keepRows(rows: GrantRows, all: readonly string[], kept: readonly string[]): GrantRows {
  const datasources: string[] = []
  for (let at = 0; at < all.length; at++) {
    const id = all[at]
    const row = rows.datasources[at]
    if (id !== undefined && row !== undefined && has(kept, id)) datasources.push(row)
  }
  return { ...rows, datasources: Object.freeze(datasources) }
}

function intersect(have: readonly string[], asked: unknown, field: string): readonly string[] {
  if (!Array.isArray(asked)) throw new InvalidInput(field, 'a list of ids')
  const kept: string[] = []
  for (const id of have) if (has(asked, id)) kept.push(id)
  return Object.freeze(kept)
}

// A loop and `===`, not a method of Array: an exact comparison that a patched prototype cannot widen.
function has(list: readonly unknown[], id: string): boolean {
  for (let at = 0; at < list.length; at++) if (list[at] === id) return true
  return false
}

function lowerRole(current: string, asked: unknown): string {
  if (asked === undefined) return current
  if (typeof asked !== 'string' || !roleReaches(asked, 'viewer'))
    throw new InvalidInput('role', 'one of the built-in roles')
  return roleReaches(current, asked) ? asked : current
}

function earlier(current: number, asked: unknown): number {
  if (asked === undefined) return current
  const end = asked instanceof Date ? asked.getTime() : Number.NaN
  if (!Number.isFinite(end)) throw new InvalidInput('expiresAt', 'a valid Date')
  return Math.min(current, end)
}
