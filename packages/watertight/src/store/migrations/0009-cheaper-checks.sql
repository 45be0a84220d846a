-- The check of a boundary at half its price, hot reads without a function in their plan, evidence without a lookup for each
-- row; and two things that SQL inside a boundary could do to its own evidence and can no more.

-- What every policy of the built-in tables compares with: the scope of a true token whose tenant and member are still as
-- they were when it was granted. Evaluated once per statement as `(select .. from wt.boundary())`. In one function, and a
-- lookup by key for each table, because every statement on a customer table waits for it: a join of the three takes a
-- quarter longer. No field is cast or compared before the mac is known to be right.
create or replace function wt.boundary() returns wt.scope
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  token constant text := current_setting('wt.token', true);
  body constant text := substr(token, 66);
  f constant text[] := string_to_array(body, '|');
  inner_pad bytea; outer_pad bytea; tenant uuid; workspace uuid; member uuid; tenant_epoch bigint; member_version bigint;
begin
  select k.ipad, k.opad into inner_pad, outer_pad from wt.key k where k.kid = f[2];
  if substr(token, 1, 65) = encode(sha256(outer_pad || sha256(inner_pad || convert_to(body, 'UTF8'))), 'hex') || '.' then
    if f[1] = 'b' and (f[3] = '0' or f[3]::int = pg_backend_pid()) and f[4]::bigint >= extract(epoch from clock_timestamp()) * 1000 then
      tenant := f[6]; workspace := f[7]; member := f[8]; tenant_epoch := f[10]; member_version := f[11];
      perform from wt.tenant t where t.id = tenant and t.epoch = tenant_epoch and not t.suspended;
      if found then
        perform from wt.member m where m.tenant_id = tenant and m.workspace_id = workspace and m.id = member
                                   and m.version = member_version and not m.removed;
        if found then
          return (tenant, workspace, member, f[9], string_to_array(f[12], ',')::uuid[])::wt.scope;
        end if;
      end if;
    end if;
  end if;
  -- Which defect it was: what `verify` lets pass was true once.
  perform wt.verify(token, 'b');
  raise exception 'watertight: revoked token' using errcode = '42501';
end $$;

-- The same for the application's own protected tables, which keep the application's ids.
create or replace function wt.application_boundary() returns wt.application_scope
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary(); -- raises unless the token is true: only then are its fields what we wrote
  f constant text[] := string_to_array(substr(current_setting('wt.token', true), 66), '|');
begin
  return (convert_from(decode(f[13], 'hex'), 'UTF8'), convert_from(decode(f[14], 'hex'), 'UTF8'),
          convert_from(decode(f[15], 'hex'), 'UTF8'), b.role)::wt.application_scope;
end $$;
drop function wt.live_fields();

-- The keys of tenant, workspace and member are given as well as signed: the filter and the policy each hold alone. Rows come
-- with their owner, which the caller compares once more.
--
-- SQL that the planner takes apart: no call of a function remains in the plan. The token is set in the outer part, on which
-- the inner one depends, so it stands before a row is looked at; should a planner ever see that otherwise, the policy finds
-- no token and raises. Parsed once, when made (`begin atomic`): the caller's search path means nothing to it.
drop function wt.memory_get(text, uuid, uuid, uuid, text, text);
create function wt.memory_get_user(token text, tenant uuid, workspace uuid, member uuid, key text)
returns table (tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision)
language sql stable
begin atomic
  select r.* from (select set_config('wt.token', token, true) as token offset 0) t,
    lateral (
      select m.tenant_id, m.workspace_id, m.member_id, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.user_memory m
      where m.tenant_id = memory_get_user.tenant and m.workspace_id = memory_get_user.workspace and m.member_id = memory_get_user.member and m.key = memory_get_user.key and t.token is not null offset 0) r;
end;

create function wt.memory_get_workspace(token text, tenant uuid, workspace uuid, member uuid, key text)
returns table (tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision)
language sql stable
begin atomic
  select r.* from (select set_config('wt.token', token, true) as token offset 0) t,
    lateral (
      select m.tenant_id, m.workspace_id, null::uuid, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.workspace_memory m
      where m.tenant_id = memory_get_workspace.tenant and m.workspace_id = memory_get_workspace.workspace and m.key = memory_get_workspace.key and t.token is not null offset 0) r;
