import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import { whenReachable } from '../support/require.ts'
import { openEmbeddedHouse, openServerHouse, refusalOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const secret = 'Project Falcon'

/** Texts that would leave the role, the row security or the database. `@` is the owner's role. */
const escapes: Readonly<Record<string, readonly string[]>> = {
  'another role': [
    'reset role',
    'set role none',
    'set role postgres',
    'set role "@"',
    'set local role postgres',
    'set session authorization postgres',
    'set session authorization default',
    'reset session authorization',
    `select set_config('role', 'postgres', false)`,
    `select set_config('session_authorization', 'postgres', false)`,
    `do $$ begin reset role; end $$`,
    `do $$ begin execute 'set role postgres'; end $$`,
    'do $$ begin commit; end $$',
    'create role evil superuser login',
    'alter role current_user superuser',
    'alter role current_user bypassrls',
    'grant "@" to current_user',
    'grant pg_read_all_data to current_user',
  ],
  'row security': [
    'set row_security = off',
    `select set_config('row_security', 'off', false)`,
    'alter role current_user set row_security = off',
    'alter table wt.user_memory disable row level security',
    'alter table wt.user_memory no force row level security',
    'alter table wt.user_memory owner to current_user',
    'drop policy floor on wt.user_memory',
    'alter policy floor on wt.user_memory using (true)',
    'create policy evil on wt.user_memory using (true)',
    'create rule evil as on select to wt.user_memory do instead nothing',
    'create trigger evil before insert on wt.user_memory execute function suppress_redundant_updates_trigger()',
    'create view evil as select * from wt.user_memory',
    'create materialized view evil as select * from wt.user_memory',
    'truncate wt.user_memory',
    'drop table wt.user_memory cascade',
  ],
  'the guard': [
    'create or replace function wt.boundary() returns wt.scope language sql as $$ select null::wt.scope $$',
    'create or replace function wt.verify(token text, purpose text) returns text[] language sql as $$ select null::text[] $$',
    'create function wt.verify(token varchar, purpose varchar) returns text[] language sql as $$ select null::text[] $$',
    'alter function wt.boundary() security invoker',
    'alter function wt.boundary() set search_path = public',
    'alter function wt.boundary() owner to current_user',
    'drop function wt.boundary() cascade',
    `select wt.verify('x', 'b')`,
    `select wt.tenant_row('acme')`,
    `select wt.workspace_row('acme', 'ws')`,
    'select * from wt.key',
    'select * from wt.tenant',
    'select * from wt.member',
    'select * from wt.setting',
    'insert into wt.key values (9, repeat(chr(54), 64)::bytea, repeat(chr(92), 64)::bytea)',
    `update wt.member set role = 'owner'`,
    'grant select on wt.key to current_user',
    'alter schema wt owner to current_user',
  ],
  'the search path': [
    'set search_path = public, wt, pg_catalog',
    'create schema evil',
    'create table public.evil (a int)',
    'create function public.sha256(bytea) returns bytea language sql as $$ select $1 $$',
    'create operator public.= (leftarg = uuid, rightarg = uuid, function = uuid_ne)',
    'create temporary table user_memory (value text)',
    'create temporary table key (kid text, ipad bytea, opad bytea)',
    'create function pg_temp.sha256(bytea) returns bytea language sql as $$ select $1 $$',
    'create domain pg_temp.uuid as text',
  ],
  'the server': [
    `copy wt.user_memory to program 'cat'`,
    `copy (select 1) to '/tmp/evil'`,
    `create temporary table t (a text)`,
    `copy wt.user_memory (value) from program 'id'`,
    `select pg_read_file('PG_VERSION')`,
    `select pg_read_binary_file('PG_VERSION')`,
    `select pg_ls_dir('.')`,
    `select pg_stat_file('PG_VERSION')`,
    `select lo_import('/etc/passwd')`,
    `select lo_export(1, '/tmp/evil')`,
    'select * from pg_authid',
    'select * from pg_statistic',
    'select * from pg_largeobject',
    'select pg_reload_conf()',
    `alter system set shared_preload_libraries = 'evil'`,
    `set session_preload_libraries = 'evil'`,
    `set local_preload_libraries = 'evil'`,
    `set dynamic_library_path = '/tmp'`,
    `load '/tmp/evil.so'`,
    'create extension dblink',
    'create extension adminpack',
    `create language plpython3u`,
    `create function evil() returns int language c as '/tmp/evil'`,
    `create server evil foreign data wrapper postgres_fdw`,
    `create publication evil for all tables`,
    `select pg_create_physical_replication_slot('evil')`,
  ],
}

/** What a way out would be used for. */
const reads = [
  'select value::text from wt.user_memory',
  'select body from wt.chunk',
  'select subject from wt.member',
  'select encode(ipad, $$hex$$) from wt.key',
]

whenReachable('postgres', (adminUrl) => {
  let house: House
  let attacker: AgentBoundary
  beforeAll(async () => {
    house = await openServerHouse(adminUrl)
    // As a server has it by default: a temporary table can stand in front of every name that is not qualified.
    await house.asAdmin((admin) =>
      admin.query(`grant temporary on database ${house.database?.database ?? ''} to public`),
    )
    attacker = await house.boundary('acme2', 'ws', 'u')
    await keep(house, await house.boundary('acme', 'ws', 'u'))
  })
  afterAll(() => house[Symbol.asyncDispose]())

  describe.each(Object.entries(escapes))('server-escape-matrix: %s', (_title, texts) => {
    test.each(texts)('should lead nowhere: %s', async (escape) => {
      const text = escape.replaceAll('@', house.database?.ownerRole ?? '')
      for (const read of reads) {
        const found: unknown[] = []
        const refusal = await refusalOf(
          house.store.transact(attacker, async (tx) => {
            await tx.query(text)
            found.push(...(await tx.query(read)).rows)
          }),
        )
        expect(JSON.stringify(found)).not.toContain(secret)
        if (/member|key/.test(read)) expect(refusal, read).not.toBe('')
      }
      await expectUnharmed(house, attacker)
    })
  })

  test('server-escape-matrix: should lead nowhere without a token either', async () => {
    const survived: string[] = []
    for (const escape of Object.values(escapes).flat()) {
      await house.asApp(async (app) => {
        await refusalOf(app.query(escape.replaceAll('@', house.database?.ownerRole ?? '')))
        for (const read of reads) if ((await refusalOf(app.query(read))) === '') survived.push(`${escape}; ${read}`)
      })
    }
    expect(survived).toEqual([])
    await expectUnharmed(house, attacker)
  })

  test('activity-text: should show no token to another session of the same login', async () => {
    const seen = await house.store.transact(attacker, async (tx) => {
      await tx.query('select 1')
      return await house.asApp((app) => app.query('select query from pg_stat_activity where usename = current_user'))
    })
    const token = house.mint.boundary(attacker, 0)
    expect(seen.length).toBeGreaterThan(0)
    for (const { query } of seen) expect(String(query)).not.toMatch(/[0-9a-f]{64}|\|1\|/)
    expect(token).toMatch(/[0-9a-f]{64}/)
  })
})

// PGlite's session is the superuser whatever role it is in: what SECURITY.md says of it is kept true here, both ways.
describe('pglite', () => {
  let house: House
  let attacker: AgentBoundary
  beforeAll(async () => {
    house = await openEmbeddedHouse()
    attacker = await house.boundary('acme2', 'ws', 'u')
    await keep(house, await house.boundary('acme', 'ws', 'u'))
  })
  afterAll(() => house[Symbol.asyncDispose]())

  const readAfter = (escape: string) =>
    house.store.transact(attacker, async (tx) => {
      await tx.query(escape)
      return (await tx.query('select value #>> $1 as value from wt.user_memory', ['{}'])).rows.map(
        (row) => row['value'],
      )
    })

  test.each([
    'reset role',
    'set role postgres',
    'set role none',
    'do $$ begin reset role; end $$',
    `select set_config('role', 'postgres', false)`,
  ])('should not contain hostile SQL text: %s', async (escape) => {
    expect(await readAfter(escape)).toContain(secret)
    await expectUnharmed(house, attacker)
  })

  test.each(['select 1', 'set search_path = wt', `set application_name = 'x'`])(
    'should contain a statement that forgets its tenant: %s',
    async (text) => {
      expect(await readAfter(text)).toEqual([])
    },
  )

  const contained = [
    'set row_security = off',
    'alter table wt.user_memory disable row level security',
    'drop policy floor on wt.user_memory',
    'select * from wt.key',
    `select pg_read_file('PG_VERSION')`,
  ]
  test.each(contained)('should contain what does not leave the role first: %s', async (text) => {
    const refusal = await refusalOf(readAfter(text))
    expect(refusal).not.toBe('')
    await expectUnharmed(house, attacker)
  })
})

async function keep(house: House, boundary: AgentBoundary): Promise<void> {
  await house.store.transact(boundary, (tx) =>
    tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', [
      'k',
      JSON.stringify(secret),
      '{}',
    ]),
  )
}

/** The next scope finds everything as it was: role, row security, no row of others. */
async function expectUnharmed(house: House, attacker: AgentBoundary): Promise<void> {
  const { rows } = await house.store.transact(attacker, (tx) =>
    tx.query(
      `select current_user::text as role, current_setting('row_security') as secured, count(*)::int as rows from wt.user_memory`,
    ),
  )
  expect(rows).toEqual([{ role: house.appRole, secured: 'on', rows: 0 }])
}
