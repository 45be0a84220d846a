import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { inspect } from 'node:util'

import { SignJWT, exportJWK, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'

import { lookAlikes } from '../../test/support/people.ts'
import { whilePolluted } from '../../test/support/polluted.ts'
import { Unauthenticated } from '../errors.ts'
import { jwt } from './jwt.ts'
import type { JwtOptions } from './jwt.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }
const options: JwtOptions = {
  issuer: 'https://identity.test/',
  audience: 'https://desk.test/',
  algorithms: ['EdDSA'],
  keys: publicKey,
  tenantClaim: 'org_id',
}
const now = () => Math.floor(Date.now() / 1000)
const claims = () => ({
  iss: options.issuer,
  aud: options.audience,
  sub: 'alice',
  org_id: 'acme',
  exp: now() + 60,
})

async function sign(changed: Readonly<Record<string, unknown>> = {}, header: object = {}): Promise<string> {
  return await new SignJWT({ ...claims(), ...changed })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', ...header })
    .sign(privateKey)
}

const verify = async (token: string, more: Partial<JwtOptions> = {}) =>
  await jwt({ ...options, ...more }).verify(`Bearer ${token}`)

const refusalOf = async (answer: Promise<unknown>): Promise<unknown> => {
  try {
    return await answer
  } catch (error) {
    return error
  }
}

const reasonOf = async (answer: Promise<unknown>): Promise<string> => {
  try {
    await answer
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthenticated)
    return (error as Unauthenticated).reason
  }
}

describe('the claims of a token', () => {
  test.each(lookAlikes)('should name the tenant and the user %j exactly', async (id) => {
    const exp = now() + 60
    expect(await verify(await sign({ org_id: id, sub: id, exp }))).toEqual({
      issuer: options.issuer,
      subject: id,
      tenantId: id,
      expiresAt: exp * 1000,
    })
  })

  test('should name the tenant by the configured claim alone', async () => {
    const token = await sign({ org_id: 'acme', tenant: 'acme-eu', tenantId: 'acme2' })
    expect((await verify(token)).tenantId).toBe('acme')
    expect((await verify(token, { tenantClaim: 'tenant' })).tenantId).toBe('acme-eu')
    for (const tenantClaim of ['toString', 'constructor', '__proto__', 'org'])
      expect(await reasonOf(verify(token, { tenantClaim }))).toBe('no-tenant')
  })

  test.each<[string, string, Record<string, unknown>]>([
    ['no-tenant', 'no tenant', { org_id: undefined }],
    ['no-tenant', 'an empty tenant', { org_id: '' }],
    ['no-tenant', 'a list of tenants', { org_id: ['acme'] }],
    ['no-tenant', 'a number for a tenant', { org_id: 7 }],
    ['invalid', 'no user', { sub: undefined }],
    ['invalid', 'an empty user', { sub: '' }],
    ['invalid', 'a number for a user', { sub: 7 }],
    ['invalid', 'no end', { exp: undefined }],
    ['invalid', 'no issuer', { iss: undefined }],
    ['invalid', 'another issuer', { iss: 'https://identity.test' }],
    ['invalid', 'no audience', { aud: undefined }],
    ['invalid', 'another audience', { aud: 'https://desk.test' }],
    ['invalid', 'a beginning in the future', { nbf: now() + 60 }],
    ['expired', 'an end in the past', { exp: now() - 30 }],
  ])('should be refused as %s with %s', async (reason, _what, changed) => {
    expect(await reasonOf(verify(await sign(changed)))).toBe(reason)
  })

  test('should be believed a few seconds after their end, for clocks that differ', async () => {
    expect(await reasonOf(verify(await sign({ exp: now() - 2 })))).toBe('taken')
    expect(await reasonOf(verify(await sign({ exp: now() - 8 })))).toBe('expired')
  })

  test('should not come from a polluted prototype', async () => {
    const token = await sign({ org_id: undefined })
    await whilePolluted('org_id', 'acme-eu', async () => expect(await reasonOf(verify(token))).toBe('no-tenant'))
  })

  test('should not be told to whoever logs the refusal', async () => {
    const token = await sign({ sub: 'canary-3f9c', aud: 'https://other.test/' })
    const error = await verify(token).catch((refusal: unknown) => refusal)
    expect(error).toMatchObject({ reason: 'invalid', cause: { message: 'ERR_JWT_CLAIM_VALIDATION_FAILED' } })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary-3f9c')
  })
})

