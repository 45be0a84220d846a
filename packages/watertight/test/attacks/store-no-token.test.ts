import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { customerTables, directoryTables, nobody, noToken, onBothEngines, refusalOf } from './store-fixture.ts'
import type { House, Session } from './store-fixture.ts'

/** Scans that a planner may choose, each forced. */
const plans: Readonly<Record<string, readonly string[]>> = {
  'the plan of its choice': [],
  'a sequential scan': ['set enable_indexscan = off', 'set enable_indexonlyscan = off', 'set enable_bitmapscan = off'],
  'an index scan': ['set enable_seqscan = off', 'set enable_bitmapscan = off'],
  'a bitmap scan': ['set enable_seqscan = off', 'set enable_indexscan = off', 'set enable_indexonlyscan = off'],
}

/** Statements that reach rows. `$` is the table; the ids exist nowhere. */
const statements = [
  'select * from $',
  'select count(*) from $',
  'select 1 where exists (select from $)',
  'select tenant_id from $ order by tenant_id, workspace_id limit 1',
  `select * from $ where tenant_id = 'ffffffff-ffff-4fff-bfff-ffffffffffff'`,
  `select * from $ where workspace_id = 'ffffffff-ffff-4fff-bfff-ffffffffffff'`,
  `select * from $ where (tenant_id, workspace_id) = ('ffffffff-ffff-4fff-bfff-ffffffffffff', '${nobody}')`,
  `select * from $ where tenant_id = '${nobody}'`,
  `select * from $ where tenant_id > '${nobody}'`,
  `select * from $ where tenant_id < '${nobody}'`,
  `select * from $ where workspace_id <> '${nobody}'`,
  `select * from $ where tenant_id = 'ffffffff-ffff-4fff-bfff-ffffffffffff' or workspace_id = 'ffffffff-ffff-4fff-bfff-ffffffffffff'`,
  `select * from $ where tenant_id in ('ffffffff-ffff-4fff-bfff-ffffffffffff', 'ffffffff-ffff-4fff-bfff-fffffffffffe')`,
  'select max(tenant_id::text) from $',
  'select * from $ where tenant_id in (select tenant_id from $)',
  'select a.* from $ a join $ b using (tenant_id, workspace_id)',
  'select * from $ union all select * from $',
  'select 1 from $ for update',
  'with gone as (delete from $ returning *) select * from gone',
  'delete from $',
  `delete from $ where tenant_id = 'ffffffff-ffff-4fff-bfff-ffffffffffff'`,
  'update $ set tenant_id = tenant_id',
  'update $ set tenant_id = tenant_id returning *',
  'insert into $ default values',
  'insert into $ default values returning *',
  'insert into $ select * from $',
  'insert into $ default values on conflict do nothing',
  'copy $ to stdout',
  'copy (select * from $) to stdout',
  'table $',
  'truncate $',
]

/** A value of each type that a function takes; the first text is its token. */
const anything: Readonly<Record<string, string>> = {
  text: `'user'`,
  uuid: `'${nobody}'`,
  json: `'[{"tool_ids": [], "datasource_ids": [], "blocked_cross_boundary_resources": 0}]'`,
  integer: '1',
  bigint: '1',
  boolean: 'true',
  'double precision': '1',
  'text[]': `'{docs}'`,
  'uuid[]': `'{${nobody}}'`,
  'bigint[]': `'{1}'`,
}

