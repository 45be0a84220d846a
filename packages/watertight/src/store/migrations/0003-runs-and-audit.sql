-- Runs, their state, and the audit log. Every customer table below has the same skeleton:
--   keys led by tenant and workspace, and by the member of what is one person's; nobody's row; row security enabled and forced; a restrictive floor that no later
--   permissive policy can widen; permissive policies that say the rest. Policies are `to` the application's role:
--   whoever else is let in finds no policy, hence no row.
-- `true` in a floor is what makes it raise before anything else is looked at. The planner sorts conditions by cost, and
-- may put a caller's own leakproof ones (`key > 'm'`) in front of a policy's: without a token these would then tell, by
-- raising or not, whether any customer's row meets them. `true` becomes a condition without cost, which goes first. It
-- does so only in the first restrictive policy by name: keep `floor` that one.

create table wt.run (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  id uuid not null default gen_random_uuid(),
  member_id uuid not null default (wt.boundary()).member,
  agent text not null,
  prompt_version text not null,
  trace_id text not null,
  started_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, workspace_id, member_id, id),
  foreign key (tenant_id, workspace_id, member_id) references wt.member (tenant_id, workspace_id, id)
);

create table wt.run_state (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  member_id uuid not null default (wt.boundary()).member,
  run_id uuid not null,
  key text collate "C" not null,
  value json not null,
  expires_at timestamptz not null,
  primary key (tenant_id, workspace_id, member_id, run_id, key),
  foreign key (tenant_id, workspace_id, member_id, run_id) references wt.run (tenant_id, workspace_id, member_id, id)
);

create table wt.audit_event (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  id uuid not null default gen_random_uuid(),
  member_id uuid not null default (wt.boundary()).member,
  at timestamptz not null default clock_timestamp(),
  position int not null,
  event text not null,
  decision text not null check (decision in ('allowed', 'refused')),
  surface text not null,
  reason text,
  trace_id text not null,
  agent_run_id uuid,
  prompt_version text,
  retrieval_namespace text,
  tool_ids text[] not null,
  datasource_ids text[] not null,
  blocked_cross_boundary_resources int not null check (blocked_cross_boundary_resources >= 0),
  detail json not null,
  primary key (tenant_id, workspace_id, id),
  foreign key (tenant_id, workspace_id, member_id) references wt.member (tenant_id, workspace_id, id),
  -- An event names a run of its own member or none: nobody files evidence under somebody else's run.
  foreign key (tenant_id, workspace_id, member_id, agent_run_id) references wt.run (tenant_id, workspace_id, member_id, id)
);
create index audit_event_run on wt.audit_event (tenant_id, workspace_id, agent_run_id, at, position);

-- Nobody's rows (see 0001): never visible, and the reason why no table is ever empty.
insert into wt.run (tenant_id, workspace_id, id, member_id, agent, prompt_version, trace_id, expires_at) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', '', '', 'infinity');
insert into wt.run_state (tenant_id, workspace_id, member_id, run_id, key, value, expires_at) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 'null', 'infinity');
insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, trace_id, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 0, '', 'allowed', '', '', '{}', '{}', 0, '{}');

alter table wt.run enable row level security;
alter table wt.run force row level security;
create policy floor on wt.run as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy read on wt.run for select to :"app"
  using (member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) in ('admin', 'owner'));
create policy start on wt.run for insert to :"app" with check (member_id = (select b.member from wt.boundary() b));
create policy finish on wt.run for update to :"app" using (member_id = (select b.member from wt.boundary() b));
grant select, insert, update (ended_at, expires_at) on wt.run to :"app";

-- Expired state is unreadable by policy, whether or not a sweep has come by.
alter table wt.run_state enable row level security;
alter table wt.run_state force row level security;
create policy floor on wt.run_state as restrictive to :"app"
  using ((tenant_id, workspace_id, member_id, true) = (select b.tenant, b.workspace, b.member, true from wt.boundary() b));
create policy own on wt.run_state to :"app" using (expires_at > clock_timestamp());
grant select, insert, update, delete on wt.run_state to :"app";
-- The owner, who sweeps, sees expired rows and no others.
create policy sweep_read on wt.run_state for select to current_user using (expires_at <= clock_timestamp());
create policy sweep_delete on wt.run_state for delete to current_user using (expires_at <= clock_timestamp());

-- Append-only: no update, no delete is granted. Each member reads what was done in their name, admins the workspace's.
alter table wt.audit_event enable row level security;
alter table wt.audit_event force row level security;
create policy floor on wt.audit_event as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy read on wt.audit_event for select to :"app"
  using (member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) in ('admin', 'owner'));
create policy append on wt.audit_event for insert to :"app" with check (member_id = (select b.member from wt.boundary() b));
grant select, insert on wt.audit_event to :"app";