describe('the header of a request', () => {
  test('should take one bearer token, in any case of that word', async () => {
    const token = await sign()
    for (const word of ['Bearer', 'bearer', 'BEARER'])
      expect(await reasonOf(jwt(options).verify(`${word} ${token}`))).toBe('taken')
  })

  test.each([undefined, null, ''])('should prove nobody when it is %j', async (header) => {
    expect(await reasonOf(jwt(options).verify(header))).toBe('absent')
  })

  const odd: readonly (readonly [string, (token: string) => unknown])[] = [
    ['the token alone', (token) => token],
    ['another scheme', (token) => `Basic ${token}`],
    ['a second space', (token) => `Bearer  ${token}`],
    ['a space in front', (token) => ` Bearer ${token}`],
    ['a word in front', (token) => `x Bearer ${token}`],
    ['a blank behind', (token) => `Bearer ${token} `],
    ['a second token', (token) => `Bearer ${token},Bearer ${token}`],
    ['a line break', (token) => `Bearer ${token}\n`],
    ['a fourth part', (token) => `Bearer ${token}.x`],
    ['two parts', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}`],
    ['no signature', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}.`],
    ['an empty head', (token) => `Bearer .${token.split('.').slice(1).join('.')}`],
    ['an empty body', (token) => `Bearer ${token.split('.')[0]}..${token.split('.')[2]}`],
    ['one part alone', () => 'Bearer x'],
    ['a list', (token) => [`Bearer ${token}`]],
    ['an object', (token) => ({ toString: () => `Bearer ${token}`, length: 1 })],
  ]
  test.each(odd)('should be refused with %s', async (_what, header) => {
    const refusal = await refusalOf(jwt(options).verify(header(await sign()) as string))
    expect(refusal).toBeInstanceOf(Unauthenticated)
    expect(refusal).toMatchObject({ reason: 'invalid' })
    expect(refusal).not.toHaveProperty('cause') // it was refused for its form, before anything was verified
  })

  test('should be refused before it is verified when it is longer than a token of an identity provider', async () => {
    const ofLength = async (length: number) => {
      for (let size = 11_800; size < 12_300; size++)
        for (const kid of ['k1', 'k12']) {
          const header = `Bearer ${await sign({ pad: 'x'.repeat(size) }, { kid })}`
          if (header.length === length) return header
        }
      return expect.unreachable()
    }
    expect(await reasonOf(jwt(options).verify(await ofLength(16_384)))).toBe('taken')
    expect(await reasonOf(jwt(options).verify(await ofLength(16_385)))).toBe('invalid')
  })
})

describe('the type of a token', () => {
  const typed = async (typ: unknown, expected?: readonly string[]) =>
    await reasonOf(verify(await sign({}, { typ }), expected === undefined ? {} : { typ: expected }))

  test.each([undefined, 'JWT', 'jwt', 'at+jwt', 'application/at+jwt', 'AT+JWT'])(
    'should by default be an access token: %j',
    async (typ) => {
      expect(await typed(typ)).toBe('taken')
    },
  )

  test.each(['logout+jwt', 'id+jwt', 'at', '', 7, 'x/application/jwt', 'jwapplication/t', 'jwt2'])(
    'should not be another one: %j',
    async (typ) => {
      const refusal = await refusalOf(verify(await sign({}, { typ })))
      expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'invalid' })
      expect(refusal).not.toHaveProperty('cause') // it was compared, and nothing threw
    },
  )

  test('should be one of those configured, and then not absent', async () => {
    expect(await typed('at+jwt', ['at+jwt'])).toBe('taken')
    expect(await typed('application/at+jwt', ['x', 'at+jwt'])).toBe('taken')
    expect(await typed('at+jwt', ['application/at+jwt'])).toBe('taken')
    expect(await typed('JWT', ['at+jwt'])).toBe('invalid')
    expect(await typed(undefined, ['at+jwt'])).toBe('invalid')
  })
})

