import { describe, expect, test } from 'vitest'

import { pinnedSchema } from '../../src/store/preflight/pinned-schema.ts'
import { whenReachable } from '../support/require.ts'
import { refuseEach, useStarted } from './store-preflight-fixture.ts'
import type { Defect } from './store-preflight-fixture.ts'

const floor = `((tenant_id, workspace_id, member_id, true) = (select b.tenant, b.workspace, b.member, true from wt.boundary() b))`

whenReachable('postgres', (adminUrl) => {
  const started = useStarted(adminUrl)

  describe('a policy of the guard', () => {
    const altered: Defect[] = [
      ['true beside it', `using (${floor} or true)`],
      ['any boundary', `using ((select true from wt.boundary() b))`],
      ['the tenant alone', `using ((tenant_id, true) = (select b.tenant, true from wt.boundary() b))`],
      [
        'not null for equal',
        `using ((tenant_id, workspace_id, member_id, true) is distinct from (null, null, null, null) or (select true from wt.boundary() b))`,
      ],
      ['a condition of its own for writing', `using ${floor} with check (true)`],
    ].map(([title, text]) => [
      `a floor holds with ${title}`,
      `alter policy floor on wt.user_memory ${text}`,
      `drop policy floor on wt.user_memory; create policy floor on wt.user_memory as restrictive to "@app" using ${floor}`,
      /policy floor of wt\.user_memory is not as the migrations made it/,
    ])
    refuseEach(started, [
      ...altered,
      [
        'a floor is permissive',
        `drop policy floor on wt.user_memory; create policy floor on wt.user_memory to "@app" using ${floor}`,
        `drop policy floor on wt.user_memory; create policy floor on wt.user_memory as restrictive to "@app" using ${floor}`,
        /policy floor of wt\.user_memory is not as/,
      ],
      [
        'a floor is for reading alone',
        `drop policy floor on wt.user_memory; create policy floor on wt.user_memory as restrictive for select to "@app" using ${floor}`,
        `drop policy floor on wt.user_memory; create policy floor on wt.user_memory as restrictive to "@app" using ${floor}`,
        /policy floor of wt\.user_memory is not as/,
      ],
      [
        'a floor is for somebody else',
        'alter policy floor on wt.user_memory to "@owner"',
        'alter policy floor on wt.user_memory to "@app"',
        /policy floor of wt\.user_memory is not as/,
      ],
      [
        'everybody may read what members may',
        'alter policy read on wt.audit_event using (true)',
        `alter policy read on wt.audit_event using (member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) in ('admin', 'owner'))`,
        /policy read of wt\.audit_event is not as/,
      ],
      [
        'the sweep sees what has not expired',
        'alter policy sweep_delete on wt.run_state using (true)',
        'alter policy sweep_delete on wt.run_state using (expires_at <= clock_timestamp())',
        /policy sweep_delete of wt\.run_state/,
      ],
      [
        'everybody has a policy',
        'create policy evil on wt.chunk for select to public using (true)',
        'drop policy evil on wt.chunk',
        /policy evil of wt\.chunk is none of ours/,
      ],
    ])
  })

  describe('a function of the guard', () => {
    const requireLive = (body: string, how = 'volatile') =>
      `create or replace function wt.require_live(token text) returns void language plpgsql ${how} set search_path = pg_catalog, pg_temp as $$${body}$$`
    const body = `\nbegin\n  perform set_config('wt.token', token, true);\n  perform wt.boundary();\nend `
    refuseEach(started, [
      [
        'its body does nothing',
        requireLive('begin end'),
        requireLive(body),
        /function wt\.require_live\(text\) is not as/,
      ],
      [
        'its body differs by a blank',
        requireLive(`${body} `),
        requireLive(body),
        /function wt\.require_live\(text\) is not as/,
      ],
      [
        'it is stable',
        'alter function wt.require_live(text) stable',
        'alter function wt.require_live(text) volatile',
        /function wt\.require_live\(text\) is not as/,
      ],
      [
        'it acts as its owner',
        'alter function wt.require_live(text) security definer',
        'alter function wt.require_live(text) security invoker',
        /function wt\.require_live\(text\) is not as/,
      ],
      [
        'its search path is another',
        'alter function wt.boundary() set search_path = public, pg_catalog',
        'alter function wt.boundary() set search_path = pg_catalog, pg_temp',
        /function wt\.boundary\(\) is not as/,
      ],
      [
        'it has no search path',
        'alter function wt.boundary() reset search_path',
        'alter function wt.boundary() set search_path = pg_catalog, pg_temp',
        /function wt\.boundary\(\) is not as/,
      ],
      [
        'it sees before a policy does',
        'alter function wt.verify(text, text) leakproof',
        'alter function wt.verify(text, text) not leakproof',
        /function wt\.verify\(text,text\) is not as/,
      ],
      [
        'everybody may execute it',
        'grant execute on function wt.tenant_row(text) to public',
        'revoke execute on function wt.tenant_row(text) from public',
        /grant of execute on function wt\.tenant_row\(text\) to public/,
      ],
      [
        'the login may execute what is not its own',
        'grant execute on function wt.verify(text, text) to "@app"',
        'revoke execute on function wt.verify(text, text) from "@app"',
        /grant of execute on function wt\.verify\(text,\s?text\) to app/,
      ],
      [
        'one of the same name was added',
        'create function wt.boundary(a int) returns int language sql as $$select 1$$; revoke execute on function wt.boundary(int) from public',
        'drop function wt.boundary(int)',
        /function wt\.boundary\(integer\) is none of ours/,
      ],
      [
        'an operator was added',
        'create function wt.f(uuid, uuid) returns boolean language sql as $$select true$$; create operator wt.= (leftarg = uuid, rightarg = uuid, function = wt.f)',
        'drop operator wt.= (uuid, uuid); drop function wt.f(uuid, uuid)',
        /operator wt\.=\(uuid,uuid\) is none of ours/,
      ],
    ])
  })

  describe('a table of the guard', () => {
    refuseEach(started, [
      [
        'a default is another',
        `alter table wt.user_memory alter tenant_id set default gen_random_uuid()`,
        'alter table wt.user_memory alter tenant_id set default (wt.boundary()).tenant',
        /column wt\.user_memory\.tenant_id is not as/,
      ],
      [
        'a default is gone',
        `alter table wt.run alter member_id drop default`,
        'alter table wt.run alter member_id set default (wt.boundary()).member',
        /column wt\.run\.member_id is not as/,
      ],
      [
        'a column may be null',
        'alter table wt.run alter trace_id drop not null',
        'alter table wt.run alter trace_id set not null',
        /column wt\.run\.trace_id is not as/,
      ],
      [
        'ids are compared by the language',
        'alter table wt.run_state alter key type text collate "en-x-icu"',
        'alter table wt.run_state alter key type text collate "C"; alter table wt.run_state alter key set statistics 0',
        /column wt\.run_state\.key is not as/,
      ],
      [
        'the planner keeps values',
        'alter table wt.chunk alter body set statistics 100',
        'alter table wt.chunk alter body set statistics 0',
        /column wt\.chunk\.body is not as/,
      ],
      [
        'the planner keeps values of several columns',
        'create statistics wt.evil (mcv) on key, updated_at from wt.user_memory',
        'drop statistics wt.evil',
        /statistics object wt\.evil is none of ours/,
      ],
      [
        'a check is gone',
        'alter table wt.tenant_memory drop constraint tenant_memory_workspace_id_check',
        `alter table wt.tenant_memory add constraint tenant_memory_workspace_id_check check (workspace_id = '00000000-0000-0000-0000-000000000000')`,
        /constraint tenant_memory_workspace_id_check of wt\.tenant_memory is missing/,
      ],
      [
        'a key of one column was added',
        'create unique index evil on wt.user_memory (key, updated_at)',
        'drop index wt.evil',
        /index wt\.evil is none of ours/,
      ],
      [
        'an index computes',
        'create index evil on wt.user_memory (lower(key))',
        'drop index wt.evil',
        /index wt\.evil is none of ours/,
      ],
      ...[
        ['does not begin with the tenant', '(key)'],
        ['begins with the tenant alone', '(tenant_id, key, workspace_id)'],
        ['has the tenant beside it', '(key) include (tenant_id, workspace_id)'],
        ['sorts by hash', 'using hash (tenant_id)'],
        ['sorts by blocks', 'using brin (tenant_id, workspace_id, key)'],
      ].map(([title, columns]): Defect => [
        `an index ${title}`,
        `create index evil on wt.user_memory ${columns}`,
        'drop index wt.evil',
        /index wt\.evil is none of ours/,
      ]),
      [
        'a foreign key acts',
        'alter table wt.chunk add constraint evil foreign key (tenant_id) references wt.tenant (id) on delete cascade',
        'alter table wt.chunk drop constraint evil',
        /constraint evil of wt\.chunk is none of ours/,
      ],
      [
        'foreign keys are not checked',
        'alter table wt.user_memory disable trigger all',
        'alter table wt.user_memory enable trigger all',
        /trigger .* of wt\.user_memory is none of ours/,
      ],
      [
        'a trigger listens',
        'create function public.ear() returns trigger language plpgsql as $$begin return new; end$$; create trigger evil before insert on wt.user_memory for each row execute function public.ear()',
        'drop trigger evil on wt.user_memory; drop function public.ear()',
        /trigger evil of wt\.user_memory is none of ours/,
      ],
      [
        'a rule acts beside it',
        'create rule evil as on delete to wt.user_memory do also delete from wt.workspace_memory',
        'drop rule evil on wt.user_memory',
        /rule evil of wt\.user_memory/,
      ],
      [
        'it has a child',
        'create table public.child () inherits (wt.user_memory)',
        'drop table public.child',
        /table wt\.user_memory is not as the migrations made it/,
      ],
      ['a table was added', 'create table wt.evil (a text)', 'drop table wt.evil', /table wt\.evil is none of ours/],
      [
        'a view was added',
        'create view wt.evil as select 1 as a',
        'drop view wt.evil',
        /view wt\.evil is none of ours/,
      ],
      [
        'a column was added',
        'alter table wt.user_memory add evil text',
        'alter table wt.user_memory drop evil',
        /column wt\.user_memory\.evil is none of ours/,
      ],
      [
        'one column more may be changed',
        'grant update (member_id) on wt.run to "@app"',
        'revoke update (member_id) on wt.run from "@app"',
        /grant of update on column wt\.run\.member_id to app/,
      ],
      [
        'evidence may be removed',
        'grant delete on wt.audit_event to "@app"',
        'revoke delete on wt.audit_event from "@app"',
        /grant of delete on table wt\.audit_event to app/,
      ],
      [
        'what is created later is given away',
        'alter default privileges for role "@owner" in schema wt grant select on tables to public',
        'alter default privileges for role "@owner" in schema wt revoke select on tables from public',
        /default privileges .* is none of ours/,
      ],
      [
        'a table has another owner',
        'alter table wt.chunk owner to postgres',
        'alter table wt.chunk owner to "@owner"',
        /table wt\.chunk is not as/,
      ],
    ])
  })

  test('should say how a policy must read, and not send anybody to a migration that changes nothing', async () => {
    const { admin, findings } = started()
    await admin('alter policy own on wt.user_memory using (false)')
    expect(await findings()).toEqual([
      `the policy own of wt.user_memory is not as the migrations made it; restore it: ${pinnedSchema['policy own of wt.user_memory']}`,
    ])
    await admin('alter policy own on wt.user_memory using (true)')
  })

  test('should serve where an administrator took rights away, let others read, or added an index for speed', async () => {
    const { admin, findings } = started()
    await admin(`revoke delete on wt.user_memory from "@app"; create index faster on wt.audit_event (tenant_id, workspace_id, at);
      grant select on wt.audit_event to pg_monitor; create policy auditor on wt.audit_event for select to pg_monitor using (true)`)
    expect(await findings()).toEqual([])
    await admin(
      `grant delete on wt.user_memory to "@app"; drop index wt.faster; drop policy auditor on wt.audit_event; revoke select on wt.audit_event from pg_monitor`,
    )
  })

  test('should refuse a schema that is newer, which this version cannot judge', async () => {
    const { admin, findings } = started()
    await admin(
      `insert into wt.migration (version, name, sha256) values (900, 'later', ''); create table wt.later (a text)`,
    )
    expect(await findings()).toEqual([expect.stringMatching(/newer than this version/)])
    await admin(`delete from wt.migration where version = 900; drop table wt.later`)
  })
})
