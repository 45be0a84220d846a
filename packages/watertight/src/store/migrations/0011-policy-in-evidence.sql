-- Every event names what was decided by: the hash of the floor and of the policy above it.

alter table wt.audit_event add column policy_hash text not null default '';
alter table wt.audit_event alter policy_hash set statistics 0;
grant insert (policy_hash) on wt.audit_event to :"app";

-- Appends a batch, within whatever transaction calls it: an effect and its evidence commit together or not at all. What an
-- event leaves out is what most events say.
create or replace function wt.audit_append(events json) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  b constant wt.scope := wt.boundary();
begin
  insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
      prompt_version, policy_hash, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
    select b.tenant, b.workspace, b.member, e.position, e.event, coalesce(e.decision, 'allowed'), e.surface, e.reason, e.trace_id, e.agent_run_id,
      e.prompt_version, coalesce(e.policy_hash, ''), e.retrieval_namespace, coalesce(e.tool_ids, '{}'), coalesce(e.datasource_ids, '{}'),
      coalesce(e.blocked_cross_boundary_resources, 0), coalesce(e.detail, '{}')
    from rows from (json_to_recordset(events) as (event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid,
      prompt_version text, policy_hash text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources int, detail json))
      with ordinality as e (event, decision, surface, reason, trace_id, agent_run_id, prompt_version, policy_hash, retrieval_namespace, tool_ids,
        datasource_ids, blocked_cross_boundary_resources, detail, position);
end $$;

-- The events of one run, oldest first; none when there is no such run that this boundary may see. In the order in which they
-- were written, also where the clock does not tell (0010).
drop function wt.audit_of_run(text, uuid);
create function wt.audit_of_run(token text, run uuid)
returns table (at_ms double precision, user_id text, event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid,
               prompt_version text, policy_hash text, retrieval_namespace text, tool_ids text[], datasource_ids text[],
               blocked_cross_boundary_resources int, detail json)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select extract(epoch from e.at)::double precision * 1000, wt.member_name(e.member_id), e.event, e.decision, e.surface, e.reason, e.trace_id,
           e.agent_run_id, e.prompt_version, e.policy_hash, e.retrieval_namespace, e.tool_ids, e.datasource_ids,
           e.blocked_cross_boundary_resources, e.detail
    from wt.audit_event e
    where (e.tenant_id, e.workspace_id) = (select b.tenant, b.workspace from wt.boundary() b) and e.agent_run_id = run
    order by e.at, age(e.xmin) desc, e.position;
end $$;
revoke execute on function wt.audit_of_run(text, uuid) from public;
grant execute on function wt.audit_of_run(text, uuid) to :"app";
