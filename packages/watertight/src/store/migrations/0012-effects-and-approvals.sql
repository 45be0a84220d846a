-- What tools do, once, and what a person must consent to first. A ledger row for each effect, which tells whether it was
-- begun, made, or is not known to have been made; its result, which belongs to the run; and the approvals.

create table wt.effect (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  member_id uuid not null default (wt.boundary()).member,
  run_id uuid not null,
  -- SHA-256 over tenant, workspace, run, step, tool and canonical arguments, in hex: without a key, so that whoever holds
  -- the same words can say which row is theirs
  key text collate "C" not null,
  tool_id text collate "C" not null,
  state text collate "C" not null default 'started' check (state in ('started', 'done', 'unknown')),
  tries int not null default 1,
  -- who is at it, and until when that is taken for alive: it says so again and again while it is
  holder uuid not null,
  held_until timestamptz not null,
  started_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workspace_id, member_id, run_id, key),
  foreign key (tenant_id, workspace_id, member_id, run_id) references wt.run (tenant_id, workspace_id, member_id, id)
);

create table wt.effect_result (
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

create table wt.approval (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  id uuid not null default gen_random_uuid(),
  member_id uuid not null default (wt.boundary()).member,
  run_id uuid not null,
  tool_id text collate "C" not null,
  -- SHA-256 over the canonical arguments, in hex; the arguments themselves, for the eyes of who decides
  digest text collate "C" not null,
  input json not null,
  approver_roles text[] collate "C" not null,
  requested_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  state text collate "C" not null default 'waiting' check (state in ('waiting', 'approved', 'denied', 'used')),
  decided_by uuid,
  decided_role text collate "C",
  -- the member's version at that time: whoever was changed or removed since no longer stands behind it
  decided_version bigint,
  primary key (tenant_id, workspace_id, id),
  foreign key (tenant_id, workspace_id, member_id, run_id) references wt.run (tenant_id, workspace_id, member_id, id),
  -- Nobody consents to what is done in their own name.
  check (decided_by <> member_id),
  check ((state = 'waiting') = (decided_by is null) and (decided_by is null) = (decided_role is null) and (decided_by is null) = (decided_version is null))
);
create index approval_of_run on wt.approval (tenant_id, workspace_id, member_id, run_id);

insert into wt.effect (tenant_id, workspace_id, member_id, run_id, key, tool_id, holder, held_until) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', '', '00000000-0000-0000-0000-000000000000', 'infinity');
insert into wt.effect_result (tenant_id, workspace_id, member_id, run_id, key, value, expires_at) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 'null', 'infinity');
insert into wt.approval (tenant_id, workspace_id, member_id, run_id, tool_id, digest, input, approver_roles, expires_at) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', '', 'null', '{}', 'infinity');

-- The version of a member of this boundary's own workspace; null for anybody else, and for who was removed.
create function wt.member_version(member uuid) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary();
begin
  return (select m.version from wt.member m
          where m.tenant_id = b.tenant and m.workspace_id = b.workspace and m.id = member_version.member and not m.removed);
end $$;

-- Effects hold no content: each member sees their own, and admins the workspace's. One that was made is never changed again.
-- What is not known to have been made, a person settles: the member whose it is, or an admin.
alter table wt.effect enable row level security;
alter table wt.effect force row level security;
create policy floor on wt.effect as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy read on wt.effect for select to :"app"
  using (member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) in ('admin', 'owner'));
create policy start on wt.effect for insert to :"app"
  with check (member_id = (select b.member from wt.boundary() b) and state = 'started');
create policy proceed on wt.effect for update to :"app"
  using (member_id = (select b.member from wt.boundary() b) and state <> 'done')
  with check (member_id = (select b.member from wt.boundary() b));
create policy settle on wt.effect for update to :"app"
  using ((select b.role from wt.boundary() b) in ('admin', 'owner') and (state = 'unknown' or (state = 'started' and held_until <= clock_timestamp())))
  with check ((select b.role from wt.boundary() b) in ('admin', 'owner') and state = 'done');
create policy settle_absent on wt.effect for delete to :"app"
  using ((member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) in ('admin', 'owner'))
    and (state = 'unknown' or (state = 'started' and held_until <= clock_timestamp())));
grant select, insert (tenant_id, workspace_id, member_id, run_id, key, tool_id, state, holder, held_until), update (state, tries, holder, held_until), delete
  on wt.effect to :"app";

