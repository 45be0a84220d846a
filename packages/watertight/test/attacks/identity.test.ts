import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { inspect } from 'node:util'

import { SignJWT, UnsecuredJWT, exportJWK } from 'jose'
import type { JWK, JWTPayload } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { Unauthenticated, jwt, openWatertight, session } from '../../src/index.ts'
import type { JwtOptions, Watertight } from '../../src/index.ts'
import { lookAlikes } from '../support/people.ts'
import { whilePolluted } from '../support/polluted.ts'

const issuer = 'https://identity.test/'
const audience = 'https://desk.test/'
const secretOfToken = 'canary-3f9c'

interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly jwk: JWK
}

async function createKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }
}

/** A key server as identity providers have one: real HTTP, and keys that come and go. */
interface KeyServer extends AsyncDisposable {
  readonly address: URL
  publish(...keys: readonly SigningKey[]): void
  readonly fetched: () => number
}

async function openKeyServer(): Promise<KeyServer> {
  let published: readonly JWK[] = []
  let fetched = 0
  const server = createServer((_request, response) => {
    fetched++
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: new URL(`http://127.0.0.1:${portOf(server)}/jwks`),
    publish: (...keys) => (published = keys.map(({ jwk }) => jwk)),
    fetched: () => fetched,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.')
  return address.port
}

let key: SigningKey
let stranger: SigningKey
let keyServer: KeyServer

beforeAll(async () => {
  key = await createKey('first')
  stranger = await createKey('first') // the same kid: a name proves nothing
  keyServer = await openKeyServer()
  keyServer.publish(key)
})

afterAll(async () => {
  await keyServer?.[Symbol.asyncDispose]()
})

afterEach(() => {
  vi.useRealTimers()
})

function usual(options: Partial<JwtOptions> = {}) {
  return jwt({ issuer, audience, algorithms: ['RS256'], keys: keyServer.address, tenantClaim: 'org_id', ...options })
}

const now = () => Math.floor(Date.now() / 1000)

function usualClaims(): JWTPayload {
  return { iss: issuer, aud: audience, sub: 'alice', exp: now() + 600, org_id: 'acme', note: secretOfToken }
}

async function sign(
  claims: JWTPayload = usualClaims(),
  options: { by?: SigningKey; header?: Record<string, unknown> } = {},
): Promise<string> {
  const { by = key, header = {} } = options
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: by.kid, typ: 'JWT', ...header })
  return `Bearer ${await token.sign(by.privateKey)}`
}

function without(name: string): JWTPayload {
  const claims = usualClaims()
  delete claims[name]
  return claims
}

const base64url = (text: string) => Buffer.from(text).toString('base64url')

function forge(header: object, claims: object, signature: (signed: string) => string): string {
  const signed = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`
  return `Bearer ${signed}.${signature(signed)}`
}

/** Expects the refusal, and that nothing of it tells what the token held. */
async function expectRefused(
  work: Promise<unknown>,
  reason: Unauthenticated['reason'],
  secrets: readonly string[] = [],
): Promise<void> {
  const error: unknown = await work.then(
    () => undefined,
    (refusal: unknown) => refusal,
  )
  expect(error).toBeInstanceOf(Unauthenticated)
  if (!(error instanceof Unauthenticated)) return
  expect(error.reason).toBe(reason)
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'Unauthenticated',
    code: 'UNAUTHENTICATED',
    message: `The caller was not authenticated: ${reason}. Send a token that this service's identity provider issued.`,
  })
  // The cause too: whoever logs an error logs its causes.
  const logged = inspect(error, { depth: 9, showHidden: true })
  for (const secret of [secretOfToken, 'acme', 'alice', ...secrets]) expect(logged).not.toContain(secret)
}

test('should take a true token, or every refusal below would prove nothing', async () => {
  expect(await usual().verify(await sign())).toEqual({
    issuer,
    subject: 'alice',
    tenantId: 'acme',
    expiresAt: expect.any(Number),
  })
})

