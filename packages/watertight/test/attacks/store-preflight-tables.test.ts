import { describe, expect, test } from 'vitest'

import { protectTable } from '../../src/migrate/index.ts'
import { withClient } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'
import { refuseEach, useStarted } from './store-preflight-fixture.ts'
import type { Defect } from './store-preflight-fixture.ts'

whenReachable('postgres', (adminUrl) => {
  const started = useStarted(adminUrl)
  const boundary = `from wt.application_boundary() b`
  const exact = `(tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true ${boundary})`
  const table = (
    using: string,
    {
      how = 'as restrictive',
      columns = 'tenant_id text collate "C" not null, workspace_id text collate "C" not null',
    } = {},
  ) =>
    `create table public.ticket (${columns}, id uuid not null default gen_random_uuid(), title text, primary key (tenant_id, workspace_id, id));
     alter table public.ticket enable row level security; alter table public.ticket force row level security;
     create policy floor on public.ticket ${how} to "@app" ${using}; create policy within on public.ticket to "@app" using (true);
     grant usage on schema public to "@app"; grant select, insert, update, delete on public.ticket to "@app"`
  const drop = 'drop table public.ticket cascade'
  const noFloor = /public\.ticket has no restrictive policy on the boundary/

  describe('a table of the app’s own whose floor is not the one', () => {
    const floors: readonly (readonly [string, string])[] = [
      ['a prefix', `using (tenant_id like (select b.tenant ${boundary}) || '%')`],
      ['true beside it', `using (${exact} or true)`],
      ['a second way in', `using (${exact} or title = 'public')`],
      ['the tenant alone', `using ((tenant_id, true) = (select b.tenant, true ${boundary}))`],
      ['the workspace alone', `using ((workspace_id, true) = (select b.workspace, true ${boundary}))`],
      [
        'the columns crossed',
        `using ((tenant_id, workspace_id, true) = (select b.workspace, b.tenant, true ${boundary}))`,
      ],
      [
        'the columns swapped by other names',
        `using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true ${boundary}(workspace, tenant)))`,
      ],
      [
        'one column for both',
        `using ((tenant_id, tenant_id, true) = (select b.tenant, b.workspace, true ${boundary}))`,
      ],
      ['any boundary', `using ((select true ${boundary}))`],
      [
        'small letters',
        `using ((lower(tenant_id), lower(workspace_id), true) = (select lower(b.tenant), lower(b.workspace), true ${boundary}))`,
      ],
      [
        'blanks cut off',
        `using ((trim(tenant_id), workspace_id, true) = (select b.tenant, b.workspace, true ${boundary}))`,
      ],
      [
        'unequal for equal',
        `using ((tenant_id, workspace_id, true) <> (select b.tenant, b.workspace, true ${boundary}))`,
      ],
      [
        'another function of the name',
        `using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from public.application_boundary() b))`,
      ],
      ['a condition of its own for writing', `using (${exact}) with check (true)`],
      [
        'a setting',
        `using ((tenant_id, workspace_id, true) = (select b.tenant, coalesce(current_setting('app.ws', true), b.workspace), true ${boundary}))`,
      ],
      [
        'a union',
        `using ((tenant_id, workspace_id, true) in (select b.tenant, b.workspace, true ${boundary} union all select tenant_id, workspace_id, true))`,
      ],
    ]
    const helper = `create function public.application_boundary() returns wt.application_scope language sql as $$select null::wt.application_scope$$;`
    refuseEach(started, [
      ...floors.map(([title, using]): Defect => [
        title,
        `${helper} ${table(using)}`,
        `${drop}; drop function public.application_boundary()`,
        noFloor,
      ]),
      ['it is permissive', table(`using (${exact})`, { how: '' }), drop, noFloor],
      ['it is for reading alone', table(`using (${exact})`, { how: 'as restrictive for select' }), drop, noFloor],
      [
        'it is for somebody else',
        `${table(`using (${exact})`)}; alter policy floor on public.ticket to "@owner"`,
        drop,
        noFloor,
      ],
      [
        'row security is not forced',
        `${table(`using (${exact})`)}; alter table public.ticket no force row level security`,
        drop,
        /public\.ticket has no forced row security/,
      ],
    ])
  })

  describe('a table of the app’s own whose columns take different ids for one', () => {
    const columns = (tenant: string) => ({ columns: `${tenant}, workspace_id text collate "C" not null` })
    refuseEach(started, [
      [
        'it ignores case, by a collation',
        `create collation public.blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false); ${table(`using (${exact})`, columns('tenant_id text collate public.blind not null'))}`,
        `${drop}; drop collation public.blind`,
        /column tenant_id of public\.ticket has a collation/,
      ],
      [
        'it ignores case, by its type',
        `create extension citext schema public; ${table(`using ((tenant_id, workspace_id, true) = (select b.tenant::public.citext, b.workspace, true ${boundary}))`, columns('tenant_id public.citext not null'))}`,
        `${drop}; drop extension citext`,
        noFloor,
      ],
      [
        'it ignores blanks at the end',
        table(`using (${exact})`, columns('tenant_id character(8) not null')),
        drop,
        /public\.ticket (is character|has no restrictive)|tenant_id of public\.ticket is character/,
      ],
      [
        'it hides behind a domain',
        `create collation public.blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false); create domain public.tenant_name text collate public.blind; ${table(`using (${exact})`, columns('tenant_id public.tenant_name not null'))}`,
        `${drop}; drop domain public.tenant_name; drop collation public.blind`,
        /tenant_id of public\.ticket (is|has)/,
      ],
      [
        'it may be null',
        `${table(`using (${exact})`)}; alter table public.ticket drop constraint ticket_pkey; alter table public.ticket alter workspace_id drop not null`,
        drop,
        /column workspace_id of public\.ticket may be null/,
      ],
    ])
  })

  describe('what hangs on a table of the app’s own', () => {
    const good = table(`using (${exact})`)
    const other = good
      .replaceAll('public.ticket', 'public.note')
      .replace('title text,', 'ticket_tenant text collate "C", ticket_workspace text collate "C", ticket_id uuid,')
    const both = `${good.replace('primary key (tenant_id', 'unique (id), primary key (tenant_id')}; ${other}`
    const dropBoth = 'drop table public.note; drop table public.ticket'
    refuseEach(started, [
      [
        'a row of a child goes with a parent of another tenant',
        `${both}; alter table public.note add constraint evil foreign key (ticket_id) references public.ticket (id) on delete cascade`,
        dropBoth,
        /foreign key evil of public\.note changes rows of another tenant/,
      ],
      [
        'a row of a child is emptied with a parent of another tenant',
        `${both}; alter table public.note add constraint evil foreign key (ticket_id) references public.ticket (id) on delete set null`,
        dropBoth,
        /foreign key evil of public\.note/,
      ],
      [
        'a row of a child changes with a parent of another tenant',
        `${both}; alter table public.note add constraint evil foreign key (ticket_id) references public.ticket (id) on update cascade`,
        dropBoth,
        /foreign key evil of public\.note/,
      ],
      [
        'a key pairs the tenant with another column',
        `${both}; alter table public.note add constraint evil foreign key (ticket_tenant, ticket_workspace, ticket_id) references public.ticket (tenant_id, workspace_id, id) on delete cascade`,
        dropBoth,
        /foreign key evil of public\.note/,
      ],
      ...[
        ['a word alone', '(title)'],
        ['the workspace after the word', '(tenant_id, title, workspace_id)'],
        ['the tenant beside the word', '(title) include (tenant_id, workspace_id)'],
        ['a computed tenant', '(lower(tenant_id), tenant_id, workspace_id)'],
        ['a tenant sorted by a language', '(tenant_id collate "en-x-icu", workspace_id, title)'],
        ['the workspace sorted by a language', '(tenant_id, workspace_id collate "en-x-icu", title)'],
        ['blocks', 'using brin (tenant_id, workspace_id, title)'],
        ['lexemes', `using gin (to_tsvector('simple', title))`],
        ['a hash', 'using hash (tenant_id)'],
      ].map(([title, columns]): Defect => [
        `an index is led by ${title}`,
        `${good}; create index evil on public.ticket ${columns}`,
        drop,
        /index public\.evil of public\.ticket does not begin with tenant_id and workspace_id/,
      ]),
      [
        'a key is led by a number',
        `${good}; alter table public.ticket add unique (id, tenant_id, workspace_id)`,
        drop,
        /index public\.ticket_id_tenant_id_workspace_id_key of public\.ticket does not begin/,
      ],
      [
        'an index is a partition’s alone',
        `create table public.log (tenant_id text collate "C" not null, workspace_id text collate "C" not null, title text) partition by list (tenant_id); create table public.log_a partition of public.log default; create index evil on public.log_a (title);
        alter table public.log enable row level security; alter table public.log force row level security; create policy floor on public.log as restrictive to "@app" using (${exact}); grant select on public.log to "@app"`,
        'drop table public.log',
        /index public\.evil of public\.log does not begin/,
      ],
      [
        'a row goes with one of a table of nobody',
        `${good}; create table public.country (code text primary key); grant select, delete on public.country to "@app"; alter table public.ticket add constraint evil foreign key (title) references public.country (code) on delete cascade`,
        `${drop}; drop table public.country`,
        /foreign key evil of public\.ticket changes rows of all tenants/,
      ],
      [
        'a row of nobody changes with one of a tenant',
        `${good}; create table public.country (code text, workspace text, ticket uuid, constraint evil foreign key (code, workspace, ticket) references public.ticket on delete set null); grant select on public.country to "@app"`,
        `drop table public.country; ${drop}`,
        /foreign key evil of public\.country changes rows of all tenants/,
      ],
      [
        'a rule acts as its owner',
        `${good}; create rule evil as on insert to public.ticket do also delete from public.ticket`,
        drop,
        /rule evil of public\.ticket/,
      ],
      [
        'a trigger is somebody else’s',
        `${good}; create schema theirs authorization "@owner"; create function theirs.ear() returns trigger language plpgsql as $$begin return new; end$$; alter function theirs.ear() owner to "@owner"; create trigger evil before insert on public.ticket for each row execute function theirs.ear()`,
        `${drop}; drop schema theirs cascade`,
        /trigger evil of public\.ticket/,
      ],
      [
        'a child is open',
        `${good}; create table public.child () inherits (public.ticket); grant select on public.child to "@app"`,
        'drop table public.child; drop table public.ticket',
        /public\.child has no forced row security/,
      ],
      [
        'a partition is open',
        `create table public.log (tenant_id text collate "C" not null, workspace_id text collate "C" not null) partition by list (tenant_id); create table public.log_a partition of public.log default;
        alter table public.log enable row level security; alter table public.log force row level security; create policy floor on public.log as restrictive to "@app" using (${exact}); grant select on public.log, public.log_a to "@app"`,
        'drop table public.log',
        /public\.log_a has no forced row security/,
      ],
      [
        'one column of a table is open',
        `create table public.evil (a text, b text); grant select (b) on public.evil to "@app"`,
        'drop table public.evil',
        /public\.evil has no forced row security/,
      ],
      [
        'a table may be referred to',
        `create table public.evil (a text primary key); grant references (a) on public.evil to "@app"`,
        'drop table public.evil',
        /REFERENCES on public\.evil/,
      ],
      [
        'a foreign table is in reach',
        `create extension postgres_fdw; create server elsewhere foreign data wrapper postgres_fdw; create foreign table public.evil (a text) server elsewhere; grant select on public.evil to "@app"`,
        'drop extension postgres_fdw cascade',
        /public\.evil is a materialized view or foreign table/,
      ],
      [
        'a view stands over an open view',
        `create view public.inner_view as select * from wt.user_memory; create view public.outer_view with (security_invoker = true) as select * from public.inner_view; grant select on public.inner_view, public.outer_view to "@app"`,
        'drop view public.outer_view, public.inner_view',
        /view public\.inner_view lacks security_invoker/,
      ],
      [
        'a table stands in a schema of no usage, which a view reaches',
        `create schema hidden; create table hidden.evil (a text); grant select on hidden.evil to "@app"; create view public.seen with (security_invoker) as select * from hidden.evil; grant select on public.seen to "@app"`,
        'drop schema hidden cascade',
        /hidden\.evil has no forced row security/,
      ],
      [
        'a sequence in a schema of no usage may be set, by its number',
        `create schema hidden; create sequence hidden.evil; grant update on sequence hidden.evil to "@app"`,
        'drop schema hidden cascade',
        /may set the sequence hidden\.evil/,
      ],
      [
        'a sequence may be set',
        `create sequence public.evil; grant update on sequence public.evil to "@app"`,
        'drop sequence public.evil',
        /may set the sequence public\.evil/,
      ],
    ])
  })

  test('should serve what protectTable prints, whatever the names', async () => {
    const { admin, advice, database, findings } = started()
    const names = [
      ['org_id', 'ws_id'],
      ['Org Id', 'select'],
      ['orgé', 'w"s'],
    ] as const
    for (const [tenant, workspace] of names) {
      const quoted = [tenant, workspace].map((name) => `"${name.replaceAll('"', '""')}"`)
      for (const type of ['text', 'text collate "C"', 'varchar(40)', 'varchar']) {
        await admin(`create table public."Odd Table" (${quoted.map((name) => `${name} ${type}`).join(', ')}, id uuid, primary key (${quoted.join(', ')}, id));
          ${protectTable({ table: 'public.Odd Table', tenant, workspace, appRole: database.appRole })}`)
        expect(await findings(), `${tenant} ${type}`).toEqual([])
        expect(await advice()).not.toContainEqual(expect.stringMatching(/Odd Table/))
        await admin('drop table public."Odd Table"')
      }
    }
  })

  test('should serve an app with tables of its own, keys led by tenant and workspace, and triggers of its owner', async () => {
    const { admin, advice, findings } = started()
    await admin(`${table(`using (${exact})`)}; create function public.stamp() returns trigger language plpgsql as $$begin return new; end$$;
      create trigger stamp before update on public.ticket for each row execute function public.stamp();
      create policy open_only on public.ticket as restrictive to "@app" using (title is not null);
      create table public.note (tenant_id text collate "C" not null, workspace_id text collate "C" not null, ticket uuid, foreign key (tenant_id, workspace_id, ticket) references public.ticket (tenant_id, workspace_id, id) on delete cascade);
      alter table public.note enable row level security; alter table public.note force row level security;
      create policy floor on public.note as restrictive to public using (${exact}); create policy within on public.note using (true); grant select, insert on public.note to "@app";
      create table public.of_others (a text); create schema theirs; create table theirs.open (a text); grant select on theirs.open to public;
      create view public.mine with (security_invoker) as select * from public.ticket; grant select on public.mine to "@app"`)
    expect(await findings()).toEqual([])
    expect((await advice()).filter((one) => /public\./.test(one) && !/the planner keeps/.test(one))).toEqual([])
    await admin(
      'drop table public.note, public.of_others; drop table public.ticket cascade; drop function public.stamp(); drop schema theirs cascade',
    )
  })

  test('should not name a row of another tenant without a token, nor change one by a table of nobody', async () => {
    // What the findings are for.
    const { admin, database, findings } = started()
    await admin(`${table(`using (${exact})`)}; create table public.country (code text primary key); insert into public.country values ('no');
      insert into public.ticket (tenant_id, workspace_id, title) values ('b', 'w', 'secret'), ('b', 'w', null); grant select, delete on public.country to "@app"`)
    const asks = (title: string) =>
      withClient(database.appUrl, async (client) => {
        await client.query('set enable_seqscan = off')
        return client.query('select from public.ticket where title = $1', [title]).then(
          () => 'nothing',
          () => 'raised',
        )
      })
    expect([await asks('secret'), await asks('other')]).toEqual(['raised', 'raised'])
    await admin('create index evil on public.ticket (title)')
    expect([await asks('secret'), await asks('other')]).toEqual(['raised', 'nothing'])
    await admin('drop index public.evil; create index fine on public.ticket (tenant_id, workspace_id, title)')
    expect([await asks('secret'), await asks('other')]).toEqual(['raised', 'raised'])

    await admin(
      `update public.ticket set title = 'no' where title is null; alter table public.ticket add constraint evil foreign key (title) references public.country (code) on delete cascade not valid`,
    )
    await withClient(database.appUrl, (client) => client.query('delete from public.country'))
    const { rows } = await withClient(database.adminUrl, (client) => client.query('select title from public.ticket'))
    expect(rows).toEqual([{ title: 'secret' }])
    expect(await findings({ unprotectedTables: ['public.country'] })).toEqual([
      expect.stringMatching(/foreign key evil/),
    ])
    await admin(`${drop}; drop table public.country`)
  })

  test('should not let EXPLAIN tell of values of other tenants, and say which statements end it', async () => {
    const { admin, advice, database } = started()
    const estimate = async () => {
      const { rows } = await withClient(database.appUrl, (client) =>
        client.query(`explain select from public.ticket where title = 'secret'`),
      )
      return /rows=(\d+)/.exec(JSON.stringify(rows))?.[1]
    }
    const columns = `tenant_id text collate "C", workspace_id text collate "C"`
    const fill = `insert into public.ticket (tenant_id, workspace_id, title) select 'b', 'w', 'secret' from generate_series(1, 1000); insert into public.ticket (tenant_id, workspace_id, title) select 'b', 'w', 'x' || n from generate_series(1, 1000) n; analyze public.ticket`
    const other = fill.replaceAll('secret', 'other')
    const estimates: unknown[] = []
    for (const rows of [fill, other]) {
      await admin(
        `create table public.ticket (${columns}, title text); grant usage on schema public to "@app"; ${protectTable({ table: 'public.ticket', appRole: database.appRole })} ${rows}`,
      )
      estimates.push(await estimate())
      await admin('drop table public.ticket')
    }
    expect(estimates[0]).toBe(estimates[1])

    // What the statements are for: a table that was put under row security in another way.
    await admin(`${table(`using (${exact})`)}; create index computed on public.ticket (tenant_id, workspace_id, lower(title));
      create statistics public.together (mcv) on tenant_id, title from public.ticket`)
    const told = (await advice()).filter((one) => one.startsWith('the planner keeps'))
    expect(told).toEqual([
      'the planner keeps values of all tenants of public.ticket, and EXPLAIN tells of them; run: alter table public.ticket alter tenant_id set statistics 0, alter workspace_id set statistics 0, alter title set statistics 0; alter index public.computed alter column 3 set statistics 0; drop statistics public.together',
    ])
    await admin(told[0]?.replace(/.*run: /, '') ?? '')
    expect((await advice()).filter((one) => one.startsWith('the planner keeps'))).toEqual([])
    await admin(drop)
  })

  test('should tell, and serve with, keys that say what another tenant has', async () => {
    const { admin, advice } = started()
    await admin(`create table public.ticket (tenant_id text not null, workspace_id text not null, id bigserial, parent_workspace text, parent bigint, primary key (tenant_id, workspace_id, id), constraint up foreign key (tenant_id, parent_workspace, parent) references public.ticket);
      alter table public.ticket enable row level security; alter table public.ticket force row level security;
      create policy floor on public.ticket as restrictive to "@app" using (${exact}); grant select, insert on public.ticket to "@app"; grant usage on sequence public.ticket_id_seq to "@app";
      alter default privileges for role "@owner" in schema public grant select on tables to "@app"`)
    const told = await advice()
    for (const one of [
      /foreign key up of public\.ticket tells/,
      /sequence public\.ticket_id_seq tells/,
      /default privileges of .* in the schema public/,
    ])
      expect(told).toContainEqual(expect.stringMatching(one))
    await admin(
      'drop table public.ticket; alter default privileges for role "@owner" in schema public revoke select on tables from "@app"',
    )
    expect((await advice()).length).toBe(2)
  })
})
