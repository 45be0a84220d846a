import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answerRefusal, withinBoundary } from '../../src/adapters/hono.ts'
import type { BoundaryVariables } from '../../src/adapters/hono.ts'
import {
  BoundaryRefused,
  EvidenceRefused,
  FolderRefused,
  Forbidden,
  InvalidInput,
  jwt,
  KeysRefused,
  LimitExceeded,
  NotFound,
  openWatertight,
  PeerMissing,
  RunEnded,
  ServeRefused,
  session,
  StoreUnavailable,
  ToolFailed,
  Unauthenticated,
} from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { lookAlikes } from '../support/people.ts'

const [issuer, audience] = ['https://id.example', 'desk']
const day = 86_400

const keys = await generateKeyPair('ES256')
const strangers = await generateKeyPair('ES256')

const open = () =>
  openWatertight({
    database: 'memory://',
    identity: jwt({ issuer, audience, algorithms: ['ES256'], keys: keys.publicKey, tenantClaim: 'org_id' }),
    surfaces: [memory()],
  })
type Desk = Awaited<ReturnType<typeof open>>

interface Person {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
}

const people: readonly Person[] = lookAlikes.flatMap((tenantId) =>
  ['support', 'support2'].flatMap((workspaceId) =>
    ['alice', 'alice2'].map((userId) => ({ tenantId, workspaceId, userId })),
  ),
)

interface TokenParts {
  readonly claims?: object
  readonly issuer?: string
  readonly audience?: string
  readonly expires?: number
  readonly key?: CryptoKey
}
const tokenOf = async (person: Person, parts: TokenParts = {}) => {
  const now = Math.floor(Date.now() / 1000)
  return await new SignJWT({ org_id: person.tenantId, ...parts.claims })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject(person.userId)
    .setIssuer(parts.issuer ?? issuer)
    .setAudience(parts.audience ?? audience)
    .setIssuedAt(now)
    .setExpirationTime(now + (parts.expires ?? day))
    .sign(parts.key ?? keys.privateKey)
}
const bearerOf = async (person: Person, parts: TokenParts = {}) => ({
  authorization: `Bearer ${await tokenOf(person, parts)}`,
})

const [alice, ...others] = people
if (alice === undefined) throw new TypeError('There is nobody to ask.')
const secretOf = ({ tenantId, workspaceId, userId }: Person) => JSON.stringify([tenantId, workspaceId, userId])

let watertight: Desk
let app: ReturnType<typeof serve>

// A small product: a middleware for the boundary, and a handler that knows nothing of tenants.
function serve(desk: Desk) {
  const made = new Hono<{ Variables: BoundaryVariables<readonly [ReturnType<typeof memory>]> }>()
  made.use('/:workspace/*', withinBoundary(desk, { workspace: (context) => context.req.param('workspace') ?? '' }))
  made.all('/:workspace/secret', async (context) => {
    const { tenantId, workspaceId, userId } = context.get('boundary')
    const secret = (await context.get('desk').memory.get('secret'))?.value ?? null
    return context.json({ tenantId, workspaceId, userId, secret })
  })
  made.onError(answerRefusal)
  return made
}

/** The same product as it is often written: it believes the header when there is one. */
const naive = new Hono().get('/:workspace/secret', (context) =>
  context.json({ secret: secretOf({ ...alice, tenantId: context.req.header('x-tenant-id') ?? alice.tenantId }) }),
)

beforeAll(async () => {
  watertight = await open()
  for (const person of people) {
    await watertight.directory.putTenant({ tenantId: person.tenantId, plan: 'pro', region: 'eu' })
    await watertight.directory.putWorkspace(person)
    const grant = { role: 'member', allowedToolIds: [], allowedDatasourceIds: [] }
    await watertight.directory.putMember({ ...person, issuer, ...grant })
    const principal = await watertight.identify((await bearerOf(person)).authorization)
    await watertight.within(await watertight.boundary(principal, person)).memory.set('secret', secretOf(person))
  }
  app = serve(watertight)
}, 120_000)
afterAll(() => watertight?.close())

const pathOf = ({ workspaceId }: Pick<Person, 'workspaceId'>) => `/${encodeURIComponent(workspaceId)}/secret`
interface Asking extends RequestInit {
  readonly headers?: Record<string, string>
}
const ask = async (person: Person, init: Asking = {}, path = pathOf(person)) => {
  const headers = { ...(await bearerOf(person)), ...init.headers }
  return await app.request(path, { ...init, headers })
}
/** All that a caller can see of an answer. */
const answerOf = async (response: Response) => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
})

test('should answer each with what is theirs', async () => {
  for (const person of people) {
    const response = await ask(person)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ...person, secret: secretOf(person) })
  }
})

