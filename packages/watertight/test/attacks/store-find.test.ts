import { createHmac } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Authority } from '../../src/boundary/index.ts'
import type { AgentBoundary } from '../../src/boundary/index.ts'
import { protectTable } from '../../src/migrate/index.ts'
import { createDirectoryAdmin } from '../../src/services/directory/index.ts'
import type { ClientLike, Row } from '../../src/store/client.ts'
import { findRows } from '../../src/store/find-rows.ts'
import type { WantedRows } from '../../src/store/find-rows.ts'
import type { IdTable } from '../../src/store/index.ts'
import { createStore } from '../../src/store/open-store.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import type { TokenMint } from '../../src/store/token.ts'
import { openPgBouncer } from '../support/pgbouncer.ts'
import { openDelayProxy } from '../support/proxy.ts'
import { whenReachable } from '../support/require.ts'
import { onBothEngines, openServerHouse, refusalOf, settle } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const columns = { id: 'id', tenant: 'tenant_id', workspace: 'workspace_id' } as const
const note: IdTable = { ...columns, table: 'desk.note', idType: 'text' }
const short: IdTable = { ...columns, table: 'desk.short', idType: 'text' }
const invoice: IdTable = { id: 'no', tenant: 'org', workspace: 'team', table: 'desk.in"voice', idType: 'uuid' }
const entry: IdTable = { ...columns, table: 'desk.entry', idType: 'bigint' }
const small: IdTable = { ...columns, table: 'desk.small', idType: 'bigint' }
const empty: IdTable = { ...columns, table: 'desk.empty', idType: 'text' }
const all = [note, short, invoice, entry, small]

// What could be mistaken for the parts of our statement, and for what every object has.
const odd = '"t" text, "x" text, "token" text, "__proto__" text, "constructor" text, "watertight" text'
const tables = [
  `create table desk.note (tenant_id text collate "C", workspace_id text collate "C", id text collate "C", owner text,
    price numeric, at timestamptz, body jsonb, bytes bytea, flag boolean, ${odd}, primary key (tenant_id, workspace_id, id))`,
  `create table desk.short (tenant_id varchar(40), workspace_id varchar(40), id varchar(40), owner text, primary key (tenant_id, workspace_id, id))`,
  `create table desk."in""voice" (org text, team text, no uuid, owner text, total numeric(30,10), primary key (org, team, no))`,
  `create table desk.entry (tenant_id text, workspace_id text, id bigint, owner text, sum bigint, primary key (tenant_id, workspace_id, id))`,
  `create table desk.small (tenant_id text, workspace_id text, id integer, owner text, day date, primary key (tenant_id, workspace_id, id))`,
  `create table desk.empty (tenant_id text, workspace_id text, id text, primary key (tenant_id, workspace_id, id))`,
]

const uuid = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
const places = [
  ['acme', 'ws'],
  ['acme2', 'ws'],
  ['ACME', 'ws'],
  ['acme ', 'ws'],
  ['acme', 'ws2'],
  ['acme', 'ws '],
] as const

const maximum = '9223372036854775807'

/** The ids that every place has, of each table. */
const shared = new Map<IdTable, readonly string[]>([
  [note, ['N-1']],
  [short, ['N-1']],
  [invoice, [uuid]],
  [entry, ['1', maximum]],
  [small, ['1', '-1']],
])
const wantedOf = (table: IdTable, ids = shared.get(table) ?? []): WantedRows => ({ ...table, ids })
const ownersOf = (found: readonly (readonly Row[])[]) => found.map((rows) => rows.map((row) => row['owner']))

