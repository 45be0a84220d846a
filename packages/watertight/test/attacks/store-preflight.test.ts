import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import { ServeRefused } from '../../src/errors.ts'
import { openStore } from '../../src/store/index.ts'
import type { StoreOptions } from '../../src/store/index.ts'
import { createRole, openTestDatabase, withClient } from '../support/postgres.ts'
import type { RoleAttributes, TestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'
import { migrateAsOwner } from './store-fixture.ts'

const keys = Keyring.generate()

whenReachable('postgres', (adminUrl) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase({ adminUrl })
    await migrateAsOwner(database, Keyring.parse(keys))
  })
  afterAll(() => database.drop())

  const admin = (text: string) => withClient(database.adminUrl, (client) => client.query(named(text)))
  const named = (text: string) => text.replaceAll('@app', database.appRole).replaceAll('@owner', database.ownerRole)

  /** What start-up finds wrong; empty when it serves. */
  async function findings(options: Partial<StoreOptions> = {}): Promise<readonly string[]> {
    try {
      const store = await openStore({ database: database.appUrl, keys, ...options }, new Authority())
      await store.close()
      return []
    } catch (error) {
      if (error instanceof ServeRefused) return error.findings
      throw error
    }
  }

  test('should serve the plain login of a database that was migrated', async () => {
    expect(await findings()).toEqual([])
  })

  describe('a login that is too much', () => {
    const logins: readonly (readonly [string, RoleAttributes | 'owner' | 'admin', RegExp])[] = [
      ['the superuser', 'admin', /is a superuser/],
      ['another superuser', { superuser: true }, /is a superuser/],
      ['one with BYPASSRLS', { bypassRls: true }, /has BYPASSRLS/],
      ['one with CREATEROLE', { createRole: true }, /has CREATEROLE/],
      ['one with REPLICATION', { replication: true }, /REPLICATION/],
      ['the owner of the tables', 'owner', /owns tables/],
      ['a reader of all data', { memberOf: ['pg_read_all_data'] }, /reads or writes all data/],
      ['a writer of all data', { memberOf: ['pg_write_all_data'], inherit: true }, /reads or writes all data/],
      ['a reader of the server\u2019s files', { memberOf: ['pg_read_server_files'] }, /reads or writes all data/],
      ['a runner of programs', { memberOf: ['pg_execute_server_program'] }, /reads or writes all data/],
    ]

    test.each(logins)('should refuse to serve as %s', async (_title, login, finding) => {
      const urls = { owner: database.ownerUrl, admin: database.adminUrl }
      const url =
        typeof login === 'string'
          ? urls[login]
          : (await createRole(database.adminUrl, { ...login, memberOf: [...(login.memberOf ?? []), database.appRole] }))
              .url
      expect(await findings({ database: url })).toContainEqual(expect.stringMatching(finding))
    })

    test('should refuse to serve as a member of the owner, directly or by another role', async () => {
      const direct = await createRole(database.adminUrl, { memberOf: [database.ownerRole] })
      const between = await createRole(database.adminUrl, { memberOf: [direct.role] })
      for (const { url } of [direct, between])
        expect(await findings({ database: url })).toContainEqual(expect.stringMatching(/owns tables/))
    })

    test('should refuse a login that only goes by the name of the plain one', async () => {
      const pool = new pg.Pool({ connectionString: database.adminUrl, max: 1 })
      try {
        const client = await pool.connect()
        await client.query(named('set session authorization "@app"'))
        client.release()
        expect(await findings({ database: pool })).toContainEqual(expect.stringMatching(/is a superuser/))
      } finally {
        await pool.end()
      }
    })

    test('should refuse a login that the database was not migrated for', async () => {
      const stranger = await createRole(database.adminUrl, {})
      expect(await findings({ database: stranger.url })).not.toEqual([])
    })
  })

  describe('a database that is too open', () => {
    const defects: readonly (readonly [string, string, string, RegExp])[] = [
      [
        'a floor is gone',
        'alter policy floor on wt.user_memory rename to gone',
        'alter policy gone on wt.user_memory rename to floor',
        /policy floor of wt\.user_memory is missing/,
      ],
      [
        'another policy is gone',
        'alter policy granted on wt.chunk rename to gone',
        'alter policy gone on wt.chunk rename to granted',
        /policy granted of wt\.chunk is missing/,
      ],
      [
        'a policy was added',
        'create policy evil on wt.user_memory using (true)',
        'drop policy evil on wt.user_memory',
        /policy evil of wt\.user_memory is none of ours/,
      ],
      [
        'row security is off',
        'alter table wt.audit_event disable row level security',
        'alter table wt.audit_event enable row level security',
        /wt\.audit_event has no forced row security/,
      ],
      [
        'row security is not forced',
        'alter table wt.run no force row level security',
        'alter table wt.run force row level security',
        /wt\.run has no forced row security/,
      ],
      [
        'TRUNCATE is granted',
        'grant truncate on wt.document to "@app"',
        'revoke truncate on wt.document from "@app"',
        /TRUNCATE, TRIGGER or REFERENCES on wt\.document/,
      ],
      [
        'TRIGGER is granted',
        'grant trigger on wt.document to "@app"',
        'revoke trigger on wt.document from "@app"',
        /TRUNCATE, TRIGGER or REFERENCES/,
      ],
      [
        'the keys are granted',
        'grant select on wt.key to "@app"',
        'revoke select on wt.key from "@app"',
        /wt\.key has no/,
      ],
      [
        'one column of the directory is granted',
        'grant select (subject) on wt.member to "@app"',
        'revoke select (subject) on wt.member from "@app"',
        /wt\.member has no/,
      ],
      [
        'the schema may be added to',
        'grant create on schema wt to "@app"',
        'revoke create on schema wt from "@app"',
        /owns the schema wt or may create/,
      ],
      [
        'the guard has another owner',
        'alter function wt.boundary() owner to "@app"',
        'alter function wt.boundary() owner to "@owner"',
        /owns the schema wt or may create/,
      ],
    ]

    test.each(defects)('should refuse to serve when %s', async (_title, harm, mend, finding) => {
      await admin(harm)
      try {
        expect(await findings()).toContainEqual(expect.stringMatching(finding))
      } finally {
        await admin(mend)
      }
      expect(await findings()).toEqual([])
    })

    const relations: readonly (readonly [string, string, RegExp])[] = [
      [
        'a table without row security',
        'create table public.evil (tenant_id text, secret text)',
        /public\.evil has no forced row security/,
      ],
      [
        'a table with row security and no floor',
        'create table public.evil (a text); alter table public.evil enable row level security; alter table public.evil force row level security; create policy p on public.evil using (true)',
        /public\.evil has no restrictive policy/,
      ],
      [
        'a table whose floor names no boundary',
        `create table public.evil (a text); alter table public.evil enable row level security; alter table public.evil force row level security; create policy p on public.evil as restrictive using (a = current_setting('app.tenant'))`,
        /public\.evil has no restrictive policy/,
      ],
      [
        'a view that reads as its owner',
        'create view public.evil as select * from wt.user_memory',
        /public\.evil lacks security_invoker/,
      ],
      [
        'a view that is said not to',
        'create view public.evil with (security_invoker = false) as select * from wt.user_memory',
        /public\.evil lacks security_invoker/,
      ],
      [
        'a materialized view',
        'create materialized view public.evil as select * from wt.user_memory',
        /public\.evil is a materialized view/,
      ],
    ]

    test.each(relations)('should refuse to serve with %s in reach', async (_title, create, finding) => {
      await admin(create)
      try {
        expect(await findings()).toEqual([]) // nobody granted it yet
        await admin('grant select on public.evil to "@app"; grant usage on schema public to "@app"')
        expect(await findings()).toContainEqual(expect.stringMatching(finding))
      } finally {
        const kind = /materialized view|view|table/.exec(create)?.[0] ?? 'table'
        await admin(`drop ${kind} public.evil`)
      }
    })

    test('should serve with a view that reads as its caller, and with a table that is said to be nobody\u2019s', async () => {
      await admin(
        'create view public.mine with (security_invoker = true) as select * from wt.user_memory; grant select on public.mine to "@app"',
      )
      await admin('create table public.country (code text); grant select on public.country to "@app"')
      expect(await findings()).toContainEqual(expect.stringMatching(/public\.country/))
      expect(await findings({ unprotectedTables: ['public.country'] })).toEqual([])
      await admin('drop view public.mine; drop table public.country')
    })

    test('should tell every finding at once', async () => {
      await admin('alter table wt.run no force row level security; grant truncate on wt.chunk to "@app"')
      expect(await findings()).toHaveLength(2)
      await admin('alter table wt.run force row level security; revoke truncate on wt.chunk from "@app"')
    })
  })

  describe('a schema of another time', () => {
    test('should refuse one that was never migrated', async () => {
      await using empty = await openTestDatabase({ adminUrl })
      expect(await findings({ database: empty.appUrl })).toContainEqual(
        expect.stringMatching(/run: watertight migrate/),
      )
    })

    test('should refuse one that is too old, whatever the app has migrated of its own', async () => {
      await admin(
        `update wt.migration set version = version + 900 where version = (select max(version) from wt.migration); update wt.migration set version = 1000001 where version > 900`,
      )
      expect(await findings()).toEqual([expect.stringMatching(/older than this version/)])
      await admin(
        `update wt.migration set version = (select max(version) + 1 from wt.migration where version < 1000) where version = 1000001`,
      )
      expect(await findings()).toEqual([])
    })

    test('should refuse keys that are not the database\u2019s', async () => {
      await expect(findings({ keys: Keyring.generate() })).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
      const [, secret = ''] = Keyring.generate().split(':')
      await expect(findings({ keys: `2:${secret}` })).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    })

    test('should refuse to make keys of its own', async () => {
      const options = { database: database.appUrl }
      await expect(openStore(options, new Authority())).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    })
  })

  test('should leave no connection open when it refuses', async () => {
    await admin('grant truncate on wt.chunk to "@app"')
    await findings()
    const { rows } = await admin(`select count(*)::int as open from pg_stat_activity where usename = '@app'`)
    expect(rows).toEqual([{ open: 0 }])
    await admin('revoke truncate on wt.chunk from "@app"')
  })
})
