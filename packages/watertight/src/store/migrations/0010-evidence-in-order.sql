-- Evidence in the order in which it was written, also where the clock does not tell: embedded it moves once a millisecond,
-- in which several batches are written. What one transaction wrote stays together, the older transaction first.
create or replace function wt.audit_of_run(token text, run uuid)
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
    order by e.at, age(e.xmin) desc, e.position;
end $$;
