import { randomUUID } from 'node:crypto'

import { exactKey, ownMembers, requireId } from '../encoding/index.ts'
import { BoundaryRefused } from '../errors.ts'
import type { Authority } from './authority.ts'
import { parseGrant } from './directory.ts'
import type { Grant, GrantRows, ParsedGrant } from './directory.ts'
import type { Risk } from './policy.ts'
import { requirePrincipal } from './principal.ts'
import type { Principal } from './principal.ts'

/** The longest life of a boundary, in milliseconds; shorter when the principal's proof ends earlier. */
const boundaryLifetime = 15 * 60_000

/** What trusted code reads of a boundary. Frozen; never handed to a model. */
export interface BoundaryState {
  /** whose boundary it is: another deployment in the same process refuses it */
  readonly authority: Authority
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly issuer: string
  readonly role: string
  readonly plan: string
  readonly region: string
  readonly allowedToolIds: readonly string[]
  readonly allowedDatasourceIds: readonly string[]
  /** how far an effect may go; lowered by `narrow()` alone */
  readonly maximumRisk: Risk
  readonly memoryNamespace: string
  readonly traceId: string
  /** in milliseconds since 1970, by the directory's clock */
  readonly expiresAt: number
  /** when it ends for good, runs begun in it included, if it was narrowed to an end; Infinity otherwise */
  readonly notAfter: number
  readonly epoch: number
  readonly version: number
  readonly rows: GrantRows | undefined
  /** shared by a boundary and everything narrowed from it, so that what ends one ends all */
  readonly life: { revoked: boolean }
}

const maker = Symbol('boundary')

// Taken once, at load, like the brand: what is patched later must not leave a boundary open to change (B05).
const freeze = Object.freeze

// Set inside the class, where the private field is in scope, and kept out of its members: whoever holds an instance
// reaches the class through `constructor`, and must find nothing there.
let stateOf: (value: unknown) => BoundaryState | undefined

/**
 * The unforgeable object made from a verified principal and a fresh grant by trusted code. Whoever holds it may act
 * inside it; nobody can widen it, copy it or send it away.
 *
 * Its brand is a private field, which no copy, proxy, subclass or patched built-in can carry.
 */
class Boundary {
  readonly #state: BoundaryState

  constructor(by: symbol, state: BoundaryState) {
    // `constructor` is reachable from every instance: without the maker it makes nothing, and a subclass makes nothing either.
    if (by !== maker || new.target !== Boundary)
      throw new TypeError('A boundary is made by watertight.boundary() only.')
    this.#state = state
    freeze(this)
  }

