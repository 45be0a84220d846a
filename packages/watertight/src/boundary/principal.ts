import { ownMembers, requireId } from '../encoding/index.ts'
import { Unauthenticated } from '../errors.ts'
import type { Authority } from './authority.ts'

/** What an identity proved about a caller: who vouches, for whom, in which tenant, and until when. */
export interface Claims {
  /** who vouches for the subject: the token's `iss`, or the name of the app's own auth */
  readonly issuer: string
  /** the person, as the issuer names them: `sub` */
  readonly subject: string
  /** the tenant, as the app names it: the value of the configured claim */
  readonly tenantId: string
  /** when the proof ends, in milliseconds since 1970 */
  readonly expiresAt: number
}

const maker = Symbol('principal')

// Taken once, at load, like the brand: what is patched later must not leave a principal open to change (B05).
const freeze = Object.freeze

// Set inside the class, where the private fields are in scope; not a member, because `constructor` is reachable.
let claimsOf: (value: unknown, authority: Authority) => Claims | undefined

/** A verified caller: what the token or the app's session proves, and nothing more. Only an identity makes one. */
class VerifiedPrincipal implements Claims {
  readonly #claims: Claims
  readonly #authority: Authority

  constructor(by: symbol, authority: Authority, claims: Claims) {
    if (by !== maker || new.target !== VerifiedPrincipal)
      throw new TypeError('A principal is made by watertight.identify() only.')
    this.#authority = authority
    this.#claims = claims
    freeze(this)
  }

  static {
    claimsOf = (value, authority) =>
      typeof value === 'object' && value !== null && #claims in value && value.#authority === authority
        ? value.#claims
        : undefined
  }

  get issuer(): string {
    return this.#claims.issuer
  }
  get subject(): string {
    return this.#claims.subject
  }
  get tenantId(): string {
    return this.#claims.tenantId
  }
  get expiresAt(): number {
    return this.#claims.expiresAt
  }

  toJSON(): never {
    throw new TypeError('A principal does not serialise. Verify the token again where it is needed.')
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return 'Principal { redacted }'
  }
}
Object.freeze(VerifiedPrincipal)
Object.freeze(VerifiedPrincipal.prototype)

export type Principal = VerifiedPrincipal

/**
 * Makes a principal of claims that an identity has verified. Trusted code only; not exported from the package.
 *
 * @throws {Unauthenticated} when a claim is missing or no id: the proof is then no proof, whoever signed it
 */
export function makePrincipal(authority: Authority, claims: Claims): Principal {
  const { issuer, subject, tenantId, expiresAt } = ownMembers(claims)
  if (tenantId === undefined || tenantId === '') throw new Unauthenticated('no-tenant')
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt)) throw new Unauthenticated('invalid')
  const verified = {
    issuer: provedId(issuer, 'issuer'),
    subject: provedId(subject, 'subject'),
    tenantId: provedId(tenantId, 'tenantId'),
    expiresAt,
  }
  return new VerifiedPrincipal(maker, authority, freeze(verified))
}

function provedId(value: unknown, field: string): string {
  try {
    return requireId(value, field)
  } catch (error) {
    throw new Unauthenticated('invalid', { cause: error })
  }
}

/**
 * Returns the claims of a principal of this deployment whose proof has not ended, or refuses. Reads private state, never
 * the object's own members.
 */
export function requirePrincipal(value: unknown, authority: Authority): Claims {
  const claims = claimsOf(value, authority)
  if (claims === undefined) throw new Unauthenticated('absent')
  if (claims.expiresAt <= authority.now()) throw new Unauthenticated('expired')
  return claims
}
