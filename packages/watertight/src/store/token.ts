import { createHmac, randomBytes } from 'node:crypto'

import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary, Authority, BoundaryState, Claims, Keyring } from '../boundary/index.ts'

/** How long a token lives, in milliseconds: on a steady connection, and behind a transaction pooler. */
const lifetimes = { steady: 60_000, pooled: 10_000 } as const

interface Minted {
  readonly token: string
  readonly renewAt: number
}

/**
 * Signs the tokens that open the database (see migrations/0002-boundary.sql for their fields). Tokens are always bind
 * parameters, never text of a statement: `pg_stat_activity` shows texts to every session of the same role.
 */
export class TokenMint {
  readonly #key: Buffer
  readonly #kid: string
  readonly #authority: Authority
  readonly #lifetime: number
  // One per boundary and server process, because minting costs as much as a cached read does.
  readonly #minted = new WeakMap<BoundaryState, Map<number, Minted>>()

  constructor(keyring: Keyring, authority: Authority, steady: boolean) {
    this.#key = keyring.derive('database-token')
    this.#kid = keyring.kid
    this.#authority = authority
    this.#lifetime = steady ? lifetimes.steady : lifetimes.pooled
  }

  /** A token of a live boundary for one server process; pid 0 binds to none. */
  boundary(boundary: AgentBoundary, pid: number): string {
    const state = requireLive(boundary, this.#authority)
    const now = this.#authority.now()
    const known = this.#minted.get(state) ?? new Map<number, Minted>()
    const minted = known.get(pid)
    if (minted !== undefined && minted.renewAt > now) return minted.token
    const expiresAt = Math.min(state.expiresAt, now + this.#lifetime)
    const token = this.#sign('b', pid, expiresAt, boundaryFields(state))
    known.set(pid, { token, renewAt: now + (expiresAt - now) / 2 })
    this.#minted.set(state, known)
    return token
  }

  /** A token that opens the grant of one verified principal and nothing else. */
  principal(claims: Claims, pid: number): string {
    return this.#sign(
      'p',
      pid,
      this.#authority.now() + lifetimes.pooled,
      [claims.tenantId, claims.issuer, claims.subject].map(hex),
    )
  }

  /** A token of the operator door. */
  operator(pid: number): string {
    return this.#sign('o', pid, this.#authority.now() + lifetimes.pooled, [])
  }

  #sign(purpose: 'b' | 'p' | 'o', pid: number, expiresAt: number, fields: readonly string[]): string {
    const body = [purpose, this.#kid, pid, Math.floor(expiresAt), randomBytes(8).toString('hex'), ...fields].join('|')
    return `${createHmac('sha256', this.#key).update(body).digest('hex')}.${body}`
  }
}

function boundaryFields(state: BoundaryState): readonly string[] {
  const { rows } = state
  if (rows === undefined) {
    throw new TypeError(
      'The built-in store needs the built-in directory: fill the port of this surface, or leave out the option directory.',
    )
  }
  const scope = [
    rows.tenant,
    rows.workspace,
    rows.member,
    state.role,
    String(state.epoch),
    String(state.version),
    rows.datasources.join(','),
  ]
  return [...scope, hex(state.tenantId), hex(state.workspaceId), hex(state.userId)]
}

// Hex, because an id is opaque and may hold the separators.
function hex(id: string): string {
  return Buffer.from(id, 'utf8').toString('hex')
}