-- A result is its run's, as run state is.
alter table wt.effect_result enable row level security;
alter table wt.effect_result force row level security;
create policy floor on wt.effect_result as restrictive to :"app"
  using ((tenant_id, workspace_id, member_id, true) = (select b.tenant, b.workspace, b.member, true from wt.boundary() b));
create policy own on wt.effect_result to :"app" using (expires_at > clock_timestamp());
grant select, insert, delete on wt.effect_result to :"app";
-- The owner, who sweeps, sees expired rows, those of runs that have ended, and no others.
create policy sweep_read on wt.effect_result for select to current_user
  using (expires_at <= clock_timestamp() or exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) =
    (effect_result.tenant_id, effect_result.workspace_id, effect_result.member_id, effect_result.run_id) and r.ended_at is not null));
create policy sweep_delete on wt.effect_result for delete to current_user using (true);

-- An approval is asked for in one's own name, decided in the approver's own boundary by a role that was named when it was
-- asked for, and used up once by who asked, while who decided still stands as they did then. No policy lets one person do
-- two of the three for another's sake: both sides of an update name whose row it is.
alter table wt.approval enable row level security;
alter table wt.approval force row level security;
create policy floor on wt.approval as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy read on wt.approval for select to :"app"
  using (member_id = (select b.member from wt.boundary() b) or (select b.role from wt.boundary() b) = any (approver_roles));
create policy ask on wt.approval for insert to :"app"
  with check (member_id = (select b.member from wt.boundary() b) and state = 'waiting' and expires_at > clock_timestamp());
create policy decide on wt.approval for update to :"app"
  using (member_id <> (select b.member from wt.boundary() b) and (select b.role from wt.boundary() b) = any (approver_roles)
    and state = 'waiting' and expires_at > clock_timestamp())
  with check (member_id <> (select b.member from wt.boundary() b) and state in ('approved', 'denied')
    and (decided_by, decided_role) = (select b.member, b.role from wt.boundary() b) and decided_version = wt.member_version(decided_by));
create policy use_up on wt.approval for update to :"app"
  using (member_id = (select b.member from wt.boundary() b) and state = 'approved' and expires_at > clock_timestamp()
    and decided_version = wt.member_version(decided_by))
  with check (member_id = (select b.member from wt.boundary() b) and state = 'used');
create policy take_back on wt.approval for delete to :"app" using (member_id = (select b.member from wt.boundary() b));
grant select, insert (tenant_id, workspace_id, id, member_id, run_id, tool_id, digest, input, approver_roles, expires_at),
  update (state, decided_by, decided_role, decided_version), delete on wt.approval to :"app";
-- What nobody can use any more goes with its run. The rest goes thirty days after its end: its arguments are somebody's data.
create policy sweep_read on wt.approval for select to current_user
  using (expires_at <= clock_timestamp() - interval '30 days' or exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) =
    (approval.tenant_id, approval.workspace_id, approval.member_id, approval.run_id) and r.ended_at is not null));
create policy sweep_delete on wt.approval for delete to current_user
  using (expires_at <= clock_timestamp() - interval '30 days' or state in ('waiting', 'approved'));

