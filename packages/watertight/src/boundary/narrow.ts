import { ownMembers } from '../encoding/index.ts'
import { InvalidInput } from '../errors.ts'
import { requireLive, seal } from './boundary.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'
import type { GrantRows } from './directory.ts'
import { exactIndexOf } from './exact-index.ts'
import { isRisk, riskReaches } from './policy.ts'
import type { Risk } from './policy.ts'
import { roleReaches } from './role.ts'

// Taken once, at load: what is patched later must not widen what is kept (B05).
const { freeze, getPrototypeOf, prototype: objectPrototype } = Object
const { ownKeys } = Reflect

/** What a narrower boundary keeps. What is left out stays as it is; what is named is intersected with what there is. */
export interface Narrowing {
  readonly tools?: readonly string[]
  readonly datasources?: readonly string[]
  /** a lower role; a higher or unknown one changes nothing upward: the result is the lower of the two */
  readonly role?: string
  /** how far an effect may go; a higher risk changes nothing: the result is the lower of the two */
  readonly risk?: Risk
  /** an earlier end, also of the runs that are begun in it; a later one changes nothing */
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
  const asked = readNarrowing(to)
  return seal({
    ...state,
    ...keepDatasources(state, asked),
    allowedToolIds: 'tools' in asked ? intersect(state.allowedToolIds, asked['tools'], 'tools') : state.allowedToolIds,
    role: 'role' in asked ? lowerRole(state.role, asked['role']) : state.role,
    maximumRisk: 'risk' in asked ? lowerRisk(state.maximumRisk, asked['risk']) : state.maximumRisk,
    ...('expiresAt' in asked ? earlierEnd(state, asked['expiresAt']) : {}),
  })
}

const members = ['tools', 'datasources', 'role', 'risk', 'expiresAt'] as const

// Whatever is named counts, also when it is undefined: `{ tools: settings.tools }` with a setting that is missing must
// not keep every tool. An object whose members lie on its prototype names nothing, and is refused for it.
function readNarrowing(to: unknown): Readonly<Record<string, unknown>> {
  if (typeof to !== 'object' || to === null || !isPlain(to)) throw new InvalidInput('narrowing', 'a plain object')
  const asked = ownMembers(to)
  const names = ownKeys(asked)
  for (let at = 0; at < names.length; at++) {
    if (exactIndexOf(members, names[at]) < 0)
      throw new InvalidInput('narrowing', 'made of tools, datasources, role, risk and expiresAt')
  }
  return asked
}

function isPlain(value: object): boolean {
  const prototype: unknown = getPrototypeOf(value)
  return prototype === null || prototype === objectPrototype
}

function keepDatasources(
  state: BoundaryState,
  asked: Readonly<Record<string, unknown>>,
): Pick<BoundaryState, 'allowedDatasourceIds' | 'rows'> {
  if (!('datasources' in asked)) return { allowedDatasourceIds: state.allowedDatasourceIds, rows: state.rows }
  const kept = intersect(state.allowedDatasourceIds, asked['datasources'], 'datasources')
  const rows = state.rows && keepRows(state.rows, state.allowedDatasourceIds, kept)
  return { allowedDatasourceIds: kept, rows }
}

function keepRows(rows: GrantRows, all: readonly string[], kept: readonly string[]): GrantRows {
  const datasources: string[] = []
  for (let at = 0; at < all.length; at++) {
    const id = all[at]
    const row = rows.datasources[at]
    if (id !== undefined && row !== undefined && exactIndexOf(kept, id) >= 0) datasources[datasources.length] = row
  }
  return freeze({ ...rows, datasources: freeze(datasources) })
}

function intersect(have: readonly string[], asked: unknown, field: string): readonly string[] {
  if (!Array.isArray(asked)) throw new InvalidInput(field, 'a list of ids')
  const kept: string[] = []
  for (let at = 0; at < have.length; at++) {
    const id = have[at]
    if (id !== undefined && exactIndexOf(asked, id) >= 0) kept[kept.length] = id
  }
  return freeze(kept)
}

function lowerRole(current: string, asked: unknown): string {
  if (typeof asked !== 'string' || !roleReaches(asked, 'viewer'))
    throw new InvalidInput('role', 'one of the built-in roles')
  return roleReaches(current, asked) ? asked : current
}

function lowerRisk(current: Risk, asked: unknown): Risk {
  if (!isRisk(asked)) throw new InvalidInput('risk', 'one of read, write and sensitive')
  return riskReaches(current, asked) ? asked : current
}

function earlierEnd(state: BoundaryState, asked: unknown): Pick<BoundaryState, 'expiresAt' | 'notAfter'> {
  const end = asked instanceof Date ? asked.getTime() : Number.NaN
  if (!Number.isFinite(end)) throw new InvalidInput('expiresAt', 'a valid Date')
  return { expiresAt: Math.min(state.expiresAt, end), notAfter: Math.min(state.notAfter, end) }
}