describe('a caller who was not proved', () => {
  const credentials: Readonly<Record<string, () => Promise<string | undefined>>> = {
    'no header': async () => undefined,
    'an empty header': async () => '',
    'no token': async () => 'Bearer ',
    'another scheme': async () => `Basic ${await tokenOf(alice)}`,
    'a token alone': async () => await tokenOf(alice),
    'two tokens': async () => `Bearer ${await tokenOf(alice)}, Bearer ${await tokenOf(alice)}`,
    'no JWT': async () => 'Bearer a.b.c',
    'no signature': async () =>
      `Bearer ${new UnsecuredJWT({ org_id: 'acme' }).setSubject('alice').setIssuer(issuer).setAudience(audience).setExpirationTime('1h').encode()}`,
    'a stranger’s signature': async () => `Bearer ${await tokenOf(alice, { key: strangers.privateKey })}`,
    'a changed tenant': async () => {
      const [head, , signature] = (await tokenOf(alice)).split('.')
      const [, body] = (await tokenOf({ ...alice, tenantId: 'acme-eu' })).split('.')
      return `Bearer ${head}.${body}.${signature}`
    },
    'another issuer': async () => `Bearer ${await tokenOf(alice, { issuer: `${issuer}/` })}`,
    'another audience': async () => `Bearer ${await tokenOf(alice, { audience: 'desk2' })}`,
    'an expired token': async () => `Bearer ${await tokenOf(alice, { expires: -60 })}`,
    'no tenant': async () => `Bearer ${await tokenOf(alice, { claims: { org_id: undefined } })}`,
    'an empty tenant': async () => `Bearer ${await tokenOf(alice, { claims: { org_id: '' } })}`,
    'a list of tenants': async () => `Bearer ${await tokenOf(alice, { claims: { org_id: ['acme'] } })}`,
  }

  test.each(Object.entries(credentials))(
    'should get 401 with a code and nothing else: %s',
    async (_what, credential) => {
      const authorization = await credential()
      const response = await app.request(pathOf(alice), {
        headers: authorization === undefined ? {} : { authorization },
      })
      expect(await answerOf(response)).toEqual({
        status: 401,
        headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
        body: '{"code":"UNAUTHENTICATED"}',
      })
    },
  )

  test('should learn nothing of which workspaces exist', async () => {
    const answers = ['support', 'support2', 'nowhere'].map(async (workspaceId) =>
      answerOf(await app.request(pathOf({ workspaceId }))),
    )
    expect(new Set((await Promise.all(answers)).map((answer) => JSON.stringify(answer))).size).toBe(1)
  })
})

describe('a tenant that the request names', () => {
  const wishes: Readonly<Record<string, Asking & { query?: string }>> = {
    'in headers': {
      headers: { 'x-tenant-id': 'acme-eu', 'x-org-id': 'acme-eu', 'x-forwarded-host': 'acme-eu.example' },
    },
    'in the query': { query: '?tenantId=acme-eu&tenant_id=acme-eu&org_id=acme-eu&userId=alice2' },
    'in cookies': { headers: { cookie: 'tenant=acme-eu; org_id=acme-eu' } },
    'in the body': {
      method: 'POST',
      body: JSON.stringify({ tenantId: 'acme-eu', org_id: 'acme-eu', boundary: { tenantId: 'acme-eu' } }),
      headers: { 'content-type': 'application/json' },
    },
    'as another method': { method: 'PUT', headers: { 'x-http-method-override': 'GET', 'x-tenant-id': 'acme-eu' } },
  }

  test('should be believed by the naive product, so that the attack is one', async () => {
    const response = await naive.request('/support/secret', { headers: { 'x-tenant-id': 'acme-eu' } })
    expect(await response.json()).toEqual({ secret: secretOf({ ...alice, tenantId: 'acme-eu' }) })
  })

  test.each(Object.entries(wishes))('should change nothing: %s', async (_what, { query = '', ...init }) => {
    const response = await ask(alice, init, `${pathOf(alice)}${query}`)
    expect(await response.json()).toEqual({ ...alice, secret: secretOf(alice) })
  })
})

describe('a workspace that is not the caller’s', () => {
  const nowhere = async () => answerOf(await ask(alice, {}, '/nowhere/secret'))

  test('should get 404, whether it is somebody’s or nobody’s, with the same body and headers', async () => {
    const bob = { ...alice, tenantId: 'acme-eu', userId: 'bob' }
    const missing = await nowhere()
    expect(missing).toMatchObject({ status: 404, body: '{"code":"NOT_FOUND"}' })
    expect(await answerOf(await ask(bob))).toEqual(missing)
    expect(await answerOf(await ask({ ...alice, tenantId: 'no-such-tenant' }))).toEqual(missing)
    for (const name of [
      'Support',
      'support ',
      'support.',
      'support%20',
      'suppor',
      'support3',
      'acme/support',
      '%',
      '*',
      '..',
    ])
      expect(await answerOf(await ask(alice, {}, pathOf({ workspaceId: name }))), name).toEqual(missing)
  })

  test('should get 404 when it is one of the twin alone', async () => {
    await watertight.directory.putWorkspace({ tenantId: 'acme-eu', workspaceId: 'eu-only' })
    expect(await answerOf(await ask(alice, {}, '/eu-only/secret'))).toEqual(await nowhere())
  })

  test('should not reach the same place by another spelling of the path', async () => {
    for (const path of ['//support/secret', '/x/../support/secret', '/%73upport/secret', '/support/secret/']) {
      const body = await (await ask(alice, {}, path)).text()
      for (const other of others) expect(body).not.toContain(secretOf(other))
    }
  })
})