/** @param person whose rows the statements write: the defaults of the tables say it */
async function fill(house: House, person: AgentBoundary): Promise<void> {
  const owner = `${person.tenantId}/${person.workspaceId}`
  await house.store.transact(person, async (tx) => {
    await tx.query(
      `insert into desk.note (id, owner, price, at, body, bytes, flag, t, x, token, "__proto__", "constructor", watertight)
       values ('N-1', $1, 12345678901234567890.12345678901234567890, '2026-11-25 12:00:00.123+00', '{"a": [1, null]}', '\\x00ff10', false, 't', 'x', 'token', 'p', 'c', 'w')`,
      [owner],
    )
    await tx.query(`insert into desk.short (id, owner) values ('N-1', $1)`, [owner])
    await tx.query(`insert into desk."in""voice" (no, owner, total) values ($1, $2, 1.0000000001)`, [uuid, owner])
    await tx.query(`insert into desk.entry (id, owner, sum) values (1, $1, 9007199254740993), ($2, $1, null)`, [
      owner,
      maximum,
    ])
    await tx.query(`insert into desk.small (id, owner, day) values (1, $1, '2026-11-25'), (-1, $1, null)`, [owner])
  })
}

async function furnish(house: House): Promise<readonly AgentBoundary[]> {
  await house.asAdmin(async (admin) => {
    await admin.query('create schema desk')
    await admin.query(`grant usage on schema desk to "${house.appRole}"`)
    for (const table of tables) await admin.query(table)
    for (const table of [...all, empty])
      for (const text of statementsIn(protectTable({ ...table, table: table.table, appRole: house.appRole })))
        await admin.query(text)
  })
  const boundaries: AgentBoundary[] = []
  for (const [tenant, workspace] of places) boundaries.push(await house.boundary(tenant, workspace, 'u'))
  for (const boundary of boundaries) await fill(house, boundary)
  return boundaries
}

// The driver takes one statement at a time; only the last of them holds semicolons of its own.
function statementsIn(migration: string): readonly string[] {
  return migration.split(/;\n(?=alter|create|grant|-- The planner)/)
}

const noIndex = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'].map((name) => `${name} = off`)
const noJoin = ['enable_nestloop', 'enable_hashjoin', 'enable_mergejoin'].map((name) => `${name} = off`)
const eager = [
  'parallel_setup_cost = 0',
  'parallel_tuple_cost = 0',
  'min_parallel_table_scan_size = 0',
  'min_parallel_index_scan_size = 0',
  'max_parallel_workers_per_gather = 4',
]

/** Plans that a planner may choose, each forced. What is forced costs so much on paper that a server would compile it each time. */
const plans: Readonly<Record<string, readonly string[]>> = {
  'the plan of its choice': [],
  'a sequential scan': noIndex,
  'an index scan': ['enable_seqscan = off', 'enable_bitmapscan = off'],
  'a bitmap scan': ['enable_seqscan = off', 'enable_indexscan = off', 'enable_indexonlyscan = off'],
  'no nested loop': ['enable_nestloop = off'],
  'no hash join': ['enable_hashjoin = off'],
  'no merge join': ['enable_mergejoin = off'],
  'no join that it would choose': noJoin,
  'nothing kept': ['enable_material = off', 'enable_memoize = off', 'enable_sort = off'],
  'a generic plan': ['plan_cache_mode = force_generic_plan'],
  'a generic plan of sequential scans': ['plan_cache_mode = force_generic_plan', ...noIndex],
  'parallel workers': eager,
  'parallel workers of sequential scans': [...eager, ...noIndex],
}