-- Begins an effect, inside a transaction that has its token. One row of: 'begun', and the caller acts; 'done' with the stored
-- result, which is absent where it was withheld; 'underway', while who holds it is alive; 'unknown', where nobody can say,
-- with the try that is in doubt; 'ended', where the run has. Where a person must consent, the approval is used up by the same statement, or it raises and
-- nothing was begun.
create function wt.effect_claim(run uuid, key text, tool text, holder uuid, lease_ms double precision, digest text)
returns table (outcome text, value json, doubted uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b constant wt.scope := wt.boundary();
  found_state text;
  found_until timestamptz;
begin
  perform from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (b.tenant, b.workspace, b.member, effect_claim.run)
                          and r.ended_at is null and r.expires_at > clock_timestamp();
  if not found then
    return query select 'ended', null::json, null::uuid;
    return;
  end if;
  insert into wt.effect (tenant_id, workspace_id, member_id, run_id, key, tool_id, holder, held_until)
    values (b.tenant, b.workspace, b.member, effect_claim.run, effect_claim.key, effect_claim.tool, effect_claim.holder,
            clock_timestamp() + make_interval(secs => lease_ms / 1000))
    on conflict on constraint effect_pkey do nothing;
  if found then
    if digest is not null then
      update wt.approval a set state = 'used'
        where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member) and a.state = 'approved' and a.id =
          (select x.id from wt.approval x
           where (x.tenant_id, x.workspace_id, x.member_id) = (b.tenant, b.workspace, b.member) and x.run_id = effect_claim.run
             and x.tool_id = effect_claim.tool and x.digest = effect_claim.digest and x.state = 'approved'
             and x.expires_at > clock_timestamp() and x.decided_version = wt.member_version(x.decided_by)
           order by x.requested_at limit 1);
      if not found then
        raise exception 'watertight: no approval' using errcode = '42501';
      end if;
    end if;
    return query select 'begun', null::json, null::uuid;
    return;
  end if;
  select e.state, e.held_until into found_state, found_until from wt.effect e
    where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_claim.run and e.key = effect_claim.key;
  if found_state = 'done' then
    return query select 'done', (select x.value from wt.effect_result x
      where (x.tenant_id, x.workspace_id, x.member_id) = (b.tenant, b.workspace, b.member) and x.run_id = effect_claim.run and x.key = effect_claim.key), null::uuid;
  elsif found_state = 'started' and found_until > clock_timestamp() then
    return query select 'underway', null::json, null::uuid;
  else
    update wt.effect e set state = 'unknown'
      where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_claim.run and e.key = effect_claim.key
        and e.state = 'started' and e.held_until <= clock_timestamp();
    -- Only of a try that is over: one that somebody has begun since is another question.
    return query select 'unknown', null::json, (select e.holder from wt.effect e
      where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_claim.run
        and e.key = effect_claim.key and e.state = 'unknown');
  end if;
end $$;

