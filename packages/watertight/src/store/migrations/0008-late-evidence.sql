-- Evidence that comes late: what a run noted while its boundary was live, and a run's end, reach the log also when the
-- boundary was revoked or expired before. Behind the operator door, because no boundary is left that could append it.

-- For the owner, as whom the function below runs. It files events under runs that are there,
-- ends a run once, and takes the state of one that has ended. It changes and removes no event.
create policy late_append on wt.audit_event for insert to current_user with check (agent_run_id is not null);
create policy late_find on wt.run for select to current_user using (true);
create policy late_end on wt.run for update to current_user using (ended_at is null) with check (ended_at is not null);
create policy late_state_find on wt.run_state for select to current_user
  using (exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (run_state.tenant_id, run_state.workspace_id,
    run_state.member_id, run_state.run_id) and r.ended_at is not null));
create policy late_state_delete on wt.run_state for delete to current_user
  using (exists (select from wt.run r where (r.tenant_id, r.workspace_id, r.member_id, r.id) = (run_state.tenant_id, run_state.workspace_id,
    run_state.member_id, run_state.run_id) and r.ended_at is not null));

-- Whose the events are and which run they belong to is told by the server, as the boundary was that noted them; what the
-- events themselves say of it is not read. Returns whether this call ended the run.
create function wt.operator_late_evidence(token text, tenant uuid, workspace uuid, member uuid, run uuid, ended boolean, events json)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform wt.verify(token, 'o');
  insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
      prompt_version, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
    select tenant, workspace, member, e.position, e.event, coalesce(e.decision, 'allowed'), e.surface, e.reason, e.trace_id, run,
      e.prompt_version, e.retrieval_namespace, coalesce(e.tool_ids, '{}'), coalesce(e.datasource_ids, '{}'),
      coalesce(e.blocked_cross_boundary_resources, 0), coalesce(e.detail, '{}')
    from rows from (json_to_recordset(events) as (event text, decision text, surface text, reason text, trace_id text,
      prompt_version text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json))
      with ordinality as e (event, decision, surface, reason, trace_id, prompt_version, retrieval_namespace, tool_ids,
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
  return true;
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on function wt.operator_late_evidence(text, uuid, uuid, uuid, uuid, boolean, json) from public;
grant execute on function wt.operator_late_evidence(text, uuid, uuid, uuid, uuid, boolean, json) to :"app";
