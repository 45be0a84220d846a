import { compareCarelessly, createTwins, lookAlikeKinds } from '../../src/testing/index.ts'
import type { Canary, CarelessComparison, TwinOptions, TwinStore } from '../../src/testing/index.ts'

/** Whose something is, to the last part: a person in a workspace of a tenant. */
export interface Owner {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
}

/** What a request says of its caller, when some of it may have got lost on the way. */
export type Scope = Partial<Owner>

/** An owner with its secrets. */
export interface Twin extends Owner {
  readonly canaries: Readonly<Record<TwinStore, Canary>>
}

/** What keeps two owners apart. */
export type Apart = 'tenants' | 'workspaces' | 'users'

/** One caller, and everybody who looks like it. */
export interface Cast {
  readonly caller: Twin
  readonly others: readonly { readonly apart: Apart; readonly twin: Twin }[]
}

/** The same caller, with no more than one twin of each sort: where every attempt costs a database some work. */
export function fewest(cast: Cast): Cast {
  const others = (['tenants', 'workspaces', 'users'] as const).flatMap(
    (apart) => cast.others.find((other) => other.apart === apart) ?? [],
  )
  return { ...cast, others }
}

export function isSame(left: Scope, right: Scope): boolean {
  return left.tenantId === right.tenantId && left.workspaceId === right.workspaceId && left.userId === right.userId
}

/** An exact key: no id of one owner can spell the key of another. */
export function keyOf({ tenantId, workspaceId, userId }: Owner): string {
  return JSON.stringify([tenantId, workspaceId, userId])
}

export function isWhole(scope: Scope): scope is Owner {
  return [scope.tenantId, scope.workspaceId, scope.userId].every((id) => id !== undefined && id !== '')
}

/** What the twins of the short cast are taken for the caller by: one for each, where there is one. */
const shortest: readonly CarelessComparison[] = ['truncated', 'prefix', 'like', 'lower-case']

/** As many as there are kinds of look-alikes, and the one that they look like. */
const everyKind = lookAlikeKinds.length + 1

/**
 * Casts the caller and its twins: other tenants, sibling workspaces, sibling users.
 *
 * @param profile `short`: a twin for each of a few careless comparisons; `full`: every look-alike
 */
export function createCast(seed: string | number, profile: 'short' | 'full'): Cast {
  // Sets of one seed: their first owner is the same, to the secret.
  const one = { seed, tenants: 1, workspaces: 1, users: 1 }
  const everybody = [{ tenants: everyKind }, { workspaces: 9 }, { users: 9 }].map((more) =>
    castAll({ ...one, ...more }),
  )
  const [ofTenants = [], ofWorkspaces = [], ofUsers = []] = everybody
  const [caller] = ofTenants
  if (caller === undefined) throw new TypeError('The twins have nobody to be the caller.')
  const pick = (twins: readonly Twin[], part: keyof Owner) =>
    profile === 'full'
      ? twins.slice(1)
      : shortList(twins.slice(1), ({ [part]: id }) => compareCarelessly(caller[part], id))
  return {
    caller,
    others: [
      ...pick(ofTenants, 'tenantId').map((twin) => ({ apart: 'tenants' as const, twin })),
      ...pick(ofWorkspaces, 'workspaceId').map((twin) => ({ apart: 'workspaces' as const, twin })),
      ...pick(ofUsers, 'userId').map((twin) => ({ apart: 'users' as const, twin })),
    ],
  }
}

function castAll(options: TwinOptions): readonly Twin[] {
  return createTwins(options).tenants.flatMap((tenant) =>
    tenant.workspaces.flatMap((workspace) =>
      workspace.users.map(({ id, canaries }) => ({
        tenantId: tenant.id,
        workspaceId: workspace.id,
        userId: id,
        canaries,
      })),
    ),
  )
}

function shortList(
  twins: readonly Twin[],
  comparisonsOf: (twin: Twin) => readonly CarelessComparison[],
): readonly Twin[] {
  const picked = shortest.flatMap((comparison) => twins.find((twin) => comparisonsOf(twin).includes(comparison)) ?? [])
  return [...new Set(picked)]
}