-- Ends what `holder` has begun: 'done', with its result where there is one to keep, or 'unknown'. False where it is no longer
-- the holder's to say. Whoever was taken for dead and was not may still say that it was made.
create function wt.effect_close(run uuid, key text, holder uuid, state text, value json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b constant wt.scope := wt.boundary();
begin
  -- Of what its holder is done with, no late word of it says that it is alive.
  update wt.effect e set state = effect_close.state,
      held_until = case effect_close.state when 'unknown' then '-infinity' else e.held_until end
    where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_close.run and e.key = effect_close.key
      and e.holder = effect_close.holder and e.state <> 'done';
  if not found then
    return false;
  end if;
  if effect_close.value is not null then
    insert into wt.effect_result (tenant_id, workspace_id, member_id, run_id, key, value, expires_at)
      select b.tenant, b.workspace, b.member, effect_close.run, effect_close.key, effect_close.value, r.expires_at from wt.run r
      where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (b.tenant, b.workspace, b.member, effect_close.run)
        and r.ended_at is null and r.expires_at > clock_timestamp();
  end if;
  return true;
end $$;

create function wt.effect_begin(token text, run uuid, key text, tool text, holder uuid, lease_ms double precision, digest text, events json)
returns table (outcome text, value json, doubted uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  claimed record;
begin
  perform set_config('wt.token', token, true);
  select * into claimed from wt.effect_claim(run, key, tool, holder, lease_ms, digest);
  if claimed.outcome = 'begun' then
    perform wt.audit_append(events);
  end if;
  return query select claimed.outcome, claimed.value, claimed.doubted;
end $$;

-- Begins anew what is not known to have been made, once the tool itself has said of the doubted try that it was not: what was
-- looked up before another try says nothing of that one.
create function wt.effect_begin_again(token text, run uuid, key text, doubted uuid, holder uuid, lease_ms double precision, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  update wt.effect e set state = 'started', tries = e.tries + 1, holder = effect_begin_again.holder,
      held_until = clock_timestamp() + make_interval(secs => lease_ms / 1000)
    where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_begin_again.run
      and e.key = effect_begin_again.key and e.state = 'unknown' and e.holder = effect_begin_again.doubted
      and exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (b.tenant, b.workspace, b.member, effect_begin_again.run)
                  and r.ended_at is null and r.expires_at > clock_timestamp());
  if not found then
    return false;
  end if;
  perform wt.audit_append(events);
  return true;
end $$;

-- Says that who holds an effect is alive: also where somebody took it for dead, unless another has begun since.
create function wt.effect_renew(token text, run uuid, key text, holder uuid, lease_ms double precision) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  update wt.effect e set state = 'started', held_until = clock_timestamp() + make_interval(secs => lease_ms / 1000)
    where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_renew.run
      and e.key = effect_renew.key and e.holder = effect_renew.holder and e.state <> 'done' and e.held_until > '-infinity';
  return found;
end $$;

create function wt.effect_finish(token text, run uuid, key text, holder uuid, state text, value json, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  closed boolean;
begin
  perform set_config('wt.token', token, true);
  closed := wt.effect_close(run, key, holder, state, value);
  perform wt.audit_append(events);
  return closed;
end $$;

-- The stored answer of one's own effect that was made; no row where it was not.
create function wt.effect_done(token text, run uuid, key text) returns table (value json)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  return query
    select x.value from wt.effect e
    left join wt.effect_result x on x.tenant_id = e.tenant_id and x.workspace_id = e.workspace_id and x.member_id = e.member_id
      and x.run_id = e.run_id and x.key = e.key
    where (e.tenant_id, e.workspace_id, e.member_id) = (b.tenant, b.workspace, b.member) and e.run_id = effect_done.run
      and e.key = effect_done.key and e.state = 'done';
end $$;

-- What is not known to have been made, as far as this boundary may see it, oldest first.
create function wt.effect_unsettled(token text, maximum int)
returns table (tenant_id uuid, workspace_id uuid, run_id uuid, key text, attempt uuid, tool_id text, user_id text, tries int, started_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select e.tenant_id, e.workspace_id, e.run_id, e.key, e.holder, e.tool_id, wt.member_name(e.member_id), e.tries, extract(epoch from e.started_at)::double precision * 1000
    from wt.effect e
    where (e.tenant_id, e.workspace_id) = (select b.tenant, b.workspace from wt.boundary() b)
      and (e.state = 'unknown' or (e.state = 'started' and e.held_until <= clock_timestamp()))
    order by e.started_at, e.key limit maximum;
end $$;

-- A person's word on what is not known: 'done', and it is never made again; or 'absent', and the next try makes it. It is of
-- one try: whoever looked before another says nothing of that one.
create function wt.effect_settle(token text, run uuid, key text, attempt uuid, verdict text, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  if verdict = 'done' then
    update wt.effect e set state = 'done'
      where (e.tenant_id, e.workspace_id) = (b.tenant, b.workspace) and e.run_id = effect_settle.run and e.key = effect_settle.key
        and e.holder = effect_settle.attempt
        and (e.state = 'unknown' or (e.state = 'started' and e.held_until <= clock_timestamp()));
  elsif verdict = 'absent' then
    delete from wt.effect e
      where (e.tenant_id, e.workspace_id) = (b.tenant, b.workspace) and e.run_id = effect_settle.run and e.key = effect_settle.key
        and e.holder = effect_settle.attempt
        and (e.state = 'unknown' or (e.state = 'started' and e.held_until <= clock_timestamp()));
  else
    raise exception 'watertight: no such verdict' using errcode = '22023';
  end if;
  if not found then
    return false;
  end if;
  perform wt.audit_append(events);
  return true;
end $$;

-- Asks for consent, or finds the answer to the same question of the same run. One row: 'waiting', 'approved', 'denied', or
-- 'many' where the run has asked for more than a person can be expected to read.
create function wt.approval_request(token text, run uuid, tool text, digest text, input json, approver_roles text[], lifetime_ms double precision, events json)
returns table (state text, id uuid)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  b wt.scope;
  found_state text;
  found_id uuid;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  select a.state, a.id into found_state, found_id from wt.approval a
    where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member) and a.run_id = approval_request.run
      and a.tool_id = approval_request.tool and a.digest = approval_request.digest and a.expires_at > clock_timestamp()
      and (a.state in ('waiting', 'denied') or (a.state = 'approved' and a.decided_version = wt.member_version(a.decided_by)))
    order by a.state, a.requested_at limit 1;
  if not found then
    if (select count(*) from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member)
          and a.run_id = approval_request.run and a.state = 'waiting' and a.expires_at > clock_timestamp()) >= 100 then
      found_state := 'many';
    else
      insert into wt.approval as a (tenant_id, workspace_id, member_id, run_id, tool_id, digest, input, approver_roles, expires_at)
        values (b.tenant, b.workspace, b.member, approval_request.run, approval_request.tool, approval_request.digest, approval_request.input,
                approval_request.approver_roles, clock_timestamp() + make_interval(secs => lifetime_ms / 1000))
        returning a.state, a.id into found_state, found_id;
    end if;
  end if;
  perform wt.audit_append(events);
  return query select found_state, found_id;
end $$;

-- The requests that are open, as far as this boundary may see them: its own, and those that its role may decide.
create function wt.approval_list(token text, maximum int)
returns table (tenant_id uuid, workspace_id uuid, id uuid, run_id uuid, tool_id text, digest text, input json, approver_roles text[], state text,
               user_id text, decided_by text, mine boolean, requested_ms double precision, expires_ms double precision)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select a.tenant_id, a.workspace_id, a.id, a.run_id, a.tool_id, a.digest, a.input, a.approver_roles, a.state, wt.member_name(a.member_id),
           wt.member_name(a.decided_by), a.member_id = (select b.member from wt.boundary() b),
           extract(epoch from a.requested_at)::double precision * 1000, extract(epoch from a.expires_at)::double precision * 1000
    from wt.approval a
    where (a.tenant_id, a.workspace_id) = (select b.tenant, b.workspace from wt.boundary() b)
      and a.expires_at > clock_timestamp() and wt.member_version(a.member_id) is not null
      and (a.state = 'waiting' or (a.state = 'approved' and a.decided_version = wt.member_version(a.decided_by)))
    order by a.requested_at, a.id limit maximum;
end $$;

-- Decides one: 'decided'; 'own', where it was asked for in the decider's own name; 'absent' for whatever is not there for
-- this boundary to decide: missing, somebody else's, decided already, used up or over.
create function wt.approval_decide(token text, approval uuid, verdict text, events json) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  if verdict not in ('approved', 'denied') then
    raise exception 'watertight: no such verdict' using errcode = '22023';
  end if;
  perform from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member) and a.id = approval;
  if found then
    return 'own';
  end if;
  update wt.approval a set state = verdict, decided_by = b.member, decided_role = b.role, decided_version = wt.member_version(b.member)
    where (a.tenant_id, a.workspace_id) = (b.tenant, b.workspace) and a.id = approval and a.state = 'waiting' and a.expires_at > clock_timestamp()
      and a.member_id <> b.member and b.role = any (a.approver_roles);
  if not found then
    return 'absent';
  end if;
  perform wt.audit_append(events);
  return 'decided';
end $$;

-- What is a person's own of all this; how many rows went.
create function wt.effect_erase(token text) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b wt.scope;
  results bigint;
  approvals bigint;
begin
  perform set_config('wt.token', token, true);
  b := wt.boundary();
  delete from wt.effect_result x where (x.tenant_id, x.workspace_id, x.member_id) = (b.tenant, b.workspace, b.member);
  get diagnostics results = row_count;
  delete from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member);
  get diagnostics approvals = row_count;
  return results + approvals;
end $$;

create function wt.effect_export(token text) returns table (kind text, id text, value json)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select 'approval', a.id::text, json_build_object('tool', a.tool_id, 'input', a.input, 'state', a.state) from wt.approval a
    where (a.tenant_id, a.workspace_id, a.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b)
    union all
    select 'result', x.key, x.value from wt.effect_result x
    where (x.tenant_id, x.workspace_id, x.member_id) = (select b.tenant, b.workspace, b.member from wt.boundary() b);
end $$;

-- Ends a run once: its state, the results of its effects and the requests that nobody can use any more go, its evidence stays. False when it had ended, or is nobody's we know.
create or replace function wt.run_end(token text, run uuid, events json) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b wt.scope;
begin
  perform set_config('wt.token', token, true);
  perform wt.audit_append(events);
  b := wt.boundary();
  update wt.run r set ended_at = clock_timestamp()
    where (r.tenant_id, r.workspace_id, r.member_id) = (b.tenant, b.workspace, b.member) and r.id = run and r.ended_at is null;
  if not found then
    return false;
  end if;
  delete from wt.run_state s where (s.tenant_id, s.workspace_id, s.member_id) = (b.tenant, b.workspace, b.member) and s.run_id = run;
  delete from wt.effect_result x where (x.tenant_id, x.workspace_id, x.member_id) = (b.tenant, b.workspace, b.member) and x.run_id = run;
  delete from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id) = (b.tenant, b.workspace, b.member) and a.run_id = run
    and a.state in ('waiting', 'approved');
  return true;