test('should answer 2,000 interleaved requests of look-alike callers without a mismatch', async () => {
  const headers = new Map<Person, { authorization: string }>()
  for (const person of people) headers.set(person, await bearerOf(person))
  let wrong = 0
  const worker = async (offset: number) => {
    for (let at = 0; at < 50; at++) {
      const person = people[(offset * 7 + at * 13) % people.length] ?? alice
      const response = await app.request(pathOf(person), { headers: headers.get(person) ?? {} })
      const { secret, ...asked } = (await response.json()) as Person & { secret: string }
      if (secret !== secretOf(person) || secretOf(asked) !== secretOf(person)) wrong++
    }
  }
  await Promise.all(Array.from({ length: 40 }, (_, offset) => worker(offset)))
  expect(wrong).toBe(0)
}, 120_000)

describe('an answer to a refusal', () => {
  const statusOf: readonly (readonly [Error, number, string])[] = [
    [new Unauthenticated('invalid'), 401, 'UNAUTHENTICATED'],
    [new BoundaryRefused('revoked'), 403, 'BOUNDARY_REFUSED'],
    [new NotFound(), 404, 'NOT_FOUND'],
    [new Forbidden('role'), 403, 'FORBIDDEN'],
    [new InvalidInput('secret', 'x'), 400, 'INVALID_INPUT'],
    [new LimitExceeded('secret', 1), 413, 'LIMIT_EXCEEDED'],
    [new StoreUnavailable('secret'), 503, 'STORE_UNAVAILABLE'],
    [new ServeRefused(['secret']), 503, 'SERVE_REFUSED'],
    [new FolderRefused('secret', 'x'), 503, 'FOLDER_REFUSED'],
    [new KeysRefused('secret', 'x'), 503, 'KEYS_REFUSED'],
    [new EvidenceRefused({ cause: 'secret' }), 503, 'EVIDENCE_REFUSED'],
    [new RunEnded(), 409, 'RUN_ENDED'],
    [new PeerMissing('secret', []), 500, 'PEER_MISSING'],
    [new ToolFailed(), 502, 'TOOL_FAILED'],
    [new Error('secret'), 500, 'INTERNAL'],
  ]

  test.each(statusOf)('should hold its status and code and nothing else: %o', async (error, status, code) => {
    const failing = new Hono().get('/', () => {
      throw error
    })
    failing.onError(answerRefusal)
    const answer = await answerOf(await failing.request('/'))
    expect(answer).toMatchObject({ status, body: JSON.stringify({ code }) })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  test('should be Hono’s own for what Hono threw', async () => {
    const failing = new Hono().get('/', () => {
      throw new HTTPException(418, { message: 'short' })
    })
    failing.onError(answerRefusal)
    expect((await failing.request('/')).status).toBe(418)
  })
})

describe('a credential of one’s own', () => {
  let prove: () => Promise<{ tenantId: string; userId: string } | null>
  let desk: { close(): Promise<void> }
  const own = new Hono()
  const faults: unknown[] = []

  beforeAll(async () => {
    const opened = await openWatertight({ database: 'memory://', identity: session(), surfaces: [] })
    own.use(withinBoundary(opened, { workspace: () => 'support', credential: () => prove() }))
    own.get('/', (context) => context.text('in'))
    own.onError((error, context) => {
      faults.push(error)
      return context.text('fault', 500)
    })
    desk = opened
  }, 120_000)
  afterAll(() => desk?.close())

  test('should be refused with 401 when it proves nobody, and with its own status when it refuses', async () => {
    prove = async () => null
    const refused = await answerOf(await own.request('/'))
    expect(refused).toMatchObject({ status: 401, body: '{"code":"UNAUTHENTICATED"}' })
    prove = async () => {
      throw new Unauthenticated('expired')
    }
    expect(await answerOf(await own.request('/'))).toEqual(refused)
  })

  test('should leave its faults to the app, and let nobody in', async () => {
    prove = async () => {
      throw new Error('secret')
    }
    expect(await answerOf(await own.request('/'))).toMatchObject({ status: 500, body: 'fault' })
    expect(faults).toHaveLength(1)
  })
})