describe('the keys', () => {
  test('should be one key, or a set', async () => {
    const token = await sign()
    const imported = await importJWK(jwk, 'EdDSA')
    if (imported instanceof Uint8Array) expect.unreachable()
    for (const keys of [publicKey, imported, { keys: [jwk] }])
      expect(await reasonOf(verify(token, { keys }))).toBe('taken')
    const other = createPublicKey(generateKeyPairSync('ed25519').privateKey)
    expect(await reasonOf(verify(token, { keys: other }))).toBe('invalid')
    expect(await reasonOf(verify(token, { keys: { keys: [] } }))).toBe('invalid')
  })

  test('should be fetched in the clear from this machine alone', async () => {
    const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    try {
      const at = server.address()
      const port = typeof at === 'object' ? at?.port : undefined
      const token = await sign()
      expect(await reasonOf(verify(token, { keys: new URL(`http://127.0.0.1:${port}/keys`) }))).toBe('taken')
    } finally {
      server.closeAllConnections()
      server.close()
    }
    for (const address of ['https://identity.test/keys', 'http://localhost/keys', 'http://[::1]:8080/keys'])
      expect(() => jwt({ ...options, keys: new URL(address) })).not.toThrow()
  })

  test.each([
    'http://identity.test/keys',
    'http://localhost.identity.test/keys',
    'http://127.0.0.2/keys',
    'ftp://localhost/keys',
    'file:///etc/keys',
    'data:application/json,{}',
  ])('should not be fetched from %s', (address) => {
    expect(() => jwt({ ...options, keys: new URL(address) })).toThrow(/^jwt\(\) needs .* https: address/)
  })

  test.each<[string, unknown]>([
    ['absent', undefined],
    ['null', null],
    ['text', 'https://identity.test/keys'],
    ['bytes, which are a secret to whoever sends HS256', Buffer.alloc(32)],
    ['an empty object', {}],
    ['a set without a list', { keys: 'x' }],
    ['a key as JSON', jwk],
    ['a list of keys', [jwk]],
    ['a function that carries a set', Object.assign(() => undefined, { keys: [jwk] })],
  ])('should be refused when they are %s', (_what, keys) => {
    expect(() => jwt({ ...options, keys: keys as never })).toThrow(/^jwt\(\) needs the option keys: the URL/)
  })
})

describe('the options', () => {
  test.each<[string, Partial<Record<keyof JwtOptions, unknown>>]>([
    ['no issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['a list of issuers', { issuer: ['https://identity.test/'] }],
    ['no audience', { audience: undefined }],
    ['an empty audience', { audience: '' }],
    ['no tenant claim', { tenantClaim: undefined }],
    ['an empty tenant claim', { tenantClaim: '' }],
    ['no algorithms', { algorithms: undefined }],
    ['an empty list of algorithms', { algorithms: [] }],
    ['algorithms in a text', { algorithms: 'EdDSA' }],
    ['an empty algorithm', { algorithms: ['EdDSA', ''] }],
    ['the algorithm none', { algorithms: ['none'] }],
    ['the algorithm None among others', { algorithms: ['EdDSA', 'None'] }],
    ['an empty list of types', { typ: [] }],
    ['a type in a text', { typ: 'JWT' }],
    ['a type that is null', { typ: null }],
    ['an empty type', { typ: ['JWT', ''] }],
  ])('should be refused with %s, when they are set', (_what, odd) => {
    const [name] = Object.keys(odd)
    expect(() => jwt({ ...options, ...odd } as JwtOptions)).toThrow(`jwt() needs the option ${name}`)
  })

  test('should take names that only hold the word none', () => {
    for (const algorithm of ['nonesuch', 'xnone'])
      expect(() => jwt({ ...options, algorithms: [algorithm] })).not.toThrow()
    expect(() => jwt({ ...options, typ: ['none'] })).not.toThrow()
  })

  test('should refuse a token by an algorithm that was not configured', async () => {
    expect(await reasonOf(verify(await sign(), { algorithms: ['RS256'] }))).toBe('invalid')
  })

  test('should not come from a polluted prototype', async () => {
    for (const name of ['issuer', 'audience', 'algorithms', 'tenantClaim', 'keys'] as const) {
      const { [name]: value, ...rest } = options
      await whilePolluted(name, value, () => expect(() => jwt(rest as JwtOptions)).toThrow(TypeError))
    }
  })
})