end $$;

-- Removes what has expired, at most `maximum` rows of each kind at a time. Nothing depends on it: what expired is unreadable anyway.
create function wt.operator_sweep_effects(token text, maximum int) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  results bigint;
  approvals bigint;
begin
  perform wt.verify(token, 'o');
  -- The conditions of the owner's policies once more: embedded, the owner is above them.
  with over as (
    select x.ctid from wt.effect_result x
    where x.expires_at <= clock_timestamp() or exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) =
      (x.tenant_id, x.workspace_id, x.member_id, x.run_id) and r.ended_at is not null)
    limit maximum)
  delete from wt.effect_result x using over where x.ctid = over.ctid;
  get diagnostics results = row_count;
  with over as (select a.ctid from wt.approval a where a.expires_at <= clock_timestamp() - interval '30 days' limit maximum)
  delete from wt.approval a using over where a.ctid = over.ctid;
  get diagnostics approvals = row_count;
  return results + approvals;
end $$;

-- Evidence that comes late (0008), with what was decided by.
create or replace function wt.operator_late_evidence(token text, tenant uuid, workspace uuid, member uuid, run uuid, ended boolean, events json)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
      prompt_version, policy_hash, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
    select tenant, workspace, member, e.position, e.event, coalesce(e.decision, 'allowed'), e.surface, e.reason, e.trace_id, run,
      e.prompt_version, coalesce(e.policy_hash, ''), e.retrieval_namespace, coalesce(e.tool_ids, '{}'), coalesce(e.datasource_ids, '{}'),
      coalesce(e.blocked_cross_boundary_resources, 0), coalesce(e.detail, '{}')
    from rows from (json_to_recordset(events) as (event text, decision text, surface text, reason text, trace_id text,
      prompt_version text, policy_hash text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json))
      with ordinality as e (event, decision, surface, reason, trace_id, prompt_version, policy_hash, retrieval_namespace, tool_ids,
        datasource_ids, blocked_cross_boundary_resources, detail, position);
  if not ended then
    return false;
  end if;
  update wt.run r set ended_at = clock_timestamp()
    where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (tenant, workspace, member, run) and r.ended_at is null;
  if not found then
    return false;
  end if;
  delete from wt.run_state s where (s.tenant_id, s.workspace_id, s.member_id, s.run_id) = (tenant, workspace, member, run);
  delete from wt.effect_result x where (x.tenant_id, x.workspace_id, x.member_id, x.run_id) = (tenant, workspace, member, run);
  delete from wt.approval a where (a.tenant_id, a.workspace_id, a.member_id, a.run_id) = (tenant, workspace, member, run)
    and a.state in ('waiting', 'approved');
  return true;
