import { generateKeyPairSync } from 'node:crypto'

import { SignJWT } from 'jose'

import { Authority, jwt, requirePrincipal, session } from '../../../src/boundary/index.ts'
import { exactKey, requireId } from '../../../src/encoding/index.ts'
import { principalOf } from '../../support/people.ts'
import type { Probe } from '../probe.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const identity = jwt({
  issuer: 'https://id.example',
  audience: 'desk',
  algorithms: ['PS256'],
  keys: publicKey,
  tenantClaim: 'org_id',
})

interface Written {
  readonly issuer?: string
  readonly audience?: string
  readonly alg?: string
  readonly typ?: string
  readonly claims?: Readonly<Record<string, unknown>>
}

async function verify({
  issuer = 'https://id.example',
  audience = 'desk',
  alg = 'PS256',
  typ = 'JWT',
  claims,
}: Written) {
  const token = await new SignJWT({ ...(claims ?? { org_id: 'acme' }) })
    .setProtectedHeader({ alg, typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('alice')
    .setExpirationTime('5m')
    .sign(privateKey)
  return (await identity.verify(`Bearer ${token}`)).tenantId
}

const otherwise = (name: string, step: string, written: Written): Probe => ({
  name,
  surface: 'identity',
  async run(script) {
    await script.see('verify a token of the issuer', () => verify({}), 'acme')
    await script.refused(step, () => verify(written), 'UNAUTHENTICATED invalid')
  },
})

export const probes: readonly Probe[] = [
  otherwise('audience', 'verify one for another audience', { audience: 'desk-eu' }),
  otherwise('issuer', 'verify one of another issuer', { issuer: 'https://id.example.org' }),
  otherwise('algorithm', 'verify one signed by an algorithm that is not accepted', { alg: 'RS256' }),
  otherwise('type', 'verify a logout token', { typ: 'logout+jwt' }),
  {
    name: 'tenant-of-a-token',
    surface: 'identity',
    async run(script) {
      await script.see('verify a token', () => verify({}), 'acme')
      await script.refused('verify one without a tenant', () => verify({ claims: {} }), 'UNAUTHENTICATED no-tenant')
      await script.refused(
        'verify one of an empty tenant',
        () => verify({ claims: { org_id: '' } }),
        'UNAUTHENTICATED no-tenant',
      )
    },
  },
  {
    name: 'tenant-of-a-session',
    surface: 'identity',
    async run(script) {
      const proved = async (given: object) => {
        // what a careless app hands in
        const { tenantId } = await session().verify(given as { tenantId: string; userId: string })
        return tenantId
      }
      await script.see('verify a session of ACME', () => proved({ tenantId: 'ACME', userId: 'alice' }), 'ACME')
      await script.refused(
        'verify one without a tenant',
        () => proved({ userId: 'alice' }),
        'UNAUTHENTICATED no-tenant',
      )
    },
  },
  {
    name: 'no-session',
    surface: 'identity',
    async run(script) {
      for (const nobody of [undefined, null])
        await script.refused(`verify ${nobody}`, () => session().verify(nobody), 'UNAUTHENTICATED absent')
    },
  },
  {
    name: 'principal',
    surface: 'identity',
    async run(script) {
      const [authority, other] = [new Authority(), new Authority()]
      const alice = principalOf(authority)
      await script.see('take a principal', () => requirePrincipal(alice, authority).subject, 'alice')
      const late = principalOf(authority, { expiresAt: Date.now() - 1 })
      await script.refused(
        'take one whose proof is over',
        () => requirePrincipal(late, authority),
        'UNAUTHENTICATED expired',
      )
      await script.refused(
        'take one of another deployment',
        () => requirePrincipal(alice, other),
        'UNAUTHENTICATED absent',
      )
    },
  },
  {
    name: 'opaque-ids',
    surface: 'identity',
    async run(script) {
      for (const id of ['acme', 'ACME', 'acme ', ' acme', 'acme.', 'acme%20', 'caf\u00e9', 'cafe\u0301'])
        await script.see(`read the id ${JSON.stringify(id)}`, () => requireId(id, 'id'), id)
      await script.refused('read an empty id', () => requireId('', 'id'), 'INVALID_INPUT')
      await script.refused('read an id of two lines', () => requireId('acme\nadmin', 'id'), 'INVALID_INPUT')
    },
  },
  {
    name: 'exact-keys',
    surface: 'identity',
    async run(script) {
      const lists = [
        ['a', 'b/c'],
        ['a/b', 'c'],
        ['A', 'b/c'],
        ['a', 'b%2Fc'],
        ['a', 'b', 'c'],
      ]
      await script.see('make a key of each of five lists of ids', () => new Set(lists.map(exactKey)).size, lists.length)
    },
  },
]