describe('a token', () => {
  const refused: Readonly<Record<string, () => Promise<string | null | undefined>>> = {
    'of another issuer': () => sign({ ...usualClaims(), iss: 'https://identity.test' }),
    'of an issuer among several': () => sign({ ...usualClaims(), iss: [issuer] as never }),
    'without an issuer': () => sign(without('iss')),
    'for another audience': () => sign({ ...usualClaims(), aud: 'https://desk.test' }),
    'for a list of other audiences': () => sign({ ...usualClaims(), aud: ['https://other.test/'] }),
    'without an audience': () => sign(without('aud')),
    'without an end': () => sign(without('exp')),
    'with an end in words': () => sign({ ...usualClaims(), exp: '2999-01-01' as never }),
    'that is not valid yet': () => sign({ ...usualClaims(), nbf: now() + 600 }),
    'without a subject': () => sign(without('sub')),
    'with an empty subject': () => sign({ ...usualClaims(), sub: '' }),
    'with a subject that is a number': () => sign({ ...usualClaims(), sub: 7 as never }),
    'of another type': () => sign(usualClaims(), { header: { typ: 'logout+jwt' } }),
    'that is an agent snapshot': () => sign(usualClaims(), { header: { typ: 'agent-boundary+jwt' } }),
    'with a critical extension nobody knows': () =>
      sign(usualClaims(), { header: { crit: ['tenant'], tenant: 'acme' } }).catch(() => forgedCrit()),
    'signed by a stranger under a known kid': () => sign(usualClaims(), { by: stranger }),
    'with a kid that nobody published': async () => sign(usualClaims(), { by: await createKey('unknown') }),
    'with its own key in the header': () =>
      sign(usualClaims(), { by: stranger, header: { jwk: stranger.jwk, kid: 'embedded' } }),
    'with an address of keys in the header': () =>
      sign(usualClaims(), { by: stranger, header: { jku: keyServer.address.href, kid: 'elsewhere' } }),
    'with alg none': async () => `Bearer ${new UnsecuredJWT(usualClaims()).encode()}`,
    'with alg none and a signature': async () => forge({ alg: 'none', kid: 'first' }, usualClaims(), () => 'AAAA'),
    'with alg NONE': async () => forge({ alg: 'NONE', kid: 'first' }, usualClaims(), () => 'AAAA'),
    'with an algorithm that is not listed': async () =>
      `Bearer ${await new SignJWT(usualClaims()).setProtectedHeader({ alg: 'PS256', kid: 'first' }).sign(key.privateKey)}`,
    'without a signature': async () => (await sign()).replace(/\.[^.]+$/, '.'),
    'with another signature': async () => (await sign()).replace(/\.[^.]+$/, `.${base64url('x'.repeat(256))}`),
    'with a claim exchanged': async () => {
      const [head, , signature] = (await sign()).split('.')
      return `${head}.${base64url(JSON.stringify({ ...usualClaims(), org_id: 'acme-eu' }))}.${signature}`
    },
    'whose claims are a list': async () => forge({ alg: 'RS256', kid: 'first' }, [], () => 'AAAA'),
    'that is encrypted, not signed': async () => 'Bearer a.b.c.d.e',
  }

  function forgedCrit(): string {
    return forge({ alg: 'RS256', kid: 'first', crit: ['tenant'], tenant: 'acme' }, usualClaims(), () => 'AAAA')
  }

  test.each(Object.entries(refused))('%s should be refused', async (_what, create) => {
    await expectRefused(usual().verify(await create()), 'invalid')
  })

  test('that is over should be refused as expired', async () => {
    await expectRefused(usual().verify(await sign({ ...usualClaims(), exp: now() - 60 })), 'expired')
  })

  test('that says its type is application/at+JWT should be taken', async () => {
    const token = await sign(usualClaims(), { header: { typ: 'application/at+JWT' } })
    expect(await usual().verify(token)).toMatchObject({ tenantId: 'acme' })
  })

  test('without a type should be taken, until a type is asked for', async () => {
    const token = await sign(usualClaims(), { header: { typ: undefined } })
    expect(await usual().verify(token)).toMatchObject({ tenantId: 'acme' })
    await expectRefused(usual({ typ: ['at+jwt'] }).verify(token), 'invalid')
    await whilePolluted('typ', 'at+jwt', () => expectRefused(usual({ typ: ['at+jwt'] }).verify(token), 'invalid'))
  })
})

