import pg from 'pg'
import { describe, expect, test } from 'vitest'

import { checkDatabase, migrateDatabase } from '../../src/migrate/index.ts'
import { createRole, openTestDatabase, withClient } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'
import { refuseEach, useStarted } from './store-preflight-fixture.ts'

whenReachable('postgres', (adminUrl) => {
  const started = useStarted(adminUrl)

  describe('places where the login may create', () => {
    refuseEach(started, [
      [
        'that is public, for everybody',
        'grant create on schema public to public',
        'revoke create on schema public from public',
        /may create in the schema public/,
      ],
      [
        'that is a schema of its own name',
        'create schema "@app"; grant all on schema "@app" to "@app"',
        'drop schema "@app"',
        /may create in the schema/,
      ],
      [
        'that is the database',
        'grant create on database @database to "@app"',
        'revoke create on database @database from "@app"',
        /may create schemas in this database/,
      ],
      [
        'that was open once, and a function is left',
        'grant create on schema public to "@app"; set role "@app"; create function public.lower(a varchar) returns text language sql as $$select a::text$$; reset role; revoke create on schema public from "@app"',
        'drop function public.lower(varchar)',
        /owns the function public\.lower\(character varying\)/,
      ],
      [
        'that was open once, and a type is left',
        'create type public.evil as enum (); alter type public.evil owner to "@app"',
        'drop type public.evil',
        /owns the type public\.evil/,
      ],
    ])

    test('should not have code of the login run inside another boundary', async () => {
      // What the finding is for: a planted function that fits better than the system's own is taken by code that did nothing wrong.
      const { admin, database, findings } = started()
      await admin('grant create on schema public to public')
      await withClient(database.appUrl, (client) =>
        client.query(`create function public.lower(a varchar) returns text language sql as $$select 'planted'::text$$`),
      )
      const { rows } = await withClient(database.appUrl, (client) =>
        client.query(`select lower('A'::varchar) as lowered`),
      )
      expect(rows).toEqual([{ lowered: 'planted' }])
      expect(await findings()).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/may create in the schema public/),
          expect.stringMatching(/owns the function public\.lower/),
        ]),
      )
      await admin('drop function public.lower(varchar); revoke create on schema public from public')
    })
  })

  describe('functions that the login may execute', () => {
    const definer = `create function public.evil() returns text language sql security definer as $$select 'a'$$`
    refuseEach(started, [
      [
        'as their owner',
        definer,
        'drop function public.evil()',
        /function public\.evil\(\), which acts with the rights of its owner/,
      ],
      [
        'as their owner, in a schema of no usage, which a view reaches',
        `create schema hidden; create function hidden.evil() returns text language sql security definer as $$select 'a'$$; create view public.seen with (security_invoker) as select hidden.evil(); grant select on public.seen to "@app"`,
        'drop schema hidden cascade',
        /function hidden\.evil\(\), which acts with the rights of its owner/,
      ],
      [
        'as their owner, by a procedure',
        `create procedure public.evil() language sql security definer as $$select 'a'$$`,
        'drop procedure public.evil()',
        /procedure public\.evil\(\)|function public\.evil\(\)/,
      ],
      [
        'as their owner, by name',
        `${definer}; revoke execute on function public.evil() from public; grant execute on function public.evil() to "@app"`,
        'drop function public.evil()',
        /acts with the rights of its owner/,
      ],
      [
        'before a policy',
        `create function public.evil(a text) returns boolean language plpgsql leakproof as $$begin raise notice '%', a; return true; end$$`,
        'drop function public.evil(text)',
        /is LEAKPROOF/,
      ],
      [
        'in C',
        `create function public.evil() returns int language internal as 'pg_backend_pid'`,
        'drop function public.evil()',
        /written in internal/,
      ],
      [
        'to read files',
        'grant execute on function pg_catalog.pg_read_file(text) to public',
        'revoke execute on function pg_catalog.pg_read_file(text) from public',
        /pg_read_file\(text\) of pg_catalog/,
      ],
      [
        'to list files',
        'grant execute on function pg_catalog.pg_ls_dir(text) to "@app"',
        'revoke execute on function pg_catalog.pg_ls_dir(text) from "@app"',
        /pg_ls_dir\(text\) of pg_catalog/,
      ],
      [
        'to import a file',
        'grant execute on function pg_catalog.lo_import(text) to "@app"',
        'revoke execute on function pg_catalog.lo_import(text) from "@app"',
        /lo_import\(text\) of pg_catalog/,
      ],
      [
        'to export a file',
        'grant execute on function pg_catalog.lo_export(oid, text) to public',
        'revoke execute on function pg_catalog.lo_export(oid, text) from public',
        /lo_export\(oid,text\) of pg_catalog/,
      ],
      [
        'as their owner, beside the system’s own',
        definer.replace('public.', 'pg_catalog.'),
        'drop function pg_catalog.evil()',
        /evil\(\), which acts with the rights of its owner/,
      ],
      ['to connect elsewhere', 'create extension dblink', 'drop extension dblink', /extension dblink/],
    ])

    test('should serve with functions that act as their caller, of others, and of triggers', async () => {
      const { admin, findings } = started()
      await admin(`create function public.mine() returns int language sql as $$select 1$$;
        create function public.hidden() returns int language sql security definer as $$select 1$$; revoke execute on function public.hidden() from public;
        create schema closed; create function closed.unreached() returns int language sql security definer as $$select 1$$;
        create function public.stamp() returns trigger language plpgsql security definer as $$begin return new; end$$`)
      expect(await findings()).toEqual([])
      await admin('drop function public.mine(), public.hidden(), public.stamp(); drop schema closed cascade')
    })

    test('should serve with extensions that stay inside', async () => {
      const { admin, findings } = started()
      const names = [
        'pg_trgm',
        'uuid-ossp',
        'pgcrypto',
        'citext',
        'hstore',
        'btree_gin',
        'btree_gist',
        'unaccent',
        'fuzzystrmatch',
        'ltree',
        'intarray',
        'tablefunc',
      ]
      for (const name of names) await admin(`create extension "${name}" schema public`)
      expect(await findings()).toEqual([])
      for (const name of names) await admin(`drop extension "${name}"`)
    })
  })

  describe('what a superuser gave of the system’s own', () => {
    refuseEach(started, [
      [
        'the passwords',
        'grant select on pg_catalog.pg_authid to "@app"',
        'revoke select on pg_catalog.pg_authid from "@app"',
        /pg_catalog\.pg_authid/,
      ],
      [
        'the passwords, by the view',
        'grant select on pg_catalog.pg_shadow to public',
        'revoke select on pg_catalog.pg_shadow from public',
        /pg_catalog\.pg_shadow/,
      ],
      [
        'one column of the passwords',
        'grant select (rolpassword) on pg_catalog.pg_authid to "@app"',
        'revoke select (rolpassword) on pg_catalog.pg_authid from "@app"',
        /columns of pg_catalog\.pg_authid/,
      ],
      [
        'the values of all columns',
        'grant select on pg_catalog.pg_statistic to public',
        'revoke select on pg_catalog.pg_statistic from public',
        /pg_catalog\.pg_statistic/,
      ],
      [
        'the values of several columns',
        'grant select on pg_catalog.pg_statistic_ext_data to "@app"',
        'revoke select on pg_catalog.pg_statistic_ext_data from "@app"',
        /pg_catalog\.pg_statistic_ext_data/,
      ],
      [
        'all large objects',
        'grant select on pg_catalog.pg_largeobject to "@app"',
        'revoke select on pg_catalog.pg_largeobject from "@app"',
        /pg_catalog\.pg_largeobject/,
      ],
      [
        'user mappings',
        'grant select on pg_catalog.pg_user_mapping to "@app"',
        'revoke select on pg_catalog.pg_user_mapping from "@app"',
        /pg_catalog\.pg_user_mapping/,
      ],
      [
        'changes of the catalog',
        'grant update on pg_catalog.pg_policy to "@app"',
        'revoke update on pg_catalog.pg_policy from "@app"',
        /pg_catalog\.pg_policy .*update/,
      ],
      [
        'a parameter',
        'grant set on parameter session_replication_role to "@app"',
        'revoke set on parameter session_replication_role from "@app"',
        /set the parameter session_replication_role/,
      ],
      [
        'a foreign server',
        'create extension postgres_fdw; create server elsewhere foreign data wrapper postgres_fdw; grant usage on foreign server elsewhere to "@app"',
        'drop extension postgres_fdw cascade',
        /foreign server elsewhere/,
      ],
      [
        'a foreign-data wrapper',
        'create extension postgres_fdw; grant usage on foreign data wrapper postgres_fdw to "@app"',
        'drop extension postgres_fdw cascade',
        /foreign-data wrapper postgres_fdw/,
      ],
    ])
  })

  describe('a login that may more than serve', () => {
    refuseEach(started, [
      ['it may create databases', 'alter role "@app" createdb', 'alter role "@app" nocreatedb', /has CREATEDB/],
      ...[
        'pg_monitor',
        'pg_read_all_stats',
        'pg_read_all_settings',
        'pg_signal_backend',
        'pg_stat_scan_tables',
        'pg_checkpoint',
        'pg_read_server_files',
        'pg_execute_server_program',
        'pg_write_all_data',
      ].map(
        (role) =>
          [
            `it is a member of ${role}`,
            `grant ${role} to "@app"`,
            `revoke ${role} from "@app"`,
            new RegExp(`member of ${role}`),
          ] as const,
      ),
      [
        'it owns the database',
        'alter database @database owner to "@app"',
        'alter database @database owner to "@owner"',
        /owns the database/,
      ],
      ['it owns a schema', 'create schema evil authorization "@app"', 'drop schema evil', /owns the schema evil/],
      [
        'it owns a sequence',
        'create sequence public.evil; alter sequence public.evil owner to "@app"',
        'drop sequence public.evil',
        /owns the sequence public\.evil/,
      ],
    ])

    test('should refuse one that may give its role to others', async () => {
      const { database, findings } = started()
      const { url, role } = await createRole(database.adminUrl, {})
      await withClient(database.adminUrl, (client) =>
        client.query(`grant ${database.appRole} to ${role} with admin option`),
      )
      expect(await findings({ database: url })).toContainEqual(expect.stringMatching(/may give the role .* to others/))
    })

    test('should serve a login that has the rights of the app role by inheritance', async () => {
      const { database, findings } = started()
      const { url } = await createRole(database.adminUrl, { memberOf: [database.appRole], inherit: true })
      expect(await findings({ database: url })).toEqual([])
    })

    test('should refuse what it can reach as another role, which it takes by SET ROLE', async () => {
      const { database, findings, admin } = started()
      const between = await createRole(database.adminUrl, {})
      const { url } = await createRole(database.adminUrl, { memberOf: [database.appRole, between.role] })
      await admin(`create table public.evil (a text); grant select on public.evil to ${between.role}`)
      expect(await findings({ database: url })).toContainEqual(
        expect.stringMatching(/public\.evil has no forced row security/),
      )
      await admin('drop table public.evil')
    })
  })

  describe('settings of the login and of the database', () => {
    refuseEach(started, [
      [
        'the role is another',
        'alter role "@app" set role = "@app"',
        'alter role "@app" reset role',
        /login has the setting role/,
      ],
      [
        'keys are not checked',
        'alter database @database set session_replication_role = replica',
        'alter database @database reset session_replication_role',
        /database has the setting session_replication_role/,
      ],
      [
        'a token is there from the start',
        `alter role "@app" set wt.token = 'a'`,
        'alter role "@app" reset wt.token',
        /setting wt\.token/,
      ],
      [
        'the system’s names come second',
        'alter role "@app" set search_path = public, pg_catalog',
        'alter role "@app" reset search_path',
        /setting search_path/,
      ],
      [
        'temporary names come first',
        'alter role "@app" in database @database set search_path = pg_temp, public',
        'alter role "@app" in database @database reset search_path',
        /setting search_path/,
      ],
      [
        'null equals null',
        'alter role "@app" set transform_null_equals = on',
        'alter role "@app" reset transform_null_equals',
        /setting transform_null_equals/,
      ],
    ])

    test('should serve with settings that change no answer', async () => {
      const { admin, findings } = started()
      await admin(`alter role "@app" set timezone = 'UTC'; alter role "@app" set work_mem = '8MB'; alter role "@app" set search_path = desk, public;
        alter role "@app" set statement_timeout = '8s'; alter database @database set log_min_duration_statement = 500; alter database @database set search_path = '"$user", public'`)
      expect(await findings()).toEqual([])
      await admin('alter role "@app" reset all; alter database @database reset all')
    })

    test('should serve on after SQL of the login set its own role to a time-out of a millisecond, or to read only', async () => {
      const { admin, database, findings } = started()
      for (const setting of [
        'statement_timeout = 1',
        'lock_timeout = 1',
        'idle_session_timeout = 1',
        'idle_in_transaction_session_timeout = 1',
        'default_transaction_read_only = on',
        `default_transaction_isolation = 'serializable'`,
        'row_security = off',
        `datestyle = 'German'`,
      ]) {
        await withClient(database.appUrl, (client) => client.query(`alter role current_user set ${setting}`))
        expect(await findings(), setting).toEqual([])
        const asked = new URL(database.appUrl)
        asked.searchParams.set('options', '-c statement_timeout=30s')
        expect(await findings({ database: asked.href }), setting).toEqual([])
        await admin('alter role "@app" reset all')
      }
    })

    test('should refuse a pool of the app that such a setting reaches', async () => {
      const { admin, database, findings } = started()
      await admin('alter role "@app" set statement_timeout = 5')
      const pool = new pg.Pool({ connectionString: database.appUrl, max: 1 })
      try {
        expect(await findings({ database: pool })).toEqual([
          expect.stringMatching(/login has the setting statement_timeout/),
        ])
      } finally {
        await pool.end()
        await admin('alter role "@app" reset all')
      }
    })

    test('should be judged by the system’s own names, whatever a setting puts before them', async () => {
      const { admin, findings } = started()
      await admin(`create function public.has_schema_privilege(oid, oid, text) returns boolean language sql as $$select false$$;
        alter role "@app" set search_path = public, pg_catalog; grant create on schema public to public`)
      expect(await findings()).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/may create in the schema public/),
          expect.stringMatching(/setting search_path/),
        ]),
      )
      await admin(
        `drop function public.has_schema_privilege(oid, oid, text); alter role "@app" reset search_path; revoke create on schema public from public`,
      )
    })
  })

  test('should tell what a stock server lets sessions of one login do to each other, and serve', async () => {
    const { admin, advice } = started()
    const told = await advice()
    expect(told).toEqual([
      expect.stringMatching(/^large objects/),
      expect.stringMatching(/^sessions of the login may end/),
    ])
    const statements = told.map((one) => /revoke .*$/.exec(one)?.[0] ?? '')
    for (const statement of statements) await admin(statement)
    expect(await advice()).toEqual([])
    for (const statement of statements)
      await admin(statement.replace('revoke', 'grant').replace(/from public$/, 'to public'))
  })

  describe('large objects, which every session of a login shares', () => {
    const make = `select lo_from_bytea(0, 'secret'::bytea)::int as id`

    test('should be closed by a superuser who migrates a database that has none', async () => {
      await using database = await openTestDatabase({ adminUrl })
      await withClient(database.appUrl, async (client) => {
        const { rows } = await client.query(`${make}, 1`) // what the login can do on a stock server
        await client.query('select lo_unlink($1)', [rows[0].id])
      })
      const { madeKeys = '' } = await migrateDatabase({ database: database.adminUrl, appRole: database.appRole })
      await withClient(database.appUrl, (client) => expect(client.query(make)).rejects.toMatchObject({ code: '42501' }))
      const { findings, advice } = await checkDatabase({ database: database.appUrl, keys: madeKeys })
      expect({ findings, advice }).toEqual({ findings: [], advice: [expect.stringMatching(/^sessions/)] })
    })

    test('should be left to whoever has some, and to a server that is somebody else’s, with advice', async () => {
      await using database = await openTestDatabase({ adminUrl })
      await withClient(database.adminUrl, (client) => client.query(make))
      const { madeKeys = '' } = await migrateDatabase({ database: database.adminUrl, appRole: database.appRole })
      expect((await checkDatabase({ database: database.appUrl, keys: madeKeys })).advice).toContainEqual(
        expect.stringMatching(/^large objects are shared/),
      )
      await withClient(database.adminUrl, (client) =>
        client.query('select lo_unlink(oid) from pg_largeobject_metadata'),
      )
    })
  })

  test('should refuse a login without INHERIT that only another role lets create', async () => {
    const { admin, database, findings } = started()
    const { role } = await createRole(database.adminUrl, {})
    await admin(`grant create on schema public to ${role}; grant ${role} to "@app"`)
    expect(await findings()).toContainEqual(expect.stringMatching(/may create in the schema public/))
    await admin(`revoke ${role} from "@app"; revoke create on schema public from ${role}`)
  })
})