end;

create function wt.memory_get_tenant(token text, tenant uuid, workspace uuid, member uuid, key text)
returns table (tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision)
language sql stable
begin atomic
  select r.* from (select set_config('wt.token', token, true) as token offset 0) t,
    lateral (
      select m.tenant_id, null::uuid, null::uuid, m.value, m.source, extract(epoch from m.updated_at)::double precision * 1000 from wt.tenant_memory m
      where m.tenant_id = memory_get_tenant.tenant and m.workspace_id = '00000000-0000-0000-0000-000000000000' and m.key = memory_get_tenant.key and t.token is not null offset 0) r;
end;

-- The floor says of an insert whose it must be, so that the check is evaluated once. When an event happened is
-- the database's word, not that of SQL inside the boundary.
alter policy floor on wt.audit_event
  with check ((tenant_id, workspace_id, member_id, true) = (select b.tenant, b.workspace, b.member, true from wt.boundary() b));
alter policy append on wt.audit_event with check (true);
revoke insert on wt.audit_event from :"app";
grant insert (tenant_id, workspace_id, id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id, prompt_version,
  retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail) on wt.audit_event to :"app";

-- A run ends once: one that has ended is no longer there to be changed, and its time cannot be moved.
alter policy finish on wt.run using (member_id = (select b.member from wt.boundary() b) and ended_at is null)
  with check (member_id = (select b.member from wt.boundary() b) and ended_at is not null);
revoke insert on wt.run from :"app";
revoke update (expires_at) on wt.run from :"app";
grant insert (tenant_id, workspace_id, member_id, id, agent, prompt_version, trace_id, expires_at) on wt.run to :"app";

-- A run is of one member: under an id that is taken somebody else could file evidence which an admin would read as its.
create unique index run_id on wt.run (tenant_id, workspace_id, id);

-- Nobody files evidence under somebody else's run. Asked once for a statement: two foreign keys asked for each row, which
-- took more than half the time of a flush. The member is the floor's to check. With the owner's rights, under which a run is
-- found without asking for the boundary again (`late_find`, 0008); it says no more than a foreign key would.
alter table wt.audit_event drop constraint audit_event_tenant_id_workspace_id_member_id_fkey,
  drop constraint audit_event_tenant_id_workspace_id_member_id_agent_run_id_fkey;
create function wt.require_own_run() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (
    select from (select distinct tenant_id, workspace_id, member_id, agent_run_id from added where agent_run_id is not null) e
    where not exists (select from wt.run r where r.tenant_id = e.tenant_id and r.workspace_id = e.workspace_id
                        and r.member_id = e.member_id and r.id = e.agent_run_id))
  then
    raise exception 'watertight: no such run' using errcode = '23503';
  end if;
  return null;
end $$;
create trigger own_run after insert on wt.audit_event referencing new table as added
  for each statement execute function wt.require_own_run();

-- Appends a batch, within whatever transaction calls it: an effect and its evidence commit together or not at all. What an
-- event leaves out is what most events say.
create or replace function wt.audit_append(events json) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary();
begin
  insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
      prompt_version, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
    select b.tenant, b.workspace, b.member, e.position, e.event, coalesce(e.decision, 'allowed'), e.surface, e.reason, e.trace_id, e.agent_run_id,
      e.prompt_version, e.retrieval_namespace, coalesce(e.tool_ids, '{}'), coalesce(e.datasource_ids, '{}'),
      coalesce(e.blocked_cross_boundary_resources, 0), coalesce(e.detail, '{}')
    from rows from (json_to_recordset(events) as (event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid,
      prompt_version text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json))
      with ordinality as e (event, decision, surface, reason, trace_id, agent_run_id, prompt_version, retrieval_namespace, tool_ids,
        datasource_ids, blocked_cross_boundary_resources, detail, position);
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on function wt.require_own_run(), wt.memory_get_user(text, uuid, uuid, uuid, text), wt.memory_get_workspace(text, uuid, uuid, uuid, text),
  wt.memory_get_tenant(text, uuid, uuid, uuid, text) from public;
grant execute on function wt.memory_get_user(text, uuid, uuid, uuid, text), wt.memory_get_workspace(text, uuid, uuid, uuid, text),
  wt.memory_get_tenant(text, uuid, uuid, uuid, text) to :"app";