describe('a public key as the secret of an HMAC', () => {
  const spellings: Readonly<Record<string, (publicKey: KeyObject) => string | Buffer>> = {
    'PEM, spki': (publicKey) => publicKey.export({ type: 'spki', format: 'pem' }),
    'PEM, pkcs1': (publicKey) => publicKey.export({ type: 'pkcs1', format: 'pem' }),
    'PEM, trimmed': (publicKey) => publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
    'DER, spki': (publicKey) => publicKey.export({ type: 'spki', format: 'der' }),
  }

  const forgeBy = (secret: string | Buffer, header: object = {}) =>
    forge({ alg: 'HS256', kid: 'first', typ: 'JWT', ...header }, usualClaims(), (signed) =>
      createHmac('sha256', secret).update(signed).digest('base64url'),
    )

  test.each(Object.entries(spellings))('should sign nothing: %s', async (_what, spell) => {
    const token = forgeBy(spell(key.publicKey))
    await expectRefused(usual().verify(token), 'invalid')
    // Even where somebody lists both: the kind of key decides, not the token.
    await expectRefused(usual({ algorithms: ['RS256', 'HS256'] }).verify(token), 'invalid')
    await expectRefused(usual({ algorithms: ['RS256', 'HS256'], keys: key.publicKey }).verify(token), 'invalid')
    await expectRefused(usual({ algorithms: ['RS256', 'HS256'], keys: { keys: [key.jwk] } }).verify(token), 'invalid')
  })

  test('should be possible against a naive verifier', () => {
    const pem = spellings['PEM, spki']?.(key.publicKey) ?? ''
    const [head = '', body = '', signature] = forgeBy(pem).slice('Bearer '.length).split('.')
    // It asks the token which algorithm to use, and gives every algorithm the same bytes.
    expect(createHmac('sha256', pem).update(`${head}.${body}`).digest('base64url')).toBe(signature)
  })

  test('should not even be taken as an option: bytes and text have no kind', () => {
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' })
    for (const keys of [pem, Buffer.from(pem), new Uint8Array(32), [], {}, undefined, () => key.publicKey])
      expect(() => usual({ keys: keys as never })).toThrow(TypeError)
  })

  test('should not come over a wire that anybody can write to', () => {
    for (const address of ['http://identity.example/keys', 'http://127.0.0.1.nip.example/keys', 'ftp://127.0.0.1/keys'])
      expect(() => usual({ keys: new URL(address) }), address).toThrow(TypeError)
  })

  test('should still leave one key or a list of keys as an option', async () => {
    const token = await sign()
    for (const keys of [key.publicKey, createPublicKey(key.privateKey), { keys: [key.jwk] }])
      expect(await usual({ keys }).verify(token)).toMatchObject({ tenantId: 'acme' })
  })
})

