import { ownMembers } from '../encoding/index.ts'
import { Unauthenticated } from '../errors.ts'
import type { Identity } from './identity.ts'

/** What the app's own authentication has proved about the caller of this request. */
export interface ProvedSession {
  /** the tenant of the session, as the app names it */
  readonly tenantId: string
  /** the person, as the app names them */
  readonly userId: string
  /** when the session ends; when absent, 15 minutes from now */
  readonly expiresAt?: Date
}

/** How long a session without an end of its own is taken as proved, in milliseconds. */
const defaultLifetime = 15 * 60_000

/**
 * An identity for apps whose own authentication has already proved the caller on the server. Never hand it anything
 * that came from the request itself: a header, a path, a query or a body proves nothing.
 *
 * @param options `issuer`: the name under which the directory knows these users, `session` by default
 * @returns an identity whose `verify` takes `{ tenantId, userId }`
 * @throws {TypeError} when `issuer` is no name
 */
export function session(options: { readonly issuer?: string } = {}): Identity<ProvedSession | null | undefined> {
  const { issuer = 'session' } = ownMembers(options)
  if (typeof issuer !== 'string' || issuer === '')
    throw new TypeError('session() needs the option issuer to be a non-empty string.')
  return {
    async verify(proved) {
      if (proved === undefined || proved === null) throw new Unauthenticated('absent')
      // Own members only: a polluted Object.prototype must not supply a tenant that the session lacks.
      const { tenantId, userId, expiresAt } = ownMembers(proved)
      if (typeof tenantId !== 'string' || tenantId === '') throw new Unauthenticated('no-tenant')
      if (typeof userId !== 'string' || userId === '') throw new Unauthenticated('absent')
      return { issuer, subject: userId, tenantId, expiresAt: endOf(expiresAt) }
    },
  }
}

function endOf(expiresAt: unknown): number {
  if (expiresAt === undefined) return Date.now() + defaultLifetime
  const end = expiresAt instanceof Date ? expiresAt.getTime() : Number.NaN
  if (!Number.isFinite(end)) throw new Unauthenticated('invalid')
  if (end <= Date.now()) throw new Unauthenticated('expired')
  return end
}
