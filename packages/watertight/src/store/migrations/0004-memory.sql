-- User memory, in three scopes. A table each, so that each has one floor that names its whole key: what a person keeps,
-- what a workspace shares, what a tenant shares.

create table wt.user_memory (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  member_id uuid not null default (wt.boundary()).member,
  key text collate "C" not null,
  value json not null,
  source json not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workspace_id, member_id, key),
  foreign key (tenant_id, workspace_id, member_id) references wt.member (tenant_id, workspace_id, id)
);

create table wt.workspace_memory (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  key text collate "C" not null,
  value json not null,
  source json not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workspace_id, key),
  foreign key (tenant_id, workspace_id) references wt.workspace (tenant_id, id)
);

-- The workspace of what a whole tenant shares is nobody's workspace: it leads the key like everywhere else.
create table wt.tenant_memory (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default '00000000-0000-0000-0000-000000000000'
    check (workspace_id = '00000000-0000-0000-0000-000000000000'),
  key text collate "C" not null,
  value json not null,
  source json not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workspace_id, key),
  foreign key (tenant_id) references wt.tenant (id)
);

insert into wt.user_memory (tenant_id, workspace_id, member_id, key, value, source) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 'null', '{}');
insert into wt.workspace_memory (tenant_id, workspace_id, key, value, source) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 'null', '{}');
insert into wt.tenant_memory (tenant_id, key, value, source) values ('00000000-0000-0000-0000-000000000000', '', 'null', '{}');

alter table wt.user_memory enable row level security;
alter table wt.user_memory force row level security;
create policy floor on wt.user_memory as restrictive to :"app"
  using ((tenant_id, workspace_id, member_id, true) = (select b.tenant, b.workspace, b.member, true from wt.boundary() b));
create policy own on wt.user_memory to :"app" using (true);

alter table wt.workspace_memory enable row level security;
alter table wt.workspace_memory force row level security;
create policy floor on wt.workspace_memory as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy read on wt.workspace_memory for select to :"app" using (true);
create policy write on wt.workspace_memory for all to :"app" using ((select b.role from wt.boundary() b) in ('admin', 'owner'));

alter table wt.tenant_memory enable row level security;
alter table wt.tenant_memory force row level security;
create policy floor on wt.tenant_memory as restrictive to :"app" using ((tenant_id, true) = (select b.tenant, true from wt.boundary() b));
create policy read on wt.tenant_memory for select to :"app" using (true);
create policy write on wt.tenant_memory for all to :"app" using ((select b.role from wt.boundary() b) = 'owner');

grant select, insert, update, delete on wt.user_memory, wt.workspace_memory, wt.tenant_memory to :"app";

-- The keys of tenant, workspace and member are given as well as signed: the filter and the policy each hold alone.
-- Rows come with their owner, which the caller compares once more.
-- `scope` is 'user', 'workspace' or 'tenant'; anything else reads nothing.
create function wt.memory_get(token text, tenant uuid, workspace uuid, member uuid, scope text, key text)
returns table (tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  if scope = 'user' then
    return query select m.tenant_id, m.workspace_id, m.member_id, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.user_memory m
      where m.tenant_id = memory_get.tenant and m.workspace_id = memory_get.workspace and m.member_id = memory_get.member and m.key = memory_get.key;
  elsif scope = 'workspace' then
    return query select m.tenant_id, m.workspace_id, null::uuid, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.workspace_memory m
      where m.tenant_id = memory_get.tenant and m.workspace_id = memory_get.workspace and m.key = memory_get.key;
  elsif scope = 'tenant' then
    return query select m.tenant_id, null::uuid, null::uuid, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.tenant_memory m
      where m.tenant_id = memory_get.tenant and m.workspace_id = '00000000-0000-0000-0000-000000000000' and m.key = memory_get.key;
  end if;
end $$;

create function wt.memory_list(token text, tenant uuid, workspace uuid, member uuid, scope text, after text, maximum int)
returns table (tenant_id uuid, workspace_id uuid, member_id uuid, key text, value json, source json, updated_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  if scope = 'user' then
    return query select m.tenant_id, m.workspace_id, m.member_id, m.key, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.user_memory m
      where m.tenant_id = memory_list.tenant and m.workspace_id = memory_list.workspace and m.member_id = memory_list.member and m.key > after
      order by m.key limit maximum;
  elsif scope = 'workspace' then
    return query select m.tenant_id, m.workspace_id, null::uuid, m.key, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.workspace_memory m
      where m.tenant_id = memory_list.tenant and m.workspace_id = memory_list.workspace and m.key > after
      order by m.key limit maximum;
  elsif scope = 'tenant' then
    return query select m.tenant_id, null::uuid, null::uuid, m.key, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.tenant_memory m
      where m.tenant_id = memory_list.tenant and m.workspace_id = '00000000-0000-0000-0000-000000000000' and m.key > after
      order by m.key limit maximum;
  end if;
end $$;

create function wt.memory_set(token text, tenant uuid, workspace uuid, member uuid, scope text, key text, value json, source json, events json)
returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  if scope = 'user' then
    insert into wt.user_memory (tenant_id, workspace_id, member_id, key, value, source)
      values (memory_set.tenant, memory_set.workspace, memory_set.member, memory_set.key, memory_set.value, memory_set.source)
      on conflict on constraint user_memory_pkey do update set value = excluded.value, source = excluded.source, updated_at = clock_timestamp();
  elsif scope = 'workspace' then
    insert into wt.workspace_memory (tenant_id, workspace_id, key, value, source)
      values (memory_set.tenant, memory_set.workspace, memory_set.key, memory_set.value, memory_set.source)
      on conflict on constraint workspace_memory_pkey do update set value = excluded.value, source = excluded.source, updated_at = clock_timestamp();
  elsif scope = 'tenant' then
    insert into wt.tenant_memory (tenant_id, key, value, source)
      values (memory_set.tenant, memory_set.key, memory_set.value, memory_set.source)
      on conflict on constraint tenant_memory_pkey do update set value = excluded.value, source = excluded.source, updated_at = clock_timestamp();
  else
    raise exception 'watertight: no such memory scope' using errcode = '22023';
  end if;
  perform wt.audit_append(events);
end $$;

create function wt.memory_delete(token text, tenant uuid, workspace uuid, member uuid, scope text, key text, events json)
returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  gone int := 0;
begin
  perform set_config('wt.token', token, true);
  if scope = 'user' then
    delete from wt.user_memory m
      where m.tenant_id = memory_delete.tenant and m.workspace_id = memory_delete.workspace and m.member_id = memory_delete.member and m.key = memory_delete.key;
  elsif scope = 'workspace' then
    delete from wt.workspace_memory m
      where m.tenant_id = memory_delete.tenant and m.workspace_id = memory_delete.workspace and m.key = memory_delete.key;
  elsif scope = 'tenant' then
    delete from wt.tenant_memory m
      where m.tenant_id = memory_delete.tenant and m.workspace_id = '00000000-0000-0000-0000-000000000000' and m.key = memory_delete.key;
  else
    raise exception 'watertight: no such memory scope' using errcode = '22023';
  end if;
  get diagnostics gone = row_count;
  perform wt.audit_append(events);
  return gone > 0;
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on all functions in schema wt from public;
grant execute on function wt.memory_get(text, uuid, uuid, uuid, text, text), wt.memory_list(text, uuid, uuid, uuid, text, text, int),
  wt.memory_set(text, uuid, uuid, uuid, text, text, json, json, json), wt.memory_delete(text, uuid, uuid, uuid, text, text, json) to :"app";
