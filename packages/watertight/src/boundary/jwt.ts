import { types } from 'node:util'

import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { CryptoKey, JSONWebKeySet, JWTPayload, JWTVerifyGetKey, JWTVerifyOptions, KeyObject } from 'jose'

import { ownMembers } from '../encoding/index.ts'
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
  /** where the keys are: the `https:` address of a JWKS (`http:` on this machine only), a JWKS, or one public key */
  readonly keys: URL | JSONWebKeySet | CryptoKey | KeyObject
  /** the claim that names the tenant, such as `org_id`; a string claim at the top level */
  readonly tenantClaim: string
  /**
   * the `typ` headers to accept. `JWT`, `at+jwt` and a token without any by default; when given, a token without `typ` is
   * refused too, so that `['at+jwt']` keeps ID tokens out (RFC 9068, section 4)
   */
  readonly typ?: readonly string[]
}

/** The `typ` headers of access tokens in the field (RFC 7519, section 5.1, and RFC 9068, section 2.1). */
const usualTypes = ['JWT', 'at+jwt'] as const

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
  const findKey = keyFinder(ownMembers(options)['keys'])
  return {
    async verify(header) {
      const token = readBearer(header)
      return toClaims(await verifyToken(token, findKey, settings), settings)
    },
  }
}

interface Settings {
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  readonly tenantClaim: string
  readonly typ: readonly string[] | undefined
}

function requireOptions(options: JwtOptions): Settings {
  // Own members: a polluted Object.prototype must not say whom to trust.
  const { issuer, audience, algorithms, tenantClaim, typ } = ownMembers(options)
  return {
    issuer: requireText(issuer, 'issuer'),
    audience: requireText(audience, 'audience'),
    algorithms: requireTexts(algorithms, 'algorithms', /^none$/i),
    tenantClaim: requireText(tenantClaim, 'tenantClaim'),
    typ: typ === undefined ? undefined : requireTexts(typ, 'typ'),
  }
}

function requireText(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`jwt() needs the option ${name}: a non-empty string.`)
  return value
}

function requireTexts(value: unknown, name: string, except?: RegExp): readonly string[] {
  if (!Array.isArray(value) || value.length === 0)
    throw new TypeError(`jwt() needs the option ${name}: a non-empty list of names.`)
  return value.map((member) => {
    const text = requireText(member, name)
    if (except?.test(text) === true) throw new TypeError(`jwt() needs the option ${name} without ${text}.`)
    return text
  })
}

// Bytes and PEM text are not taken: a public key given as bytes is an HMAC secret to whoever sends HS256 (RFC 8725, section 2.1).
function keyFinder(keys: unknown): JWTVerifyGetKey {
  if (keys instanceof URL) return createRemoteJWKSet(requireSafe(keys))
  if (types.isKeyObject(keys) || types.isCryptoKey(keys)) return async () => keys
  if (isKeySet(keys)) return createLocalJWKSet(keys)
  throw new TypeError('jwt() needs the option keys: the URL of a JWKS, a JWKS, a KeyObject or a CryptoKey.')
}

// Whoever can answer in the issuer's name decides whom to trust: keys come over TLS, or from this very machine.
function requireSafe(address: URL): URL {
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname)
  if (address.protocol === 'https:' || (address.protocol === 'http:' && local)) return address
  throw new TypeError('jwt() needs the option keys to be an https: address: keys that came in the clear prove nothing.')
}

function isKeySet(keys: unknown): keys is JSONWebKeySet {
  return typeof keys === 'object' && keys !== null && 'keys' in keys && Array.isArray(keys.keys)
}

function readBearer(header: unknown): string {
  if (header === undefined || header === null || header === '') throw new Unauthenticated('absent')
  // A list, as Node has it for a header that came twice, would be joined to one string by the pattern.
  if (typeof header !== 'string') throw new Unauthenticated('invalid')
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
    if (!isExpectedTyp(ownMembers(protectedHeader)['typ'], settings.typ)) throw new Unauthenticated('invalid')
    return payload
  } catch (error) {
    if (error instanceof Unauthenticated) throw error
    throw new Unauthenticated(error instanceof errors.JWTExpired ? 'expired' : 'invalid', {
      cause: withoutToken(error),
    })
  }
}

// jose's errors carry the claims of the token that they refuse; whoever logs a cause must not log those.
function withoutToken(error: unknown): unknown {
  return error instanceof errors.JOSEError ? new Error(error.code) : error
}

function isExpectedTyp(found: unknown, expected: readonly string[] | undefined): boolean {
  if (found === undefined) return expected === undefined
  return (expected ?? usualTypes).some((typ) => sameMediaType(typ, found))
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