end $$;

-- No statistics of what tenants wrote (0007).
do $$
declare
  c record;
begin
  for c in
    select a.attrelid::regclass as relation, a.attname as name
    from pg_attribute a join pg_class t on t.oid = a.attrelid
    where t.relnamespace = 'wt'::regnamespace and t.relkind = 'r' and t.relname in ('effect', 'effect_result', 'approval')
      and a.attnum > 0 and not a.attisdropped and a.atttypid <> 'uuid'::regtype
  loop
    execute format('alter table %s alter %I set statistics 0', c.relation, c.name);
  end loop;
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on function wt.member_version(uuid), wt.effect_claim(uuid, text, text, uuid, double precision, text),
  wt.effect_close(uuid, text, uuid, text, json), wt.effect_begin(text, uuid, text, text, uuid, double precision, text, json),
  wt.effect_begin_again(text, uuid, text, uuid, uuid, double precision, json), wt.effect_renew(text, uuid, text, uuid, double precision),
  wt.effect_finish(text, uuid, text, uuid, text, json, json), wt.effect_done(text, uuid, text), wt.effect_unsettled(text, int), wt.effect_settle(text, uuid, text, uuid, text, json),
  wt.approval_request(text, uuid, text, text, json, text[], double precision, json), wt.approval_list(text, int),
  wt.approval_decide(text, uuid, text, json), wt.effect_erase(text), wt.effect_export(text), wt.operator_sweep_effects(text, int) from public;
grant execute on function wt.member_version(uuid), wt.effect_claim(uuid, text, text, uuid, double precision, text),
  wt.effect_close(uuid, text, uuid, text, json), wt.effect_begin(text, uuid, text, text, uuid, double precision, text, json),
  wt.effect_begin_again(text, uuid, text, uuid, uuid, double precision, json), wt.effect_renew(text, uuid, text, uuid, double precision),
  wt.effect_finish(text, uuid, text, uuid, text, json, json), wt.effect_done(text, uuid, text), wt.effect_unsettled(text, int), wt.effect_settle(text, uuid, text, uuid, text, json),
  wt.approval_request(text, uuid, text, text, json, text[], double precision, json), wt.approval_list(text, int),
  wt.approval_decide(text, uuid, text, json), wt.effect_erase(text), wt.effect_export(text), wt.operator_sweep_effects(text, int) to :"app";