describe('the tenant', () => {
  test.each([
    ['no claim', without('org_id')],
    ['an empty claim', { ...usualClaims(), org_id: '' }],
    ['a number', { ...usualClaims(), org_id: 7 }],
    ['a list', { ...usualClaims(), org_id: ['acme'] }],
    ['an object', { ...usualClaims(), org_id: { id: 'acme' } }],
    ['null', { ...usualClaims(), org_id: null }],
    ['true', { ...usualClaims(), org_id: true }],
    ['a claim of another case', { ...without('org_id'), ORG_ID: 'acme' }],
    ['a claim of a similar name', { ...without('org_id'), 'org_id ': 'acme', tenant_id: 'acme', tenantId: 'acme' }],
    ['a claim one level down', { ...without('org_id'), claims: { org_id: 'acme' } }],
  ])('should not come from %s', async (_what, claims) => {
    await expectRefused(usual().verify(await sign(claims)), 'no-tenant')
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'should not be inherited where the claim is called %s',
    async (tenantClaim) => {
      const identity = usual({ tenantClaim })
      await expectRefused(identity.verify(await sign()), 'no-tenant')
      const nested = forgeableClaims(`"${tenantClaim}":{"org_id":"acme"}`)
      await expectRefused(identity.verify(await signText(nested)), 'no-tenant')
    },
  )

  test('should be the claim even if that is called __proto__', async () => {
    const token = await signText(forgeableClaims('"__proto__":"acme"'))
    expect(await usual({ tenantClaim: '__proto__' }).verify(token)).toMatchObject({ tenantId: 'acme' })
  })

  test('should not come from Object.prototype', async () => {
    const token = await sign(without('org_id'))
    await whilePolluted('org_id', 'acme', () => expectRefused(usual().verify(token), 'no-tenant'))
  })

  test.each([
    ['sub', 'alice'],
    ['iss', issuer],
    ['aud', audience],
    ['exp', 99_999_999_999],
  ])('should not be proved by a claim of Object.prototype: %s', async (name, value) => {
    const token = await sign(without(name))
    await whilePolluted(name, value, () => expectRefused(usual().verify(token), 'invalid'))
  })

  test.each(lookAlikes)('should be exactly the claim: %j', async (org_id) => {
    expect((await usual().verify(await sign({ ...usualClaims(), org_id }))).tenantId).toBe(org_id)
  })

  test('should be the last of two claims of one name, as in every reader of JSON', async () => {
    const token = await signText(forgeableClaims('"org_id":"acme-eu","org_id":"acme"'))
    expect(await usual().verify(token)).toMatchObject({ tenantId: 'acme' })
  })

  // jose writes claims with JSON.stringify, which has no duplicate and no `__proto__` key.
  function forgeableClaims(member: string): string {
    return JSON.stringify({ ...without('org_id'), last: 1 }).replace('"last":1', member)
  }

  async function signText(claims: string): Promise<string> {
    const { subtle } = globalThis.crypto
    const signed = `${base64url(JSON.stringify({ alg: 'RS256', kid: key.kid }))}.${base64url(claims)}`
    const der = key.privateKey.export({ type: 'pkcs8', format: 'der' })
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const signer = await subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
    const signature = Buffer.from(await subtle.sign(algorithm, signer, Buffer.from(signed))).toString('base64url')
    return `Bearer ${signed}.${signature}`
  }
})

describe('the header', () => {
  test.each([undefined, null, ''])('should be refused as absent: %j', async (header) => {
    await expectRefused(usual().verify(header), 'absent')
  })

  const odd: Readonly<Record<string, (header: string) => unknown>> = {
    'a bare token': (header) => header.slice('Bearer '.length),
    'another scheme': (header) => header.replace('Bearer', 'Basic'),
    'two spaces': (header) => header.replace(' ', '  '),
    'a tab': (header) => header.replace(' ', '\t'),
    'a space before': (header) => ` ${header}`,
    'a space behind': (header) => `${header} `,
    'a line break behind': (header) => `${header}\n`,
    'a second line': (header) => `${header}\r\nX-Tenant: acme-eu`,
    'two tokens by a comma': (header) => `${header}, ${header}`,
    'two tokens by a space': (header) => `${header} ${header.slice('Bearer '.length)}`,
    'two schemes': (header) => `Bearer ${header}`,
    'a list of one, as Node has a repeated header': (header) => [header],
    'a list of two': (header) => [header, header],
    'an object that becomes the token': (header) => ({ length: 1, toString: () => header }),
    'a String object': (header) => new String(header),
    'padding in the token': (header) => `${header}=`,
    'more than 16 KiB': (header) => `Bearer ${'a'.repeat(16_384)}${header.slice('Bearer '.length)}`,
  }

  test.each(Object.entries(odd))('should be refused when it is %s', async (_what, spoil) => {
    await expectRefused(usual().verify(spoil(await sign()) as never), 'invalid')
  })

  test('should be refused for its size before any of it is decoded', async () => {
    const huge = `Bearer ${'a'.repeat(20_000_000)}.b.c`
    const started = performance.now()
    await expectRefused(usual().verify(huge), 'invalid')
    expect(performance.now() - started).toBeLessThan(200)
  })

  test('should be taken whatever the case of its scheme (RFC 9110, section 11.1)', async () => {
    expect(await usual().verify((await sign()).replace('Bearer', 'bearer'))).toMatchObject({ tenantId: 'acme' })
  })
})

describe('the keys of an identity provider', () => {
  test('should be fetched when they change: an unknown kid is refused, and taken once it is published', async () => {
    await using provider = await openKeyServer()
    const next = await createKey('second')
    provider.publish(key)
    const identity = usual({ keys: provider.address })
    expect(await identity.verify(await sign())).toMatchObject({ tenantId: 'acme' })
    await expectRefused(identity.verify(await sign(usualClaims(), { by: next })), 'invalid')

    provider.publish(key, next) // the overlap of a rotation: both count
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    expect(await identity.verify(await sign(usualClaims(), { by: next }))).toMatchObject({ tenantId: 'acme' })
    expect(await identity.verify(await sign())).toMatchObject({ tenantId: 'acme' })

    provider.publish(next) // its end: the old key is dead as soon as the keys are read again
    vi.setSystemTime(Date.now() + 601_000)
    await expectRefused(identity.verify(await sign()), 'invalid')
    expect(await identity.verify(await sign(usualClaims(), { by: next }))).toMatchObject({ tenantId: 'acme' })
  })

  test('should not be fetched again for each token with a kid that somebody made up', async () => {
    await using provider = await openKeyServer()
    provider.publish(key)
    const identity = usual({ keys: provider.address })
    const unknown = await createKey('made-up')
    for (let at = 0; at < 20; at++)
      await expectRefused(identity.verify(await sign(usualClaims(), { by: unknown })), 'invalid')
    expect(provider.fetched()).toBe(1)
  })

  test('should prove nobody while their server is away', async () => {
    const provider = await openKeyServer()
    const identity = usual({ keys: provider.address })
    await provider[Symbol.asyncDispose]()
    await expectRefused(identity.verify(await sign()), 'invalid')
  })

  test('should prove nobody when their server answers with something else', async () => {
    const server = createServer((_request, response) => response.end('<html>acme</html>'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const identity = usual({ keys: new URL(`http://127.0.0.1:${portOf(server)}/`) })
    await expectRefused(identity.verify(await sign()), 'invalid')
    server.closeAllConnections()
    server.close()
  })
})

describe('the options of jwt()', () => {
  const missing = ['issuer', 'audience', 'algorithms', 'keys', 'tenantClaim'] as const

  test.each(missing)('should be refused without %s', (name) => {
    expect(() => usual({ [name]: undefined })).toThrow(TypeError)
    expect(() => usual({ [name]: '' })).toThrow(TypeError)
  })

  test.each(missing)('should not have %s supplied by Object.prototype', async (name) => {
    const whole: JwtOptions = {
      issuer,
      audience,
      algorithms: ['RS256'],
      keys: keyServer.address,
      tenantClaim: 'org_id',
    }
    const { [name]: value, ...rest } = whole
    await whilePolluted(name, value, () => {
      expect(() => jwt(rest as JwtOptions)).toThrow(TypeError)
    })
  })

  test.each([[], ['none'], ['RS256', 'none'], ['NoNe'], [''], 'RS256', [undefined]])(
    'should refuse the algorithms %j',
    (algorithms) => {
      expect(() => usual({ algorithms: algorithms as never })).toThrow(TypeError)
    },
  )

  test.each([[], 'at+jwt', ['']])('should refuse the types %j', (typ) => {
    expect(() => usual({ typ: typ as never })).toThrow(TypeError)
  })

  test('should not be open to change afterwards', async () => {
    const algorithms = ['ES256']
    const identity = usual({ algorithms })
    algorithms.push('RS256')
    await expectRefused(identity.verify(await sign()), 'invalid')
  })
})

describe('a session', () => {
  const proved = { tenantId: 'acme', userId: 'alice' }

  test('should be taken, or every refusal below would prove nothing', async () => {
    expect(await session().verify(proved)).toMatchObject({ issuer: 'session', subject: 'alice', tenantId: 'acme' })
    expect((await session({ issuer: 'passport' }).verify(proved)).issuer).toBe('passport')
  })

  test.each([
    ['nothing', undefined, 'absent'],
    ['null', null, 'absent'],
    ['no member', {}, 'no-tenant'],
    ['a string', 'acme', 'no-tenant'],
    ['no tenant', { userId: 'alice' }, 'no-tenant'],
    ['an empty tenant', { ...proved, tenantId: '' }, 'no-tenant'],
    ['a list of tenants', { ...proved, tenantId: ['acme'] }, 'no-tenant'],
    ['no user', { tenantId: 'acme' }, 'absent'],
    ['an end in words', { ...proved, expiresAt: '2999-01-01' }, 'invalid'],
    ['no valid end', { ...proved, expiresAt: new Date(Number.NaN) }, 'invalid'],
    ['an end that is past', { ...proved, expiresAt: new Date(Date.now() - 1) }, 'expired'],
    ['inherited members', Object.create(proved), 'no-tenant'],
  ] as const)('should be refused with %s', async (_what, value, reason) => {
    await expectRefused(session().verify(value as never), reason)
  })

  test.each(['', null, 7])('should not be opened under the issuer %j', (name) => {
    expect(() => session({ issuer: name as never })).toThrow(TypeError)
  })
})

describe('whoever is identified', () => {
  let watertight: Watertight<string | null | undefined, readonly []>

  beforeAll(async () => {
    watertight = await openWatertight({ database: 'memory://', identity: usual(), surfaces: [] })
    const { directory } = watertight
    for (const tenantId of ['acme', 'acme-eu']) {
      await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
      await directory.putWorkspace({ tenantId, workspaceId: 'support' })
      const grant = { role: 'member', allowedToolIds: [], allowedDatasourceIds: [] }
      await directory.putMember({ tenantId, workspaceId: 'support', userId: 'alice', issuer, ...grant })
    }
  })

  afterAll(async () => {
    await watertight?.close()
  })

  test('should get a boundary in the tenant of the claim', async () => {
    const boundary = await watertight.boundary(await watertight.identify(await sign()), { workspaceId: 'support' })
    expect(boundary.tenantId).toBe('acme')
    expect(boundary.userId).toBe('alice')
  })

  test('should not choose the tenant by anything but the token', async () => {
    const principal = await watertight.identify(await sign())
    const place = { workspaceId: 'support', tenantId: 'acme-eu', userId: 'mallory', role: 'owner' }
    const boundary = await watertight.boundary(principal, place)
    expect([boundary.tenantId, boundary.userId, boundary.role]).toEqual(['acme', 'alice', 'member'])
    for (const workspaceId of [
      'acme-eu/support',
      'acme-eu:support',
      '../acme-eu/support',
      'support?tenantId=acme-eu',
      'Support',
      'support ',
    ])
      await expect(watertight.boundary(principal, { workspaceId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('should not be another user of the same name at another issuer', async () => {
    await watertight.directory.putMember({
      tenantId: 'acme',
      workspaceId: 'support',
      userId: 'bob',
      issuer: 'session',
      role: 'owner',
      allowedToolIds: [],
      allowedDatasourceIds: [],
    })
    const principal = await watertight.identify(await sign({ ...usualClaims(), sub: 'bob' }))
    await expect(watertight.boundary(principal, { workspaceId: 'support' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test.each(lookAlikes.filter((id) => id !== 'acme' && id !== 'acme-eu'))(
    'should be nobody in a tenant that only looks like one: %j',
    async (org_id) => {
      const principal = await watertight.identify(await sign({ ...usualClaims(), org_id }))
      await expect(watertight.boundary(principal, { workspaceId: 'support' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    },
  )

  test.each([
    ['a line break in the subject', { sub: 'alice\nadmin' }],
    ['a NUL in the tenant', { org_id: 'acme\0' }],
    ['a lone surrogate in the subject', { sub: '\ud800' }],
    ['a subject of more than 256 bytes', { sub: 'a'.repeat(257) }],
    ['a tenant of more than 256 bytes', { org_id: 'a'.repeat(257) }],
    ['an end beyond all numbers', { exp: 1e306 }],
  ])('should not be taken with %s', async (_what, claims) => {
    await expectRefused(watertight.identify(await sign({ ...usualClaims(), ...claims })), 'invalid')
  })

  test('should be refused as expired once the token is over, though it was verified in time', async () => {
    const principal = await watertight.identify(await sign({ ...usualClaims(), exp: now() + 1 }))
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await expectRefused(watertight.boundary(principal, { workspaceId: 'support' }), 'expired')
  })

  test('should be refused as expired within the tolerance for clocks, where no boundary could live', async () => {
    const principal = await watertight.identify(await sign({ ...usualClaims(), exp: now() - 2 }))
    await expectRefused(watertight.boundary(principal, { workspaceId: 'support' }), 'expired')
  })
})
