import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { CryptoKey, JSONWebKeySet, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from 'jose'

import { Unauthenticated } from '../errors.ts'
import type { Identity } from './identity.ts'
import type { Claims } from './principal.ts'

/** What `jwt()` needs; every field but `typ` is required, because a default here would decide whom to trust. */
export interface JwtOptions {
  /** the exact `iss` of the tokens */
  readonly issuer: string
  /** the exact `aud` that names this service */
  readonly audience: string
  /** the signature algorithms to accept, such as `['RS256']`; `none` is never one (RFC 8725, section 3.1) */
  readonly algorithms: readonly string[]
  /** where the keys are: the address of a JWKS, a JWKS, or one public key */
  readonly keys: URL | JSONWebKeySet | CryptoKey | KeyObject
  /** the claim that names the tenant, such as `org_id`; a string claim at the top level */
  readonly tenantClaim: string
  /** the `typ` headers to accept, `JWT` and `at+jwt` by default; a token without `typ` is accepted (RFC 9068, section 2.1) */
  readonly typ?: readonly string[]
}

/** How far an issuer's clock may be ahead or behind, in seconds. */
const clockTolerance = 5

/** A longer header is no token of an identity provider, and verifying it is work for whoever sent it. */
const maximumTokenLength = 16_384

// One grammar for the whole header: a second space, a comma or a second token is not `Bearer` (RFC 6750, section 2.1).
const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i

/**
 * An identity that verifies signed JSON Web Tokens from the `Authorization` header. The tenant comes from the
 * configured claim of a verified token, and from nowhere else.
 *
 * @param options issuer, audience, algorithms, keys and tenant claim, all required
 * @returns an identity whose `verify` takes the value of the `Authorization` header
 * @throws {TypeError} when an option is missing or empty, or an algorithm is `none`
 */
export function jwt(options: JwtOptions): Identity<string | null | undefined> {
  const settings = requireOptions(options)
  const findKey = keyFinder(options.keys)
  return {
    async verify(header) {
      const token = readBearer(header)
      return toClaims(await verifyToken(token, findKey, settings), settings)
    },
  }
}

type Settings = Readonly<Required<Omit<JwtOptions, 'keys'>>>

function requireOptions(options: JwtOptions): Settings {
  const { issuer, audience, algorithms, keys, tenantClaim, typ = ['JWT', 'at+jwt'] } = options
  for (const [name, value] of Object.entries({ issuer, audience, tenantClaim })) {
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`jwt() needs the option ${name}: a non-empty string.`)
  }
  if (
    !Array.isArray(algorithms) ||
    algorithms.length === 0 ||
    algorithms.some((name) => typeof name !== 'string' || /^(none)?$/i.test(name))
  ) {
    throw new TypeError('jwt() needs the option algorithms: a non-empty list without "none".')
  }
  if (typeof keys !== 'object' || keys === null)
    throw new TypeError('jwt() needs the option keys: a JWKS address, a JWKS or a key.')
  return { issuer, audience, algorithms: [...algorithms], tenantClaim, typ: [...typ] }
}

function keyFinder(keys: JwtOptions['keys']): JWTVerifyGetKey {
  if (keys instanceof URL) return createRemoteJWKSet(keys)
  if ('keys' in keys && Array.isArray(keys.keys)) return createLocalJWKSet(keys)
  // The remaining forms are single keys, which jose takes as they are; the cast only drops the JWKS that was handled above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- narrowing a union after its other members returned
  const key = keys as CryptoKey | KeyObject
  return async () => key
}

function readBearer(header: string | null | undefined): string {
  if (header === undefined || header === null || header === '') throw new Unauthenticated('absent')
  const token = header.length <= maximumTokenLength ? bearer.exec(header)?.[1] : undefined
  if (token === undefined) throw new Unauthenticated('invalid')
  return token
}

async function verifyToken(token: string, findKey: JWTVerifyGetKey, settings: Settings): Promise<JWTPayload> {
  const checks: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: [...settings.algorithms],
    requiredClaims: ['exp', 'sub', 'iss', 'aud'],
    clockTolerance,
  }
  try {
    const { payload, protectedHeader } = await jwtVerify(token, findKey, checks)
    if (protectedHeader.typ !== undefined && !settings.typ.some((typ) => sameMediaType(typ, protectedHeader.typ))) {
      throw new Unauthenticated('invalid')
    }
    return payload
  } catch (error) {
    if (error instanceof Unauthenticated) throw error
    throw new Unauthenticated(error instanceof errors.JWTExpired ? 'expired' : 'invalid', { cause: error })
  }
}

// Media types compare without case, and "application/" may be left out (RFC 7515, section 4.1.9).
function sameMediaType(expected: string, found: unknown): boolean {
  const plain = (typ: string) => typ.toLowerCase().replace(/^application\//, '')
  return typeof found === 'string' && plain(expected) === plain(found)
}

function toClaims(payload: JWTPayload, settings: Settings): Claims {
  const tenantId = Object.hasOwn(payload, settings.tenantClaim) ? payload[settings.tenantClaim] : undefined
  if (typeof tenantId !== 'string' || tenantId === '') throw new Unauthenticated('no-tenant')
  if (typeof payload.sub !== 'string' || payload.sub === '' || payload.exp === undefined)
    throw new Unauthenticated('invalid')
  return { issuer: settings.issuer, subject: payload.sub, tenantId, expiresAt: payload.exp * 1000 }
}
