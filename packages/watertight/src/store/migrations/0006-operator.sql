-- The operator door: work without a caller. Every function takes an operator token, which only a server that holds the
-- keys can sign, and returns ids and counts at most, never a customer's data.

-- The database's clock and schema, for who holds the keys: the first call of every server, and the proof of its keys.
-- Files of the application's own count from a million on, and say nothing of ours.
create function wt.operator_ping(token text) returns table (now_ms double precision, schema_version int)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  return query select extract(epoch from clock_timestamp())::double precision * 1000,
    (select max(m.version) from wt.migration m where m.version < 1000000);
end $$;

create function wt.operator_put_tenant(token text, tenant text, plan text, region text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  -- What a live boundary says of plan and region must end with the old plan and region.
  insert into wt.tenant as t (external_id, plan, region) values (tenant, operator_put_tenant.plan, operator_put_tenant.region)
    on conflict (external_id) do update set plan = excluded.plan, region = excluded.region, epoch = t.epoch + 1
    where (t.plan, t.region) is distinct from (excluded.plan, excluded.region);
end $$;

create function wt.operator_put_workspace(token text, tenant text, workspace text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  insert into wt.workspace (tenant_id, external_id) values (wt.tenant_row(tenant), workspace)
    on conflict (tenant_id, external_id) do nothing;
end $$;

create function wt.operator_put_datasource(token text, tenant text, workspace text, datasource text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  insert into wt.datasource (tenant_id, workspace_id, external_id)
    values (wt.tenant_row(tenant), wt.workspace_row(tenant, workspace), datasource)
    on conflict (tenant_id, workspace_id, external_id) do nothing;
end $$;

-- Adds a member or changes one. Any change raises the version, which ends the member's live boundaries.
create function wt.operator_put_member(token text, tenant text, workspace text, issuer text, subject text, role text, tools text[], datasources text[])
returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  t uuid;
  w uuid;
  allowed uuid[];
begin
  perform wt.verify(token, 'o');
  t := wt.tenant_row(tenant);
  w := wt.workspace_row(tenant, workspace);
  allowed := array(select d.id from wt.datasource d
                   where d.tenant_id = t and d.workspace_id = w and d.external_id = any (datasources) order by d.id);
  if cardinality(allowed) <> (select count(distinct name) from unnest(datasources) name) then
    raise exception 'watertight: no such datasource' using errcode = 'P0002';
  end if;
  insert into wt.member as m (tenant_id, workspace_id, issuer, subject, role, allowed_tools, allowed_datasources)
    values (t, w, operator_put_member.issuer, operator_put_member.subject, operator_put_member.role, tools, allowed)
    on conflict (tenant_id, workspace_id, issuer, subject) where not removed
    do update set role = excluded.role, allowed_tools = excluded.allowed_tools, allowed_datasources = excluded.allowed_datasources, version = m.version + 1
    where (m.role, m.allowed_tools, m.allowed_datasources) is distinct from (excluded.role, excluded.allowed_tools, excluded.allowed_datasources);
end $$;

create function wt.operator_remove_member(token text, tenant text, workspace text, issuer text, subject text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  update wt.member m set removed = true, version = m.version + 1
    where m.tenant_id = wt.tenant_row(tenant) and m.workspace_id = wt.workspace_row(tenant, workspace)
      and m.issuer = operator_remove_member.issuer and m.subject = operator_remove_member.subject and not m.removed;
  return found;
end $$;

create function wt.operator_suspend_tenant(token text, tenant text, suspended boolean) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  update wt.tenant t set suspended = operator_suspend_tenant.suspended, epoch = t.epoch + 1 where t.id = wt.tenant_row(tenant);
end $$;

create function wt.operator_raise_epoch(token text, tenant text) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  raised bigint;
begin
  perform wt.verify(token, 'o');
  update wt.tenant t set epoch = t.epoch + 1 where t.id = wt.tenant_row(tenant) returning t.epoch into raised;
  return raised;
end $$;

create function wt.operator_raise_version(token text, tenant text, workspace text, issuer text, subject text) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  raised bigint;
begin
  perform wt.verify(token, 'o');
  update wt.member m set version = m.version + 1
    where m.tenant_id = wt.tenant_row(tenant) and m.workspace_id = wt.workspace_row(tenant, workspace)
      and m.issuer = operator_raise_version.issuer and m.subject = operator_raise_version.subject and not m.removed
    returning m.version into raised;
  if raised is null then
    raise exception 'watertight: no such member' using errcode = 'P0002';
  end if;
  return raised;
end $$;

-- Mirrors what an application's own directory answered, so that policies can check it. Returns nothing: the grant is then
-- read the same way as everybody's. An epoch or version that is not the one of the last answer ends what was granted by it.
create function wt.operator_mirror_grant(token text, tenant text, plan text, region text, workspace text, issuer text, subject text, role text,
  tools text[], datasources text[], epoch bigint, version bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  datasource text;
  t uuid;
  w uuid;
begin
  perform wt.verify(token, 'o');
  perform wt.operator_put_tenant(token, tenant, plan, region);
  perform wt.operator_put_workspace(token, tenant, workspace);
  foreach datasource in array datasources loop
    perform wt.operator_put_datasource(token, tenant, workspace, datasource);
  end loop;
  perform wt.operator_put_member(token, tenant, workspace, issuer, subject, role, tools, datasources);
  -- Found first: the planner would call a stable function by the snapshot from before the tenant was added.
  t := wt.tenant_row(tenant);
  w := wt.workspace_row(tenant, workspace);
  update wt.tenant k set mirrored_epoch = operator_mirror_grant.epoch, epoch = k.epoch + 1
    where k.id = t and k.mirrored_epoch is distinct from operator_mirror_grant.epoch;
  update wt.member m set mirrored_version = operator_mirror_grant.version, version = m.version + 1
    where m.tenant_id = t and m.workspace_id = w and m.issuer = operator_mirror_grant.issuer
      and m.subject = operator_mirror_grant.subject and not m.removed
      and m.mirrored_version is distinct from operator_mirror_grant.version;
end $$;

-- Removes expired run state, at most `maximum` rows at a time. Nothing depends on it: expired state is unreadable anyway.
create function wt.operator_sweep_run_state(token text, maximum int) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  swept bigint;
begin
  perform wt.verify(token, 'o');
  with expired as (select s.ctid from wt.run_state s where s.expires_at <= clock_timestamp() limit maximum)
  delete from wt.run_state s using expired where s.ctid = expired.ctid;
  get diagnostics swept = row_count;
  return swept;
end $$;

-- Not for the application: the rows of names that the operator gave. Nobody's tenant has the empty name, which is refused.
create function wt.tenant_row(tenant text) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  found_id uuid;
begin
  select t.id into found_id from wt.tenant t where t.external_id = tenant and tenant <> '';
  if found_id is null then
    raise exception 'watertight: no such tenant' using errcode = 'P0002';
  end if;
  return found_id;
end $$;

create function wt.workspace_row(tenant text, workspace text) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  found_id uuid;
begin
  select w.id into found_id from wt.workspace w where w.tenant_id = wt.tenant_row(tenant) and w.external_id = workspace;
  if found_id is null then
    raise exception 'watertight: no such workspace' using errcode = 'P0002';
  end if;
  return found_id;
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on all functions in schema wt from public;
grant execute on function wt.operator_ping(text), wt.operator_put_tenant(text, text, text, text), wt.operator_put_workspace(text, text, text),
  wt.operator_put_datasource(text, text, text, text), wt.operator_put_member(text, text, text, text, text, text, text[], text[]),
  wt.operator_remove_member(text, text, text, text, text), wt.operator_suspend_tenant(text, text, boolean),
  wt.operator_raise_epoch(text, text), wt.operator_raise_version(text, text, text, text, text),
  wt.operator_mirror_grant(text, text, text, text, text, text, text, text, text[], text[], bigint, bigint),
  wt.operator_sweep_run_state(text, int) to :"app";
