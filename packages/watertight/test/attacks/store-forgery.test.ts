import { createHmac } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Keyring, requireLive } from '../../src/boundary/index.ts'
import type { AgentBoundary } from '../../src/boundary/index.ts'
import { TokenMint } from '../../src/store/token.ts'
import { lookAlikes, noToken, onBothEngines, refusalOf, rowsOf } from './store-fixture.ts'
import type { House, Session } from './store-fixture.ts'

const secret = 'the twin keeps this'

onBothEngines((open, engine) => {
  let house: House
  let mine: AgentBoundary
  let twin: AgentBoundary
  beforeAll(async () => {
    house = await open()
    mine = await house.boundary('acme', 'ws', 'u')
    twin = await house.boundary('acme2', 'ws', 'u')
    await house.boundary('acme', 'ws2', 'u')
    await house.store.transact(twin, (tx) =>
      tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', [
        'k',
        JSON.stringify(secret),
        '{}',
      ]),
    )
  })
  afterAll(() => house[Symbol.asyncDispose]())

  /** Presents a token in every way that there is; says what each answered. */
  const present = (token: string) => house.asApp((app) => presentIn(app, token))

  async function presentIn(app: Session, token: string): Promise<ReadonlySet<string>> {
    const { tenant, workspace, member } = rowsOf(twin)
    await app.query('select set_config($1, $2, false)', ['wt.token', token])
    const attempts: readonly (readonly [string, ...unknown[]])[] = [
      ['select value from wt.user_memory'],
      ['select * from wt.boundary()'],
      ['select * from wt.application_boundary()'],
      ['select wt.require_live($1)', token],
      ['select * from wt.memory_get_user($1, $2, $3, $4, $5)', token, tenant, workspace, member, 'k'],
      ['select * from wt.memory_list($1, $2, $3, $4, $5, $6, $7)', token, tenant, workspace, member, 'user', '', 9],
      ['select * from wt.audit_record($1, $2)', token, '[{}]'],
      ['select * from wt.grant_of($1, $2)', token, 'ws'],
      ['select * from wt.operator_ping($1)', token],
      ['select wt.operator_raise_epoch($1, $2)', token, 'acme'],
    ]
    const answers = new Set<string>()
    for (const [text, ...values] of attempts) answers.add(await refusalOf(app.query(text, values)))
    return answers
  }

  const pid = () => house.asApp(async (app) => Number((await app.query('select pg_backend_pid() as pid'))[0]?.['pid']))
  const sign = (body: string, key = house.keyring.derive('database-token')) =>
    `${createHmac('sha256', key).update(body).digest('hex')}.${body}`

  test('should be a test that can fail: a true token opens what it is for', async () => {
    const answers = await present(house.mint.boundary(mine, 0))
    expect([...answers]).toContain('')
  })

  describe('token-forgery: malformed', () => {
    const shapes: readonly (readonly [string, string])[] = [
      ['empty', ''],
      ['a blank', ' '],
      ['a dot', '.'],
      ['separators', '|||||||||||||||'],
      ['a mac alone', '0'.repeat(64)],
      ['a mac and a dot', `${'0'.repeat(64)}.`],
      ['a body alone', 'b|1|0|99999999999999|00'],
      ['an unsigned body', `${'0'.repeat(64)}.b|1|0|99999999999999|00`],
      ['no kid', `${'0'.repeat(64)}.b||0|99999999999999|00`],
      ['an unknown kid', `${'0'.repeat(64)}.b|2|0|99999999999999|00`],
      ['an endless kid', `${'0'.repeat(64)}.b|${'9'.repeat(300)}|0|99999999999999|00`],
      ['words', 'null undefined [object Object]'],
      ['JSON', '{"tenant":"acme2"}'],
      ['a JSON web token without a signature', 'eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJhY21lMiJ9.'],
      ['SQL in place of a token', `' or true --`],
      ['SQL in place of a kid', `${'0'.repeat(64)}.b|1' or '1'='1|0|9|0`],
      ['statements', `'; reset role; select * from wt.key; --`],
      ['text beyond ASCII', `\u00e9\ud83d\ude00\u202e`.repeat(30)],
      ['digits of another script', `${'\u0660'.repeat(64)}.b|\u0661|0|99999999999999|00`],
      ['a megabyte', 'a'.repeat(1_000_000)],
      ['a megabyte of separators', `${'0'.repeat(64)}.${'|'.repeat(1_000_000)}`],
    ]

    test.each(shapes)('should refuse %s like every other', async (_title, token) => {
      expect(await present(token)).toEqual(new Set([noToken]))
    })
  })

  describe('token-forgery: a true token', () => {
    const edits: readonly (readonly [string, (token: string) => string])[] = [
      ['cut by a byte', (token) => token.slice(0, -1)],
      ['cut to its first half', (token) => token.slice(0, token.length / 2)],
      ['longer by a byte', (token) => `${token}0`],
      ['longer by a blank', (token) => `${token} `],
      ['longer by a field', (token) => `${token}|x`],
      ['twice', (token) => token + token],
      ['with a mac in capitals', (token) => token.slice(0, 64).toUpperCase() + token.slice(64)],
      ['with another separator', (token) => token.replace('.', ':')],
      [
        'with its last mac digit changed',
        (token) => token.slice(0, 63) + (token[63] === '0' ? '1' : '0') + token.slice(64),
      ],
      ['behind a blank', (token) => ` ${token}`],
    ]
    test.each(edits)('should be refused when it is %s', async (_title, edit) => {
      expect(await present(edit(house.mint.boundary(mine, 0)))).toEqual(new Set([noToken]))
    })

    const fields = [
      'purpose',
      'kid',
      'pid',
      'expiry',
      'nonce',
      'tenant',
      'workspace',
      'member',
      'role',
      'epoch',
      'version',
      'datasources',
    ]
    test.each(fields.map((field, at) => [field, at] as const))(
      'should be refused when its %s is another one',
      async (_field, at) => {
        const token = house.mint.boundary(mine, 0)
        const other = house.mint.boundary(twin, 0).slice(65).split('|')
        const replacements = [
          'o',
          '2',
          '1',
          '99999999999999',
          'ff',
          other[5],
          other[6],
          other[7],
          'admin',
          '0',
          '9',
          other[11],
        ]
        const body = token.slice(65).split('|')
        for (const value of [replacements[at] ?? '', '', '0', `${body[at]}0`]) {
          if (value === body[at]) continue
          const edited = body.with(at, value).join('|')
          expect(await present(`${token.slice(0, 65)}${edited}`), value).toEqual(new Set([noToken]))
        }
      },
    )

    test('should be refused under the key of another deployment, or of another purpose', async () => {
      const body = house.mint.boundary(mine, 0).slice(65)
      const foreign = Keyring.parse(Keyring.generate())
      const keys = [
        foreign.derive('database-token'),
        house.keyring.derive('snapshot'),
        house.keyring.derive('handle'),
        Buffer.alloc(32),
        Buffer.alloc(0),
      ]
      for (const key of keys) expect(await present(sign(body, key))).toEqual(new Set([noToken]))
    })

    test('should be refused in another session', async () => {
      const token = house.mint.boundary(mine, 1) // no backend has the number of init
      expect(await present(token)).toEqual(new Set([noToken]))
    })

    test('should be refused when its time is over, and when it was revoked', async () => {
      const body = house.mint.boundary(mine, 0).slice(65).split('|')
      const expired = sign(body.with(3, String(Math.floor(house.authority.now() - 5_000))).join('|'))
      expect(await house.asApp((app) => refusalOf(app.query('select wt.require_live($1)', [expired])))).toBe(
        '42501 watertight: expired token',
      )
      for (const [at, value] of [
        [9, '7'],
        [10, '7'],
      ] as const) {
        const stale = sign(body.with(at, value).join('|'))
        expect(await house.asApp((app) => refusalOf(app.query('select wt.require_live($1)', [stale])))).toBe(
          '42501 watertight: revoked token',
        )
      }
    })
  })

  describe('token-forgery: a token of another purpose', () => {
    test('should open nothing as a boundary', async () => {
      const claims = { issuer: 'session', subject: 'u', tenantId: 'acme', expiresAt: 0 }
      const mint = new TokenMint(house.keyring, house.authority, true)
      for (const token of [mint.principal(claims, 0), mint.operator(0)]) {
        await house.asApp(async (app) => {
          await app.query('select set_config($1, $2, false)', ['wt.token', token])
          for (const text of [
            'select * from wt.user_memory',
            'select * from wt.boundary()',
            'insert into wt.run default values',
          ])
            expect(await refusalOf(app.query(text))).toBe(noToken)
        })
      }
    })

    test('should open no grant and no operator door', async () => {
      const claims = { issuer: 'session', subject: 'u', tenantId: 'acme', expiresAt: 0 }
      const boundary = house.mint.boundary(mine, 0)
      await house.asApp(async (app) => {
        for (const token of [boundary, house.mint.operator(0)])
          expect(await refusalOf(app.query('select * from wt.grant_of($1, $2)', [token, 'ws']))).toBe(noToken)
        for (const token of [boundary, house.mint.principal(claims, 0)])
          expect(await refusalOf(app.query('select * from wt.operator_ping($1)', [token]))).toBe(noToken)
      })
    })
  })

  describe('the token of a principal', () => {
    const grants = (tenantId: string, subject: string, workspace: string, issuer = 'session') =>
      house.asApp((app) =>
        app.query('select * from wt.grant_of($1, $2)', [
          house.mint.principal({ issuer, subject, tenantId, expiresAt: 0 }, 0),
          workspace,
        ]),
      )

    test('should open its own grant alone, whatever looks alike', async () => {
      for (const tenant of lookAlikes) await house.boundary(tenant, 'ws', 'u')
      const tenants = await Promise.all(
        lookAlikes.map(async (tenant) => (await grants(tenant, 'u', 'ws'))[0]?.['tenant']),
      )
      expect(new Set(tenants).size).toBe(lookAlikes.length)
      expect(tenants[0]).toBe(rowsOf(mine).tenant)
    })

    test.each([
      ['a workspace that is another member\u2019s', 'acme', 'v', 'ws'],
      ['no workspace', 'acme', 'u', ''],
      ['a workspace that looks alike', 'acme', 'u', 'WS'],
      ['a workspace by a pattern', 'acme', 'u', 'w%'],
      ['a workspace with a blank', 'acme', 'u', 'ws '],
      ['a user that looks alike', 'acme', 'U', 'ws'],
      ['nobody', '', '', ''],
    ])('should open nothing for %s', async (_title, tenant, user, workspace) => {
      expect(await grants(tenant, user, workspace)).toEqual([])
    })

    test('should open nothing for a person of the same name whom somebody else vouches for', async () => {
      expect(await grants('acme', 'u', 'ws', 'https://evil.example')).toEqual([])
    })
  })

  test('should be bound to the session, where sessions differ', async () => {
    const token = await house.store.transact(
      mine,
      async (tx) => (await tx.query(`select current_setting('wt.token') as token`)).rows[0]?.['token'],
    )
    expect(String(token).split('|')[2]).toMatch(/^[1-9]/)
    if (engine === 'pglite') expect(String(token).split('|')[2]).toBe(String(await pid()))
    expect(requireLive(mine).tenantId).toBe('acme')
    if (engine === 'postgres') expect(await present(String(token))).toEqual(new Set([noToken]))
  })
})