onBothEngines((open) => {
  let house: House
  let tables: readonly string[]
  beforeAll(async () => {
    house = await open()
    tables = await customerTables(house)
  })
  afterAll(() => house[Symbol.asyncDispose]())

  describe.each(['with nobody in it', 'after vacuum and analyze', 'with customers in it'])(
    'no-token-raises: a table %s',
    (state) => {
      beforeAll(async () => {
        if (state === 'after vacuum and analyze') await house.asAdmin((admin) => admin.query('vacuum (analyze)'))
        if (state === 'with customers in it') await fill(house)
      })

      test.each(Object.keys(plans))('should refuse every statement, by %s', async (plan) => {
        expect(tables).toContain('wt.user_memory')
        await house.asApp(async (app) => {
          for (const text of plans[plan] ?? []) await app.query(text)
          expect(await survivors(app, tables)).toEqual([])
        })
      })
    },
  )

  test.each(['', ' ', 'null', '0'])('no-token-raises: should refuse the setting "%s"', async (token) => {
    await house.asApp(async (app) => {
      await app.query("select set_config('wt.token', $1, false)", [token])
      expect(await survivors(app, tables)).toEqual([])
    })
  })

  test('no-token-raises: should give no row where the server needs none to answer', async () => {
    await house.asApp(async (app) => {
      for (const table of tables) {
        for (const where of ['where false', 'where tenant_id is null', 'limit 0', `where ctid = '(4000000,1)'`]) {
          const answer = await app.query(`select * from ${table} ${where}`).catch(() => [])
          expect(answer, `${table} ${where}`).toEqual([])
        }
      }
    })
  })

  test('no-token-raises: should refuse every function that takes a token', async () => {
    const functions = await house.asAdmin((admin) =>
      admin.query(
        `select p.oid::regproc::text as name, array(select t::regtype::text from unnest(p.proargtypes) t) as types from pg_proc p
         where p.pronamespace = 'wt'::regnamespace and has_function_privilege('${house.appRole}', p.oid, 'execute')`,
      ),
    )
    expect(functions.length).toBeGreaterThan(25)
    await house.asApp(async (app) => {
      for (const { name, types } of functions) {
        const values = (types as string[]).map((type) => `${anything[type]}::${type}`)
        const call = `select * from ${String(name)}(${values.join(', ')})`
        expect.soft(await refusalOf(app.query(call)), call).toBe(noToken)
      }
    })
  })

  test('key-unreadable: should refuse every statement on the directory and the keys', async () => {
    await house.asApp(async (app) => {
      for (const table of directoryTables) {
        for (const text of [
          'select * from $',
          'select count(*) from $',
          'delete from $',
          'insert into $ default values',
          'copy $ to stdout',
        ]) {
          expect(await refusalOf(app.query(text.replace('$', table)))).toMatch(/^42501 permission denied for table/)
        }
      }
    })
  })

  // What the row of nobody is for: the same policy on a table that is empty answers a sequential scan with silence.
  test('should be a test that can fail: an empty table with the same policy is silent', async () => {
    const app = house.appRole
    await house.asAdmin(async (admin) => {
      await admin.query('create table public.naive (tenant_id uuid not null, workspace_id uuid not null)')
      await admin.query('alter table public.naive enable row level security')
      await admin.query(
        `create policy floor on public.naive to "${app}" using ((tenant_id, workspace_id) = (select b.tenant, b.workspace from wt.boundary() b))`,
      )
      await admin.query(`grant usage on schema public to "${app}"`)
      await admin.query(`grant select on public.naive to "${app}"`)
      await admin.query('analyze public.naive')
    })
    expect(await house.asApp((session) => survivors(session, ['public.naive']))).toContain('select * from public.naive')
    await house.asAdmin((admin) => admin.query('drop table public.naive'))
  })
})

/** The statements that were not refused. */
async function survivors(app: Session, tables: readonly string[]): Promise<readonly string[]> {
  const survived: string[] = []
  for (const table of tables) {
    for (const statement of statements) {
      const text = statement.replaceAll('$', table)
      const refusal = await refusalOf(app.query(text))
      if (refusal !== noToken && !refusal.startsWith('42501 permission denied')) survived.push(text)
    }
  }
  return survived
}

async function fill(house: House): Promise<void> {
  const boundary = await house.boundary('acme', 'ws', 'u')
  await house.store.transact(boundary, async (tx) => {
    for (let at = 0; at < 20; at++)
      await tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', [`k${at}`, '1', '{}'])
  })
  await house.asAdmin((admin) => admin.query('analyze'))
}