onBothEngines((open, engine) => {
  let house: House
  let boundaries: readonly AgentBoundary[]
  let mine: AgentBoundary
  beforeAll(async () => {
    house = await open()
    boundaries = await furnish(house)
    const [first] = boundaries
    if (first === undefined) throw new TypeError('There is a first place.')
    mine = first
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('should find the own rows alone, of ids that every place has', async () => {
    for (const [at, boundary] of boundaries.entries()) {
      const owner = places[at]?.join('/')
      const found = await house.store.find(
        boundary,
        all.map((table) => wantedOf(table)),
      )
      expect(ownersOf(found)).toEqual(all.map((table) => shared.get(table)?.map(() => owner)))
    }
  })

  test('should give every row as a transaction gives it: whole, and of the same types', async () => {
    const found = await house.store.find(
      mine,
      all.map((table) => wantedOf(table)),
    )
    const read = await house.store.transact(mine, async (tx) => {
      const lists: (readonly Row[])[] = []
      for (const name of ['desk.note', 'desk.short', 'desk."in""voice"', 'desk.entry', 'desk.small'])
        lists.push((await tx.query(`select * from ${name}`)).rows)
      return lists
    })
    const sorted = (rows: readonly Row[]) => rows.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1))
    expect(found.map(sorted)).toStrictEqual(read.map(sorted))
    const [first] = found[0] ?? []
    expect(first).toMatchObject({
      price: '12345678901234567890.12345678901234567890',
      at: new Date('2026-11-25T12:00:00.123Z'),
      bytes: Buffer.from([0, 255, 16]),
      flag: false,
      t: 't',
    })
    expect(Object.keys(first ?? {})).toContain('__proto__')
    expect(found[3]?.map((row) => row['sum'])).toContain('9007199254740993')
  })

  test('should find any number of ids, each at most once, with none of a table between', async () => {
    const many = Array.from({ length: 300 }, (_, at) => `N-${at}`)
    const found = await house.store.find(mine, [wantedOf(note, [...many, 'N-1']), wantedOf(short, []), wantedOf(entry)])
    expect(found.map((rows) => rows.length)).toEqual([1, 0, 2])
    expect(ownersOf(await house.store.find(mine, [wantedOf(note, ['N-1', 'N-1'])]))).toEqual([['acme/ws']])
    expect(await house.store.find(mine, [])).toEqual([])
  })

  test('should take what a column cannot hold, or spells otherwise, for missing', async () => {
    const strange = [
      'N-1',
      '',
      ' 1',
      '01',
      '1.0',
      '+1',
      '-0',
      '1e0',
      '9223372036854775808',
      'nope',
      '{1}',
      '1,1',
      "'",
      '\0',
    ]
    const uuids = [uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll('-', ''), ` ${uuid}`, 'A'.repeat(36)]
    const found = await house.store.find(mine, [
      wantedOf(entry, strange),
      wantedOf(small, [...strange, maximum]),
      wantedOf(invoice, [...strange, ...uuids]),
      wantedOf(note, ['n-1', 'N-1 ', 'N-1\0', '\0', '%', ...uuids]),
    ])
    expect(found).toEqual([[], [], [], []])
  })

  test('should serve a column of another type by its text', async () => {
    const [rows] = await house.store.find(mine, [{ ...invoice, idType: 'text', ids: [uuid, uuid.toUpperCase()] }])
    expect(rows?.map((row) => row['owner'])).toEqual(['acme/ws'])
  })

  test('should send one statement in one flight, the same for own, foreign and missing ids', async () => {
    const sent = async (ids: readonly string[]) => {
      const { client, texts } = await spied(house)
      await findOn(house, client, house.mint, mine, [wantedOf(note, ids), wantedOf(entry, []), wantedOf(invoice, ids)])
      client.release()
      // The number of the session is asked once for a connection, and each that is watched is a new one to the store.
      return texts.filter((text) => !text.includes('pg_backend_pid'))
    }
    await sent(['N-1'])
    const own = await sent(['N-1'])
    expect(own).toHaveLength(1)
    for (const id of ['N-2', uuid, 'no uuid', "' or true --"]) expect(await sent([id])).toEqual(own)
  })

  test('should leave no token behind', async () => {
    await house.store.find(mine, [wantedOf(note)])
    const client = await house.engine.pool.connect()
    const { rows } = await client.query({ text: `select pg_catalog.current_setting('wt.token', true) as token` })
    client.release()
    expect(['', null]).toContain(rows[0]?.['token'])
  })

  test('should go on when a table got another column, on a connection that had prepared the statement', async () => {
    const find = async () => Object.keys((await house.store.find(mine, [wantedOf(short)]))[0]?.[0] ?? {})
    const before = await find()
    await house.asAdmin((admin) => admin.query('alter table desk.short add column added text'))
    expect(await find()).toEqual([...before, 'added'])
    await house.asAdmin((admin) => admin.query('alter table desk.short drop column added'))
    expect(await find()).toEqual(before)
  })

  test('should tell the application of its own mistakes, and go on', async () => {
    const mistaken = (table: Partial<WantedRows>) =>
      refusalOf(house.store.find(mine, [{ ...wantedOf(note), ...table }]))
    expect(await mistaken({ table: 'desk.nowhere' })).toMatch(/^42P01/)
    expect(await mistaken({ id: 'nothing' })).toMatch(/^42703/)
    expect(await mistaken({ table: 'desk.note; select 1' })).toMatch(/^42P01/)
    expect(await mistaken({ idType: 'uuid', ids: [uuid] })).toMatch(/^42883/)
    expect(await mistaken({ table: 'wt.key', id: 'kid', tenant: 'kid', workspace: 'kid' })).toMatch(/^FORBIDDEN/)
    expect(ownersOf(await house.store.find(mine, [wantedOf(note)]))).toEqual([['acme/ws']])
  })

  test('should refuse a boundary that the database has revoked', async () => {
    const gone = await house.boundary('acme', 'ws', 'leaver')
    await house.directory.removeMember({ tenantId: 'acme', workspaceId: 'ws', userId: 'leaver' })
    await expect(house.store.find(gone, [wantedOf(note)])).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED' })
    await expect(house.store.find(gone, [])).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED' })
  })

  describe.each(['as it is', 'with many rows, after analyze'])('the table %s', (state) => {
    beforeAll(async () => {
      if (state === 'as it is') return
      await house.asAdmin(async (admin) => {
        const bulk = `select 'acme2', 'ws', 'B-' || g, 'acme2/ws' from generate_series(1, 20000) g`
        await admin.query(`insert into desk.note (tenant_id, workspace_id, id, owner) ${bulk}`)
        await admin.query('analyze')
      })
    })

    test.each(Object.keys(plans))('should find the own rows, by %s', async (plan) => {
      const found = await findUnder(
        house,
        plans[plan] ?? [],
        undefined,
        mine,
        all.map((table) => wantedOf(table)),
      )
      expect(ownersOf(found)).toEqual(all.map((table) => shared.get(table)?.map(() => 'acme/ws')))
    })

    // The last asks for what nobody has, of a table that nobody filled.
    const asked = [...all.map((table) => [wantedOf(table)]), all.map((table) => wantedOf(table)), [wantedOf(note, [])]]
    asked.push(
      [wantedOf(empty, ['E-1'])],
      [
        wantedOf(
          note,
          Array.from({ length: 9 }, (_, at) => `N-${at}`),
        ),
      ],
    )

    test.each(Object.keys(plans))('should refuse every token that is none, by %s', async (plan) => {
      const stranger = await house.boundary('stranger', 'ws', 'u') // who has no row anywhere
      for (const boundary of [mine, stranger]) {
        for (const [title, token] of tokensOf(house, mine)) {
          for (const wanted of asked) {
            const answer = await refusalOf(findUnder(house, plans[plan] ?? [], token, boundary, wanted))
            expect.soft(answer, `${title}: ${wanted.map(({ table }) => table).join()}`).toMatch(/^BOUNDARY_REFUSED/)
          }
        }
      }
    })

    test.each(Object.keys(plans))('should find nothing of another place under a true token, by %s', async (plan) => {
      for (const other of boundaries.slice(1)) {
        const token = (pid: number) => house.mint.boundary(other, pid)
        const found = await findUnder(
          house,
          plans[plan] ?? [],
          token,
          mine,
          all.map((table) => wantedOf(table)),
        )
        expect(found.flat()).toEqual([])
      }
    })
  })

  test('should look ids up by their index, on 50,000 rows of one place', async () => {
    const big: readonly (readonly [string, string, IdTable['idType']])[] = [
      ['text', `'T-' || g`, 'text'],
      ['varchar(40)', `'T-' || g`, 'text'],
      ['uuid', `('00000000-0000-4000-8000-' || lpad(g::text, 12, '0'))::uuid`, 'uuid'],
      ['bigint', 'g', 'bigint'],
      ['integer', 'g', 'bigint'],
    ]
    for (const [at, [type, value, idType]] of big.entries()) {
      const table = { ...columns, table: `desk.big${at}`, idType }
      await house.asAdmin(async (admin) => {
        await admin.query(
          `create table ${table.table} (tenant_id text, workspace_id text, id ${type}, primary key (tenant_id, workspace_id, id))`,
        )
        await admin.query(`insert into ${table.table} select 'acme', 'ws', ${value} from generate_series(1, 50000) g`)
        for (const text of statementsIn(protectTable({ table: table.table, appRole: house.appRole })))
          await admin.query(text)
        await admin.query('analyze')
      })
      const ids = [1, 2, 3].map((id) =>
        idType === 'uuid'
          ? `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
          : idType === 'text'
            ? `T-${id}`
            : `${id}`,
      )
      expect(await house.store.find(mine, [{ ...table, ids }])).toMatchObject([[{}, {}, {}]])
      for (const mode of ['force_custom_plan', 'force_generic_plan'])
        expect(await planOf(house, mine, mode, [{ ...table, ids }])).toMatch(
          /Index Cond: \(.*tenant_id.*workspace_id.*\bid\b/,
        )
    }
  }, 120_000)

  test(`should run as one transaction of its own on ${engine}, whatever was left open`, async () => {
    const client = await house.engine.pool.connect()
    await client.query({ text: 'begin' })
    await client.query({ text: 'select 1 / 0' }).catch(() => undefined)
    client.release()
    expect(ownersOf(await house.store.find(mine, [wantedOf(note)]))).toEqual([['acme/ws']])
  })
})

whenReachable('postgres', (adminUrl) => {
  test('should take one round trip for five tables', async () => {
    await using house = await openServerHouse(adminUrl)
    const [mine] = await furnish(house)
    if (mine === undefined) throw new TypeError('There is a first place.')
    const { hostname, port } = new URL(adminUrl)
    const delayMs = 100
    await using proxy = await openDelayProxy({ target: { host: hostname, port: Number(port || 5432) }, delayMs })
    const far = await openPostgres(proxy.url(house.database?.appUrl ?? ''), 'none')
    const store = await createStore(far, house.keyring, house.authority)
    try {
      const wanted = all.map((table) => wantedOf(table))
      await store.find(mine, wanted)
      const start = performance.now()
      expect(ownersOf(await store.find(mine, wanted)).flat()).toHaveLength(7)
      const trips = (performance.now() - start) / (2 * delayMs)
      expect(Math.floor(trips)).toBe(1)
    } finally {
      await store.close()
    }
  })

  whenReachable('pgbouncer', (program) => {
    test('should mix up nothing behind a transaction pooler', async () => {
      await using house = await openServerHouse(adminUrl)
      await furnish(house)
      const appUrl = house.database?.appUrl ?? ''
      await using pooler = await openPgBouncer({ program, urls: [appUrl], poolMode: 'transaction', poolSize: 3 })
      const authority = new Authority()
      const store = await createStore(await openPostgres(pooler.url(appUrl), 'transaction'), house.keyring, authority)
      try {
        const desk = { store, authority, directory: createDirectoryAdmin(store) }
        const people: (readonly [string, AgentBoundary])[] = []
        for (const [tenantId, workspaceId] of places)
          people.push([
            `${tenantId}/${workspaceId}`,
            await settle(desk, { tenantId, workspaceId, userId: 'u', role: 'owner' }),
          ])
        const wanted = all.map((table) => wantedOf(table))
        const work = Array.from({ length: 600 }, async (_, at) => {
          const [owner, boundary] = people[at % people.length] ?? []
          if (boundary === undefined) return false
          const found = ownersOf(await store.find(boundary, wanted)).flat()
          return found.length === 7 && found.every((each) => each === owner)
        })
        expect((await Promise.all(work)).filter((own) => !own)).toEqual([])
      } finally {
        await store.close()
      }
    })
  })
})

type Forge = (pid: number) => string

/** What is no token of this boundary, or none any more. */
function tokensOf(house: House, boundary: AgentBoundary): readonly (readonly [string, Forge])[] {
  const key = house.keyring.derive('database-token')
  const sign = (body: string) => `${createHmac('sha256', key).update(body).digest('hex')}.${body}`
  const bodyOf = (pid: number) => house.mint.boundary(boundary, pid).slice(65)
  return [
    ['absent', () => ''],
    ['words', () => 'null'],
    ['forged', (pid) => `${'0'.repeat(64)}.${bodyOf(pid)}`],
    ['edited', (pid) => house.mint.boundary(boundary, pid).replace(/\|owner\|/, '|admin|')],
    ['expired', (pid) => sign(bodyOf(pid).replace(/^((?:[^|]*\|){3})\d+/, '$11000'))],
    ['of another session', (pid) => house.mint.boundary(boundary, pid + 1)],
    ['of the operator', (pid) => house.mint.operator(pid)],
  ]
}

async function findOn(
  house: House,
  client: ClientLike,
  mint: Pick<TokenMint, 'boundary'>,
  boundary: AgentBoundary,
  wanted: readonly WantedRows[],
): Promise<readonly (readonly Row[])[]> {
  const lent = new Proxy(client, {
    get(target, name) {
      if (name === 'release') return () => undefined
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
  const engine = { ...house.engine, pool: { connect: async () => lent, end: async () => undefined } }
  return await findRows(engine, mint as TokenMint, boundary, wanted)
}

/** Finds on a session with settings of its own, under the boundary's token or another. */
async function findUnder(
  house: House,
  plan: readonly string[],
  token: Forge | undefined,
  boundary: AgentBoundary,
  wanted: readonly WantedRows[],
): Promise<readonly (readonly Row[])[]> {
  const client = await house.engine.pool.connect()
  const settings = ['jit = off', ...plan]
  try {
    for (const setting of settings) await client.query({ text: `set ${setting}` })
    const mint = token === undefined ? house.mint : { boundary: (_: AgentBoundary, pid: number) => token(pid) }
    return await findOn(house, client, mint, boundary, wanted)
  } finally {
    for (const setting of settings) await client.query({ text: `reset ${setting.split(' ')[0]}` })
    client.release()
  }
}

async function spied(house: House): Promise<{ client: ClientLike; texts: readonly string[] }> {
  const client = await house.engine.pool.connect()
  const texts: string[] = []
  const watched = new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...given: unknown[]): unknown => {
        const [first] = given
        if (name === 'query' && typeof first === 'object' && first !== null && 'text' in first)
          texts.push(String(first.text))
        return Reflect.apply(member, target, given)
      }
    },
  })
  return { client: watched, texts }
}

/** The plan of the very statement, with what it was told of its values. */
async function planOf(
  house: House,
  boundary: AgentBoundary,
  mode: string,
  wanted: readonly WantedRows[],
): Promise<string> {
  const client = await house.engine.pool.connect()
  try {
    await client.query({ text: `set plan_cache_mode = ${mode}` })
    const lines: string[] = []
    const explaining = new Proxy(client, {
      get(target, name) {
        if (name !== 'query') return Reflect.get(target, name)
        return async (query: Parameters<ClientLike['query']>[0]) => {
          if (query.rowMode !== 'array') return await target.query(query)
          await target.query({ text: `prepare explained as ${query.text}` })
          const values = (query.values ?? []).map((value) =>
            Array.isArray(value) ? `'{${value.join(',')}}'` : `'${String(value)}'`,
          )
          const { rows } = await target.query({ text: `explain (costs off) execute explained(${values.join(', ')})` })
          await target.query({ text: 'deallocate explained' })
          lines.push(...rows.map((row) => String(row['QUERY PLAN'])))
          return await target.query(query)
        }
      },
    })
    await findOn(house, explaining, house.mint, boundary, wanted)
    return lines.join('\n')
  } finally {
    await client.query({ text: 'reset plan_cache_mode' })
    client.release()
  }
}