  static {
    stateOf = (value) => (typeof value === 'object' && value !== null && #state in value ? value.#state : undefined)
  }

  get tenantId(): string {
    return this.#state.tenantId
  }
  get workspaceId(): string {
    return this.#state.workspaceId
  }
  get userId(): string {
    return this.#state.userId
  }
  get role(): string {
    return this.#state.role
  }
  get plan(): string {
    return this.#state.plan
  }
  get region(): string {
    return this.#state.region
  }
  get allowedToolIds(): readonly string[] {
    return this.#state.allowedToolIds
  }
  get allowedDatasourceIds(): readonly string[] {
    return this.#state.allowedDatasourceIds
  }
  get memoryNamespace(): string {
    return this.#state.memoryNamespace
  }
  get traceId(): string {
    return this.#state.traceId
  }
  get expiresAt(): Date {
    return new Date(this.#state.expiresAt)
  }
  get epoch(): number {
    return this.#state.epoch
  }

  toJSON(): never {
    throw new TypeError('A boundary does not serialise. Make a new one where it is needed.')
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'AgentBoundary { redacted }'
  }

  get [Symbol.toStringTag](): string {
    return 'AgentBoundary'
  }
}
Object.freeze(Boundary)
Object.freeze(Boundary.prototype)

/** The boundary of an agent: a type without a constructor. `watertight.boundary()` makes one, `narrow()` shrinks one. */
export type AgentBoundary = Boundary

/** Where a boundary is wanted: a workspace of the principal's tenant, and the trace that it belongs to. */
export interface Place {
  readonly workspaceId: string
  /** an id of the app's own tracing; a random uuid where absent */
  readonly traceId?: string
}

/** A place whose members were read: what was asked of the directory is what the boundary is made for. */
export interface ParsedPlace {
  readonly workspaceId: string
  readonly traceId: string
}

/**
 * Reads a place once, own members only: a getter that answered differently the second time would be granted one
 * workspace and get a boundary named after another.
 *
 * @throws {InvalidInput} `INVALID_INPUT` when an id is missing or malformed
 */
export function parsePlace(place: Place): ParsedPlace {
  const { workspaceId, traceId } = ownMembers(place)
  return {
    workspaceId: requireId(workspaceId, 'workspaceId'),
    traceId: traceId === undefined ? randomUUID() : requireId(traceId, 'traceId'),
  }
}

/** Makes a boundary of a verified principal and the grant that a directory gave just now. Not exported from the package. */
export function makeBoundary(
  authority: Authority,
  principal: Principal,
  place: Place,
  answer: Grant | undefined,
): AgentBoundary {
  const claims = requirePrincipal(principal, authority)
  const { workspaceId, traceId } = parsePlace(place)
  const grant = parseGrant(answer)
  return seal({
    authority,
    tenantId: claims.tenantId,
    workspaceId,
    userId: claims.subject,
    issuer: claims.issuer,
    role: grant.role,
    plan: grant.plan,
    region: grant.region,
    allowedToolIds: grant.allowedToolIds,
    allowedDatasourceIds: grant.allowedDatasourceIds,
    maximumRisk: 'sensitive',
    memoryNamespace: exactKey([claims.tenantId, workspaceId, claims.issuer, claims.subject]),
    traceId,
    expiresAt: Math.min(authority.now() + boundaryLifetime, claims.expiresAt),
    notAfter: Number.POSITIVE_INFINITY,
    epoch: grant.epoch,
    version: grant.version,
    rows: grant.rows,
    life: { revoked: false },
  })
}

/**
 * Makes the boundary that a run goes on with when the first one's time is up: the same caller in the same place, by a
 * fresh grant that is still the one it began with, keeping whatever was narrowed away.
 *
 * @param until the end of the run, in milliseconds since 1970
 * @throws {BoundaryRefused} `revoked` when the grant is gone or has changed since
 */
export function renewBoundary(state: BoundaryState, answer: Grant | undefined, until: number): AgentBoundary {
  if (state.life.revoked || !stillGranted(state, answer)) throw new BoundaryRefused('revoked')
  return seal({ ...state, expiresAt: Math.min(state.authority.now() + boundaryLifetime, until, state.notAfter) })
}

/** Says whether a fresh answer of the directory is the grant that the boundary was made from. */
export function stillGranted(state: BoundaryState, answer: Grant | undefined): boolean {
  if (answer === undefined || answer === null) return false
  const grant: ParsedGrant = parseGrant(answer)
  // The rows too: whoever was removed and added again starts at the same version.
  return grant.epoch === state.epoch && grant.version === state.version && sameRows(grant.rows, state.rows)
}

function sameRows(one: GrantRows | undefined, other: GrantRows | undefined): boolean {
  return one?.tenant === other?.tenant && one?.workspace === other?.workspace && one?.member === other?.member
}

/** Returns the state of a boundary that may have expired, but was one of this deployment. */
export function requireKnown(value: unknown, authority: Authority): BoundaryState {
  const state = stateOf(value)
  if (state === undefined || state.authority !== authority)
    throw new BoundaryRefused(value === undefined || value === null ? 'absent' : 'forged')
  return state
}

/** Makes the boundary of a state that `narrow()` has shrunk. */
export function seal(state: BoundaryState): AgentBoundary {
  return new Boundary(maker, freeze(state))
}

/** Says whether a value is a boundary of this copy of the library. Says nothing about its being live. */
export function isBoundary(value: unknown): value is AgentBoundary {
  return stateOf(value) !== undefined
}

/**
 * Returns the state of a live boundary, or refuses.
 *
 * @param value what should be a boundary
 * @param authority when given, the deployment that must have made it
 * @throws {BoundaryRefused} `BOUNDARY_REFUSED`: `absent`, `forged`, `expired` or `revoked`
 */
export function requireLive(value: unknown, authority?: Authority): BoundaryState {
  if (value === undefined || value === null) throw new BoundaryRefused('absent')
  const state = stateOf(value)
  if (state === undefined || (authority !== undefined && state.authority !== authority))
    throw new BoundaryRefused('forged')
  if (state.life.revoked) throw new BoundaryRefused('revoked')
  if (state.expiresAt <= state.authority.now()) throw new BoundaryRefused('expired')
  return state
}

/** Ends a boundary and all that were narrowed from it, once the directory has said that its grant is no longer so. */
export function markRevoked(state: BoundaryState): void {
  state.life.revoked = true
}