-- Appends a batch, within whatever transaction calls it: an effect and its evidence commit together or not at all.
create function wt.audit_append(events json) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary();
begin
  insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
      prompt_version, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
    select b.tenant, b.workspace, b.member, e.position, e.event, e.decision, e.surface, e.reason, e.trace_id, e.agent_run_id,
      e.prompt_version, e.retrieval_namespace, e.tool_ids, e.datasource_ids, e.blocked_cross_boundary_resources, e.detail
    from rows from (json_to_recordset(events) as (event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid,
      prompt_version text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json))
      with ordinality as e (event, decision, surface, reason, trace_id, agent_run_id, prompt_version, retrieval_namespace, tool_ids,
        datasource_ids, blocked_cross_boundary_resources, detail, position);
end $$;

create function wt.audit_record(token text, events json) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  perform wt.audit_append(events);
end $$;

create function wt.run_start(token text, run uuid, agent text, prompt_version text, trace text, lifetime_ms double precision, events json)
returns double precision
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  ends timestamptz := clock_timestamp() + make_interval(secs => lifetime_ms / 1000);
begin
  perform set_config('wt.token', token, true);
  insert into wt.run (id, agent, prompt_version, trace_id, expires_at) values (run, agent, prompt_version, trace, ends);
  perform wt.audit_append(events);
  return extract(epoch from ends) * 1000;
end $$;

-- Ends a run once: its state goes, its evidence stays. False when it had ended, or is nobody's we know.
create function wt.run_end(token text, run uuid, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  perform wt.audit_append(events);
  update wt.run r set ended_at = clock_timestamp()
    where (r.tenant_id, r.workspace_id, r.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b)
      and r.id = run and r.ended_at is null;
  if not found then
    return false;
  end if;
  delete from wt.run_state s
    where (s.tenant_id, s.workspace_id, s.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b) and s.run_id = run;
  return true;
end $$;

create function wt.run_state_get(token text, run uuid, key text) returns table (value json)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query select s.value from wt.run_state s
    where (s.tenant_id, s.workspace_id, s.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b)
      and s.run_id = run and s.key = run_state_get.key and s.expires_at > clock_timestamp();
end $$;

-- False when the run has ended or outlived its time: state never outlives the run that it belongs to.
create function wt.run_state_set(token text, run uuid, key text, value json, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  ends timestamptz;
begin
  perform set_config('wt.token', token, true);
  select r.expires_at into ends from wt.run r
    where (r.tenant_id, r.workspace_id, r.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b)
      and r.id = run and r.ended_at is null and r.expires_at > clock_timestamp();
  if not found then
    return false;
  end if;
  insert into wt.run_state as s (run_id, key, value, expires_at) values (run, run_state_set.key, run_state_set.value, ends)
    on conflict on constraint run_state_pkey do update set value = excluded.value, expires_at = excluded.expires_at;
  perform wt.audit_append(events);
  return true;
end $$;

create function wt.run_state_delete(token text, run uuid, key text, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  gone boolean;
begin
  perform set_config('wt.token', token, true);
  delete from wt.run_state s
    where (s.tenant_id, s.workspace_id, s.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b)
      and s.run_id = run and s.key = run_state_delete.key;
  gone := found;
  perform wt.audit_append(events);
  return gone;
end $$;

-- The events of one run, oldest first; none when there is no such run that this boundary may see.
create function wt.audit_of_run(token text, run uuid)
returns table (at_ms double precision, user_id text, event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid,
               prompt_version text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select extract(epoch from e.at)::double precision * 1000, wt.member_name(e.member_id), e.event, e.decision, e.surface, e.reason, e.trace_id,
           e.agent_run_id, e.prompt_version, e.retrieval_namespace, e.tool_ids, e.datasource_ids, e.blocked_cross_boundary_resources, e.detail
    from wt.audit_event e
    where (e.tenant_id, e.workspace_id) = (select b.tenant, b.workspace from wt.boundary() b) and e.agent_run_id = run
    order by e.at, e.position;
end $$;

-- The application's name of a member of this boundary's own workspace; null for any other id.
create function wt.member_name(member uuid) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary();
begin
  return (select m.subject from wt.member m where m.tenant_id = b.tenant and m.workspace_id = b.workspace and m.id = member_name.member);
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on all functions in schema wt from public;
grant execute on function wt.audit_append(json), wt.audit_record(text, json), wt.run_start(text, uuid, text, text, text, double precision, json),
  wt.run_end(text, uuid, json), wt.run_state_get(text, uuid, text), wt.run_state_set(text, uuid, text, json, json),
  wt.run_state_delete(text, uuid, text, json), wt.audit_of_run(text, uuid), wt.member_name(uuid) to :"app";
