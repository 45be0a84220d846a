import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import { describeGuard, readSchema } from '../../src/store/preflight/guard.ts'
import { inspecting } from '../../src/store/preflight/inspecting.ts'
import { pinnedSchema } from '../../src/store/preflight/pinned-schema.ts'
import { customerTables, directoryTables, onBothEngines, rowsOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

onBothEngines((open) => {
  let house: House
  let tables: readonly string[]
  let boundary: AgentBoundary
  beforeAll(async () => {
    house = await open()
    tables = await customerTables(house)
    boundary = await house.boundary('acme', 'ws', 'u')
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('should be, object by object, what start-up asks for; else run: npm run pin', async () => {
    const rows = await inspecting(house.engine, (catalog) => catalog(describeGuard(house.engine)))
    expect(Object.fromEntries(readSchema(rows))).toEqual(pinnedSchema)
    for (const table of tables) expect(pinnedSchema).toHaveProperty([`policy floor of ${table}`])
  })

  const ask = (text: string) => house.asAdmin((admin) => admin.query(text))
  const inWt = `relnamespace = 'wt'::regnamespace`

  describe('every customer table', () => {
    test('should have row security, enabled and forced', async () => {
      const rows = await ask(
        `select 'wt.' || relname as name from pg_class where ${inWt} and relrowsecurity and relforcerowsecurity order by 1`,
      )
      expect(rows.map((row) => row['name'])).toEqual(tables)
    })

    test('should have a floor that goes before every other restriction, for all commands', async () => {
      const rows = await ask(
        `select 'wt.' || c.relname as name, (array_agg(p.polname::text order by p.polname))[1] as first,
           bool_and(p.polcmd = '*') as all_commands, bool_and(p.polwithcheck is null) as one_condition from pg_policy p
         join pg_class c on c.oid = p.polrelid where c.${inWt} and not p.polpermissive group by 1 order by 1`,
      )
      // Of the log a person may read more than write: what admins see is the workspace's, what is appended is one's own.
      const own = (name: string) => name !== 'wt.audit_event'
      expect(rows).toEqual(
        tables.map((name) => ({ name, first: 'floor', all_commands: true, one_condition: own(name) })),
      )
    })

    test('keys-lead-with-tenant: should have tenant and workspace first in every key, index and foreign key', async () => {
      const keys = await ask(
        `select i.indexrelid::regclass::text as name, array(select a.attname::text from unnest(i.indkey) with ordinality k (n, at)
           join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n order by k.at limit 2) as columns
         from pg_index i join pg_class c on c.oid = i.indrelid where c.${inWt} and c.relforcerowsecurity`,
      )
      expect(keys.length).toBeGreaterThanOrEqual(tables.length)
      for (const { name, columns } of keys) expect(columns, String(name)).toEqual(['tenant_id', 'workspace_id'])
      const foreign = await ask(
        `select k.conrelid::regclass::text as name, array(select a.attname::text from unnest(k.conkey) with ordinality c (n, at)
           join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.n order by c.at limit 2) as columns
         from pg_constraint k join pg_class t on t.oid = k.conrelid where k.contype = 'f' and t.${inWt} and t.relforcerowsecurity`,
      )
      for (const { name, columns } of foreign) {
        // What a whole tenant shares has nobody's workspace, which is no row's.
        expect(columns, String(name)).toEqual(
          name === 'wt.tenant_memory' ? ['tenant_id'] : ['tenant_id', 'workspace_id'],
        )
      }
    })

    test('should compare ids byte by byte', async () => {
      const rows = await ask(
        `select a.attrelid::regclass::text || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
         join pg_index i on i.indrelid = c.oid and a.attnum = any (i.indkey)
         join pg_collation l on l.oid = a.attcollation where c.${inWt} and l.collname not in ('C')`,
      )
      expect(rows).toEqual([])
    })

    test('should have one row of nobody, which no tenant sees', async () => {
      for (const table of tables) {
        expect(
          await ask(
            `select count(*)::int as rows from ${table} where tenant_id = '00000000-0000-0000-0000-000000000000'`,
          ),
        ).toEqual([{ rows: 1 }])
        const seen = await house.store.transact(boundary, (tx) => tx.query(`select * from ${table}`))
        expect(seen.rows, table).toEqual([])
      }
    })
  })

  describe('the directory', () => {
    test('should be granted to nobody but its owner', async () => {
      for (const table of directoryTables) {
        const [row] = await ask(
          `select has_table_privilege('${house.appRole}', '${table}', 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
             or has_any_column_privilege('${house.appRole}', '${table}', 'SELECT, INSERT, UPDATE, REFERENCES') as granted, relrowsecurity as secured
           from pg_class where oid = '${table}'::regclass`,
        )
        expect(row, table).toEqual({ granted: false, secured: true })
      }
    })

    test('should name nobody so that no principal can', async () => {
      await expect(house.boundary('', 'ws', 'u')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      for (const name of ['operator_put_workspace', 'operator_raise_epoch'] as const)
        await expect(
          house.store.operate(name, name === 'operator_raise_epoch' ? [''] : ['', 'ws']),
        ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    })
  })

  describe('every function', () => {
    test('should have a search path of its own, with temporary names last, or a body that was parsed when it was made', async () => {
      const rows = await ask(
        `select proname as name from pg_proc where pronamespace = 'wt'::regnamespace
         and prosqlbody is null and not coalesce(proconfig, '{}') @> array['search_path=pg_catalog, pg_temp']`,
      )
      expect(rows).toEqual([])
    })

    test('should run for the application alone, never for everybody', async () => {
      const rows = await ask(
        `select p.proname as name from pg_proc p, aclexplode(p.proacl) a where p.pronamespace = 'wt'::regnamespace and a.grantee = 0`,
      )
      expect(rows).toEqual([])
      const bare = await ask(
        `select proname as name from pg_proc where pronamespace = 'wt'::regnamespace and proacl is null`,
      )
      expect(bare).toEqual([])
    })

    test('should read on behalf of its owner only where a token was verified', async () => {
      const rows = await ask(
        `select proname::text as name, prosrc as body from pg_proc where pronamespace = 'wt'::regnamespace and prosecdef
         and prorettype <> 'trigger'::regtype`, // nobody calls a trigger's
      )
      expect(rows.length).toBeGreaterThan(10)
      for (const { name, body } of rows) expect(body, String(name)).toMatch(/wt\.(verify|boundary)\(|from wt\.key /)
    })

    test('policy-plan: should be stable where a policy calls it', async () => {
      const rows = await ask(
        `select proname::text as name, provolatile::text as volatility from pg_proc where pronamespace = 'wt'::regnamespace and proname ~ 'boundary$' order by 1`,
      )
      expect(rows).toEqual([
        { name: 'application_boundary', volatility: 's' },
        { name: 'boundary', volatility: 's' },
      ])
    })
  })

  test('views-invoker: should have no view that reads as its owner', async () => {
    const rows = await ask(
      `select relname as name from pg_class where ${inWt} and (relkind in ('m', 'f') or relkind = 'v' and not coalesce(reloptions, '{}') @> array['security_invoker=true'])`,
    )
    expect(rows).toEqual([])
  })

  test('policy-plan: should find rows by an index on the tenant', async () => {
    const { datasources } = rowsOf(boundary)
    await house.asAdmin((admin) =>
      admin.query(`insert into wt.user_memory (tenant_id, workspace_id, member_id, key, value, source)
        select tenant_id, workspace_id, id, 'k' || n, '1', '{}' from wt.member, generate_series(1, 3000) n where not removed`),
    )
    await house.asAdmin((admin) => admin.query('analyze'))
    const conditions = {
      'wt.user_memory': `key = 'k7'`,
      'wt.audit_event': 'true',
      'wt.run': 'true',
      'wt.chunk': `datasource_id = '${datasources[0]}'`,
    }
    for (const [table, condition] of Object.entries(conditions)) {
      const plan = await house.store.transact(boundary, async (tx) => {
        await tx.query('set local enable_seqscan = off')
        return (await tx.query(`explain select * from ${table} where ${condition}`)).rows
          .map((row) => String(row['QUERY PLAN']))
          .join('\n')
      })
      expect(plan).toMatch(/Index Cond: \(+tenant_id = /)
      expect(plan.match(/Function Scan on boundary b/g)?.length, plan).toBeLessThanOrEqual(4)
    }
  })
})
