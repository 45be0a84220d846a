/**
 * Copies what lies in one seat into another, which it makes: tenant, workspace, datasource and member by their ids, then
 * every row of theirs. Thousands of worlds are furnished alike; how their rows came there is no part of what is compared.
 */
export const copySeat = `create schema proof;
create function proof.copy_seat(source text, tenant text, workspace text, subject text, role text) returns table (run uuid)
language plpgsql as $$
#variable_conflict use_variable
declare
  o wt.member;
  t uuid; w uuid; d uuid; m uuid; r uuid;
  from_datasource uuid;
begin
  select member.* into strict o from wt.member join wt.tenant owner on owner.id = member.tenant_id
   where owner.external_id = source and member.subject = 'template';
  select x.id into from_datasource from wt.datasource x where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id;

  select x.id into t from wt.tenant x where x.external_id = tenant;
  if t is null then
    insert into wt.tenant as x (external_id, plan, region) values (tenant, 'pro', 'eu') returning x.id into t;
  end if;
  select x.id into w from wt.workspace x where x.tenant_id = t and x.external_id = workspace;
  if w is null then
    insert into wt.workspace as x (tenant_id, external_id) values (t, workspace) returning x.id into w;
    insert into wt.datasource as x (tenant_id, workspace_id, external_id) values (t, w, 'docs');
  end if;
  select x.id into d from wt.datasource x where x.tenant_id = t and x.workspace_id = w;
  insert into wt.member as x (tenant_id, workspace_id, issuer, subject, role, allowed_tools, allowed_datasources)
    values (t, w, o.issuer, subject, role, o.allowed_tools, array[d]) returning x.id into m;

  insert into wt.user_memory select t, w, m, x.key, x.value, x.source from wt.user_memory x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.member_id = o.id;
  insert into wt.workspace_memory select t, w, x.key, x.value, x.source from wt.workspace_memory x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id;
  insert into wt.tenant_memory select t, x.workspace_id, x.key, x.value, x.source from wt.tenant_memory x
    where x.tenant_id = o.tenant_id;

  insert into wt.document select t, w, d, x.embedder, x.id, x.title from wt.document x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.datasource_id = from_datasource;
  insert into wt.chunk select t, w, d, x.embedder, x.number, x.document_id, x.segment, x.heading, x.body from wt.chunk x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.datasource_id = from_datasource;
  insert into wt.segment select t, w, d, x.embedder, x.number, x.size, x.chunks, x.vectors from wt.segment x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.datasource_id = from_datasource;
  insert into wt.generation select t, w, d, x.embedder, x.generation, x.next_chunk from wt.generation x
    where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.datasource_id = from_datasource;
  insert into desk.ticket select tenant, workspace, x.id, x.title, x.status from desk.ticket x where x.tenant_id = source;

  for r in select x.id from wt.run x where x.tenant_id = o.tenant_id and x.workspace_id = o.workspace_id and x.member_id = o.id
  loop
    run := gen_random_uuid();
    insert into wt.run (tenant_id, workspace_id, id, member_id, agent, prompt_version, trace_id, expires_at)
      select t, w, run, m, x.agent, x.prompt_version, x.trace_id, x.expires_at from wt.run x where x.tenant_id = o.tenant_id and x.id = r;
    insert into wt.run_state (tenant_id, workspace_id, member_id, run_id, key, value, expires_at)
      select t, w, m, run, x.key, x.value, x.expires_at from wt.run_state x where x.tenant_id = o.tenant_id and x.run_id = r;
    insert into wt.audit_event (tenant_id, workspace_id, member_id, position, event, decision, surface, reason, trace_id, agent_run_id,
        prompt_version, retrieval_namespace, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail)
      select t, w, m, x.position, x.event, x.decision, x.surface, x.reason, x.trace_id, run, x.prompt_version,
        x.retrieval_namespace, x.tool_ids, x.datasource_ids, x.blocked_cross_boundary_resources, x.detail
        from wt.audit_event x where x.tenant_id = o.tenant_id and x.agent_run_id = r;
    return next;
  end loop;
end $$;`
