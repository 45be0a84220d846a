// Written by `npm run pin` from the migrations. Do not edit.

/** What the migrations of this version make of the schema `wt`: each object, and all that is true of it. */
export const pinnedSchema: Readonly<Record<string, string>> = {
  'column wt.application_scope.member': 'text collate default',
  'column wt.application_scope.role': 'text collate default',
  'column wt.application_scope.tenant': 'text collate default',
  'column wt.application_scope.workspace': 'text collate default',
  'column wt.approval.approver_roles': 'text[] collate C not null statistics 0',
  'column wt.approval.decided_by': 'uuid',
  'column wt.approval.decided_role': 'text collate C statistics 0',
  'column wt.approval.decided_version': 'bigint statistics 0',
  'column wt.approval.digest': 'text collate C not null statistics 0',
  'column wt.approval.expires_at': 'timestamp with time zone not null statistics 0',
  'column wt.approval.id': 'uuid not null default gen_random_uuid()',
  'column wt.approval.input': 'json not null statistics 0',
  'column wt.approval.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.approval.requested_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.approval.run_id': 'uuid not null',
  'column wt.approval.state': "text collate C not null default 'waiting'::text statistics 0",
  'column wt.approval.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.approval.tool_id': 'text collate C not null statistics 0',
  'column wt.approval.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.audit_event.agent_run_id': 'uuid',
  'column wt.audit_event.at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.audit_event.blocked_cross_boundary_resources': 'integer not null statistics 0',
  'column wt.audit_event.datasource_ids': 'text[] collate default not null statistics 0',
  'column wt.audit_event.decision': 'text collate default not null statistics 0',
  'column wt.audit_event.detail': 'json not null statistics 0',
  'column wt.audit_event.event': 'text collate default not null statistics 0',
  'column wt.audit_event.id': 'uuid not null default gen_random_uuid()',
  'column wt.audit_event.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.audit_event.policy_hash': "text collate default not null default ''::text statistics 0",
  'column wt.audit_event.position': 'integer not null statistics 0',
  'column wt.audit_event.prompt_version': 'text collate default statistics 0',
  'column wt.audit_event.reason': 'text collate default statistics 0',
  'column wt.audit_event.retrieval_namespace': 'text collate default statistics 0',
  'column wt.audit_event.surface': 'text collate default not null statistics 0',
  'column wt.audit_event.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.audit_event.tool_ids': 'text[] collate default not null statistics 0',
  'column wt.audit_event.trace_id': 'text collate default not null statistics 0',
  'column wt.audit_event.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.chunk.body': 'text collate default not null statistics 0',
  'column wt.chunk.datasource_id': 'uuid not null',
  'column wt.chunk.document_id': 'text collate C not null statistics 0',
  'column wt.chunk.embedder': 'text collate C not null statistics 0',
  'column wt.chunk.heading': 'text collate default not null statistics 0',
  'column wt.chunk.number': 'bigint not null statistics 0',
  'column wt.chunk.segment': 'integer not null statistics 0',
  'column wt.chunk.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.chunk.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.datasource.external_id': 'text collate C not null statistics 0',
  'column wt.datasource.id': 'uuid not null default gen_random_uuid()',
  'column wt.datasource.tenant_id': 'uuid not null',
  'column wt.datasource.workspace_id': 'uuid not null',
  'column wt.document.added_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.document.datasource_id': 'uuid not null',
  'column wt.document.embedder': 'text collate C not null statistics 0',
  'column wt.document.id': 'text collate C not null statistics 0',
  'column wt.document.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.document.title': 'text collate default not null statistics 0',
  'column wt.document.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.effect.held_until': 'timestamp with time zone not null statistics 0',
  'column wt.effect.holder': 'uuid not null',
  'column wt.effect.key': 'text collate C not null statistics 0',
  'column wt.effect.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.effect.run_id': 'uuid not null',
  'column wt.effect.started_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.effect.state': "text collate C not null default 'started'::text statistics 0",
  'column wt.effect.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.effect.tool_id': 'text collate C not null statistics 0',
  'column wt.effect.tries': 'integer not null default 1 statistics 0',
  'column wt.effect.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.effect_result.expires_at': 'timestamp with time zone not null statistics 0',
  'column wt.effect_result.key': 'text collate C not null statistics 0',
  'column wt.effect_result.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.effect_result.run_id': 'uuid not null',
  'column wt.effect_result.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.effect_result.value': 'json not null statistics 0',
  'column wt.effect_result.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.generation.datasource_id': 'uuid not null',
  'column wt.generation.embedder': 'text collate C not null statistics 0',
  'column wt.generation.generation': 'bigint not null default 0 statistics 0',
  'column wt.generation.next_chunk': 'bigint not null default 1 statistics 0',
  'column wt.generation.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.generation.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.key.created_at': 'timestamp with time zone not null default now() statistics 0',
  'column wt.key.ipad': 'bytea not null statistics 0',
  'column wt.key.kid': 'text collate C not null statistics 0',
  'column wt.key.opad': 'bytea not null statistics 0',
  'column wt.member.allowed_datasources': "uuid[] not null default '{}'::uuid[] statistics 0",
  'column wt.member.allowed_tools': "text[] collate C not null default '{}'::text[] statistics 0",
  'column wt.member.id': 'uuid not null default gen_random_uuid()',
  'column wt.member.issuer': 'text collate C not null statistics 0',
  'column wt.member.mirrored_version': 'bigint statistics 0',
  'column wt.member.removed': 'boolean not null default false statistics 0',
  'column wt.member.role': 'text collate default not null statistics 0',
  'column wt.member.subject': 'text collate C not null statistics 0',
  'column wt.member.tenant_id': 'uuid not null',
  'column wt.member.version': 'bigint not null default 0 statistics 0',
  'column wt.member.workspace_id': 'uuid not null',
  'column wt.migration.applied_at': 'timestamp with time zone not null default now() statistics 0',
  'column wt.migration.name': 'text collate default not null statistics 0',
  'column wt.migration.sha256': 'text collate default not null statistics 0',
  'column wt.migration.version': 'integer not null statistics 0',
  'column wt.run.agent': 'text collate default not null statistics 0',
  'column wt.run.ended_at': 'timestamp with time zone statistics 0',
  'column wt.run.expires_at': 'timestamp with time zone not null statistics 0',
  'column wt.run.id': 'uuid not null default gen_random_uuid()',
  'column wt.run.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.run.prompt_version': 'text collate default not null statistics 0',
  'column wt.run.started_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.run.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.run.trace_id': 'text collate default not null statistics 0',
  'column wt.run.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.run_state.expires_at': 'timestamp with time zone not null statistics 0',
  'column wt.run_state.key': 'text collate C not null statistics 0',
  'column wt.run_state.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.run_state.run_id': 'uuid not null',
  'column wt.run_state.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.run_state.value': 'json not null statistics 0',
  'column wt.run_state.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.scope.datasources': 'uuid[]',
  'column wt.scope.member': 'uuid',
  'column wt.scope.role': 'text collate default',
  'column wt.scope.tenant': 'uuid',
  'column wt.scope.workspace': 'uuid',
  'column wt.segment.chunks': 'bytea not null statistics 0',
  'column wt.segment.datasource_id': 'uuid not null',
  'column wt.segment.embedder': 'text collate C not null statistics 0',
  'column wt.segment.number': 'integer not null statistics 0',
  'column wt.segment.size': 'integer not null statistics 0',
  'column wt.segment.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.segment.vectors': 'bytea not null statistics 0',
  'column wt.segment.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.setting.name': 'text collate C not null statistics 0',
  'column wt.setting.value': 'text collate default not null statistics 0',
  'column wt.tenant.epoch': 'bigint not null default 0 statistics 0',
  'column wt.tenant.external_id': 'text collate C not null statistics 0',
  'column wt.tenant.id': 'uuid not null default gen_random_uuid()',
  'column wt.tenant.mirrored_epoch': 'bigint statistics 0',
  'column wt.tenant.plan': 'text collate default not null statistics 0',
  'column wt.tenant.region': 'text collate default not null statistics 0',
  'column wt.tenant.suspended': 'boolean not null default false statistics 0',
  'column wt.tenant_memory.key': 'text collate C not null statistics 0',
  'column wt.tenant_memory.source': 'json not null statistics 0',
  'column wt.tenant_memory.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.tenant_memory.updated_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.tenant_memory.value': 'json not null statistics 0',
  'column wt.tenant_memory.workspace_id': "uuid not null default '00000000-0000-0000-0000-000000000000'::uuid",
  'column wt.user_memory.key': 'text collate C not null statistics 0',
  'column wt.user_memory.member_id': 'uuid not null default (wt.boundary()).member',
  'column wt.user_memory.source': 'json not null statistics 0',
  'column wt.user_memory.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.user_memory.updated_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.user_memory.value': 'json not null statistics 0',
  'column wt.user_memory.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'column wt.workspace.external_id': 'text collate C not null statistics 0',
  'column wt.workspace.id': 'uuid not null default gen_random_uuid()',
  'column wt.workspace.tenant_id': 'uuid not null',
  'column wt.workspace_memory.key': 'text collate C not null statistics 0',
  'column wt.workspace_memory.source': 'json not null statistics 0',
  'column wt.workspace_memory.tenant_id': 'uuid not null default (wt.boundary()).tenant',
  'column wt.workspace_memory.updated_at': 'timestamp with time zone not null default clock_timestamp() statistics 0',
  'column wt.workspace_memory.value': 'json not null statistics 0',
  'column wt.workspace_memory.workspace_id': 'uuid not null default (wt.boundary()).workspace',
  'constraint approval_check of wt.approval': 'CHECK ((decided_by <> member_id))',
  'constraint approval_check1 of wt.approval':
    "CHECK ((((state = 'waiting'::text) = (decided_by IS NULL)) AND ((decided_by IS NULL) = (decided_role IS NULL)) AND ((decided_by IS NULL) = (decided_version IS NULL))))",
  'constraint approval_pkey of wt.approval': 'PRIMARY KEY (tenant_id, workspace_id, id)',
  'constraint approval_state_check of wt.approval':
    "CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'denied'::text, 'used'::text])))",
  'constraint approval_tenant_id_workspace_id_member_id_run_id_fkey of wt.approval':
    'FOREIGN KEY (tenant_id, workspace_id, member_id, run_id) REFERENCES wt.run(tenant_id, workspace_id, member_id, id)',
  'constraint audit_event_blocked_cross_boundary_resources_check of wt.audit_event':
    'CHECK ((blocked_cross_boundary_resources >= 0))',
  'constraint audit_event_decision_check of wt.audit_event':
    "CHECK ((decision = ANY (ARRAY['allowed'::text, 'refused'::text])))",
  'constraint audit_event_pkey of wt.audit_event': 'PRIMARY KEY (tenant_id, workspace_id, id)',
  'constraint chunk_pkey of wt.chunk': 'PRIMARY KEY (tenant_id, workspace_id, datasource_id, embedder, number)',
  'constraint chunk_tenant_id_workspace_id_datasource_id_embedder_docume_fkey of wt.chunk':
    'FOREIGN KEY (tenant_id, workspace_id, datasource_id, embedder, document_id) REFERENCES wt.document(tenant_id, workspace_id, datasource_id, embedder, id)',
  'constraint datasource_pkey of wt.datasource': 'PRIMARY KEY (tenant_id, workspace_id, id)',
  'constraint datasource_tenant_id_workspace_id_external_id_key of wt.datasource':
    'UNIQUE (tenant_id, workspace_id, external_id)',
  'constraint datasource_tenant_id_workspace_id_fkey of wt.datasource':
    'FOREIGN KEY (tenant_id, workspace_id) REFERENCES wt.workspace(tenant_id, id)',
  'constraint document_pkey of wt.document': 'PRIMARY KEY (tenant_id, workspace_id, datasource_id, embedder, id)',
  'constraint document_tenant_id_workspace_id_datasource_id_fkey of wt.document':
    'FOREIGN KEY (tenant_id, workspace_id, datasource_id) REFERENCES wt.datasource(tenant_id, workspace_id, id)',
  'constraint effect_pkey of wt.effect': 'PRIMARY KEY (tenant_id, workspace_id, member_id, run_id, key)',
  'constraint effect_result_pkey of wt.effect_result': 'PRIMARY KEY (tenant_id, workspace_id, member_id, run_id, key)',
  'constraint effect_result_tenant_id_workspace_id_member_id_run_id_fkey of wt.effect_result':
    'FOREIGN KEY (tenant_id, workspace_id, member_id, run_id) REFERENCES wt.run(tenant_id, workspace_id, member_id, id)',
  'constraint effect_state_check of wt.effect':
    "CHECK ((state = ANY (ARRAY['started'::text, 'done'::text, 'unknown'::text])))",
  'constraint effect_tenant_id_workspace_id_member_id_run_id_fkey of wt.effect':
    'FOREIGN KEY (tenant_id, workspace_id, member_id, run_id) REFERENCES wt.run(tenant_id, workspace_id, member_id, id)',
  'constraint generation_pkey of wt.generation': 'PRIMARY KEY (tenant_id, workspace_id, datasource_id, embedder)',
  'constraint generation_tenant_id_workspace_id_datasource_id_fkey of wt.generation':
    'FOREIGN KEY (tenant_id, workspace_id, datasource_id) REFERENCES wt.datasource(tenant_id, workspace_id, id)',
  'constraint key_pkey of wt.key': 'PRIMARY KEY (kid)',
  'constraint member_pkey of wt.member': 'PRIMARY KEY (tenant_id, workspace_id, id)',
  'constraint member_tenant_id_workspace_id_fkey of wt.member':
    'FOREIGN KEY (tenant_id, workspace_id) REFERENCES wt.workspace(tenant_id, id)',
  'constraint migration_pkey of wt.migration': 'PRIMARY KEY (version)',
  'constraint run_pkey of wt.run': 'PRIMARY KEY (tenant_id, workspace_id, member_id, id)',
  'constraint run_state_pkey of wt.run_state': 'PRIMARY KEY (tenant_id, workspace_id, member_id, run_id, key)',
  'constraint run_state_tenant_id_workspace_id_member_id_run_id_fkey of wt.run_state':
    'FOREIGN KEY (tenant_id, workspace_id, member_id, run_id) REFERENCES wt.run(tenant_id, workspace_id, member_id, id)',
  'constraint run_tenant_id_workspace_id_member_id_fkey of wt.run':
    'FOREIGN KEY (tenant_id, workspace_id, member_id) REFERENCES wt.member(tenant_id, workspace_id, id)',
  'constraint segment_pkey of wt.segment': 'PRIMARY KEY (tenant_id, workspace_id, datasource_id, embedder, number)',
  'constraint segment_size_check of wt.segment': 'CHECK (((size >= 0) AND (size <= 512)))',
  'constraint segment_tenant_id_workspace_id_datasource_id_fkey of wt.segment':
    'FOREIGN KEY (tenant_id, workspace_id, datasource_id) REFERENCES wt.datasource(tenant_id, workspace_id, id)',
  'constraint setting_pkey of wt.setting': 'PRIMARY KEY (name)',
  'constraint tenant_external_id_key of wt.tenant': 'UNIQUE (external_id)',
  'constraint tenant_memory_pkey of wt.tenant_memory': 'PRIMARY KEY (tenant_id, workspace_id, key)',
  'constraint tenant_memory_tenant_id_fkey of wt.tenant_memory': 'FOREIGN KEY (tenant_id) REFERENCES wt.tenant(id)',
  'constraint tenant_memory_workspace_id_check of wt.tenant_memory':
    "CHECK ((workspace_id = '00000000-0000-0000-0000-000000000000'::uuid))",
  'constraint tenant_pkey of wt.tenant': 'PRIMARY KEY (id)',
  'constraint user_memory_pkey of wt.user_memory': 'PRIMARY KEY (tenant_id, workspace_id, member_id, key)',
  'constraint user_memory_tenant_id_workspace_id_member_id_fkey of wt.user_memory':
    'FOREIGN KEY (tenant_id, workspace_id, member_id) REFERENCES wt.member(tenant_id, workspace_id, id)',
  'constraint workspace_memory_pkey of wt.workspace_memory': 'PRIMARY KEY (tenant_id, workspace_id, key)',
  'constraint workspace_memory_tenant_id_workspace_id_fkey of wt.workspace_memory':
    'FOREIGN KEY (tenant_id, workspace_id) REFERENCES wt.workspace(tenant_id, id)',
  'constraint workspace_pkey of wt.workspace': 'PRIMARY KEY (tenant_id, id)',
  'constraint workspace_tenant_id_external_id_key of wt.workspace': 'UNIQUE (tenant_id, external_id)',
  'constraint workspace_tenant_id_fkey of wt.workspace': 'FOREIGN KEY (tenant_id) REFERENCES wt.tenant(id)',
  'function wt.application_boundary()':
    'plpgsql stable definer parallel r, () returns wt.application_scope, set search_path=pg_catalog, pg_temp, owned by owner, body 7f84fff2126bd610cb0ff7591b614bc8124c9a1024f7a1acfb08e078de98280b',
  'function wt.approval_decide(text,uuid,text,json)':
    'plpgsql volatile invoker, (token text, approval uuid, verdict text, events json) returns text, set search_path=pg_catalog, pg_temp, owned by owner, body 74a718399b945a11675c31e54d0c4a3351be90ae623270e5ccafd8c560ab9394',
  'function wt.approval_list(text,integer)':
    'plpgsql volatile invoker, (token text, maximum integer) returns TABLE(tenant_id uuid, workspace_id uuid, id uuid, run_id uuid, tool_id text, digest text, input json, approver_roles text[], state text, user_id text, decided_by text, mine boolean, requested_ms double precision, expires_ms double precision), set search_path=pg_catalog, pg_temp, owned by owner, body 62e463354bc5e1d1ce669b65501b83cabb4407cf4f052ea21e3fcc54892dd1fd',
  'function wt.approval_request(text,uuid,text,text,json,text[],double precision,json)':
    'plpgsql volatile invoker, (token text, run uuid, tool text, digest text, input json, approver_roles text[], lifetime_ms double precision, events json) returns TABLE(state text, id uuid), set search_path=pg_catalog, pg_temp, owned by owner, body 79b721159f817b7e38b8eb11133bae9a114e29fe0faf6ce0a6060b176a56e240',
  'function wt.audit_append(json)':
    'plpgsql volatile invoker, (events json) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body b94bc6afcdedb2d466e1beb9cff6ca3083c618fffbae0429b6d81956bb8c5ae2',
  'function wt.audit_of_run(text,uuid)':
    'plpgsql volatile invoker, (token text, run uuid) returns TABLE(at_ms double precision, user_id text, event text, decision text, surface text, reason text, trace_id text, agent_run_id uuid, prompt_version text, policy_hash text, retrieval_namespace text, tool_ids text[], datasource_ids text[], blocked_cross_boundary_resources integer, detail json), set search_path=pg_catalog, pg_temp, owned by owner, body 1940b0c42b48cc8ef4837e9c6eccde422c0d3eaaf793efcc0cb6e0f6d4cc8d26',
  'function wt.audit_record(text,json)':
    'plpgsql volatile invoker, (token text, events json) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 4839618d750a201af7fb8a36ef3e4ff292e0601a57dfc2a2216146c549bf5772',
  'function wt.boundary()':
    'plpgsql stable definer parallel r, () returns wt.scope, set search_path=pg_catalog, pg_temp, owned by owner, body e8c6a5230fb94c6a95fa068fd11594919cae041df757d54f294ee2701c645fda',
  'function wt.effect_begin(text,uuid,text,text,uuid,double precision,text,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, tool text, holder uuid, lease_ms double precision, digest text, events json) returns TABLE(outcome text, value json, doubted uuid), set search_path=pg_catalog, pg_temp, owned by owner, body d46c54e18e483e4374e961585a87bbbb14f3a21a291a26419ec4e1bdacd2a5a3',
  'function wt.effect_begin_again(text,uuid,text,uuid,uuid,double precision,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, doubted uuid, holder uuid, lease_ms double precision, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body 4eb5ddb1a52cd3f8be60ef7afa346299da4aebf3269f9dec09496fc4f41ba0f5',
  'function wt.effect_claim(uuid,text,text,uuid,double precision,text)':
    'plpgsql volatile invoker, (run uuid, key text, tool text, holder uuid, lease_ms double precision, digest text) returns TABLE(outcome text, value json, doubted uuid), set search_path=pg_catalog, pg_temp, owned by owner, body 9e6f0fbfdf7946b10f77fe4b6d1499a321a12ab779789f2a66aa952416785241',
  'function wt.effect_close(uuid,text,uuid,text,json)':
    'plpgsql volatile invoker, (run uuid, key text, holder uuid, state text, value json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body ebf9dbdd35f175eccc28eae8d9c781cb06f0ac80ee29a8ff4d1aa7033c759c23',
  'function wt.effect_done(text,uuid,text)':
    'plpgsql volatile invoker, (token text, run uuid, key text) returns TABLE(value json), set search_path=pg_catalog, pg_temp, owned by owner, body 31ab6563ebdcc6ac4c8e1094c10eb7bdc863353a2cd2d3cce09db3aba4c08f59',
  'function wt.effect_erase(text)':
    'plpgsql volatile invoker, (token text) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body c716cb5e41e82518a44ce501acee8cf95a177f00909c4a0d8a5cee5b32650164',
  'function wt.effect_export(text)':
    'plpgsql volatile invoker, (token text) returns TABLE(kind text, id text, value json), set search_path=pg_catalog, pg_temp, owned by owner, body 6149a18e0238b550a16985e1825cc768ff1ab35d04c0a18bf0684341bad4b900',
  'function wt.effect_finish(text,uuid,text,uuid,text,json,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, holder uuid, state text, value json, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body e7de8fcefdd84e7ec798a9e836172a29a5175913d649b6ef7daea10a4484fe61',
  'function wt.effect_renew(text,uuid,text,uuid,double precision)':
    'plpgsql volatile invoker, (token text, run uuid, key text, holder uuid, lease_ms double precision) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body ccb6ff0d48f3d1bc7afaf94f8104a23e734a2f36e8e3ee7fca2790982321448c',
  'function wt.effect_settle(text,uuid,text,uuid,text,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, attempt uuid, verdict text, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body a889dfe19d5981b72a594e158ced9552263b118536aa107dcd1af1aedff0e1e5',
  'function wt.effect_unsettled(text,integer)':
    'plpgsql volatile invoker, (token text, maximum integer) returns TABLE(tenant_id uuid, workspace_id uuid, run_id uuid, key text, attempt uuid, tool_id text, user_id text, tries integer, started_ms double precision), set search_path=pg_catalog, pg_temp, owned by owner, body ae82809a87157ffb2465b8a81a242d2d33927d74c8c4130341567989a4dd2e9e',
  'function wt.grant_of(text,text)':
    'plpgsql stable definer, (token text, workspace text) returns TABLE(tenant uuid, workspace_row uuid, member uuid, role text, plan text, region text, epoch bigint, version bigint, allowed_tools text[], datasource_ids text[], datasources uuid[], now_ms double precision), set search_path=pg_catalog, pg_temp, owned by owner, body 63d84e5d8094f650c280ab344e536e6b1695cc37a0479206a5302725d055b2e6',
  'function wt.member_name(uuid)':
    'plpgsql stable definer, (member uuid) returns text, set search_path=pg_catalog, pg_temp, owned by owner, body 03266792061e58b6cd997004c85cf03e1b6201280bbb275ea7a5f7153f52fa38',
  'function wt.member_version(uuid)':
    'plpgsql stable definer, (member uuid) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body 46e9abcabede59426ba75ad2adf7c750658418a60ce9f4c39f5e6afc44b23248',
  'function wt.memory_delete(text,uuid,uuid,uuid,text,text,json)':
    'plpgsql volatile invoker, (token text, tenant uuid, workspace uuid, member uuid, scope text, key text, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body 574cf30b12244d97affe73acd505d33b76fd355717f96a51ec5f615ca44ae1ac',
  'function wt.memory_get_tenant(text,uuid,uuid,uuid,text)':
    'sql stable invoker, (token text, tenant uuid, workspace uuid, member uuid, key text) returns TABLE(tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision), owned by owner, body 78317bd87950622f865aba201bc84fba27bcd788218977dcfad7ef59c29efef2',
  'function wt.memory_get_user(text,uuid,uuid,uuid,text)':
    'sql stable invoker, (token text, tenant uuid, workspace uuid, member uuid, key text) returns TABLE(tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision), owned by owner, body 9b5d773d71524ba9d9f98e0742e6ed06c0de354d6a1b294334b18c64173b2443',
  'function wt.memory_get_workspace(text,uuid,uuid,uuid,text)':
    'sql stable invoker, (token text, tenant uuid, workspace uuid, member uuid, key text) returns TABLE(tenant_id uuid, workspace_id uuid, member_id uuid, value json, source json, updated_ms double precision), owned by owner, body 3191f243269d9ed31f735c5e74eac5d9eed7df11e3bf930557b95c16778ceb9e',
  'function wt.memory_list(text,uuid,uuid,uuid,text,text,integer)':
    'plpgsql volatile invoker, (token text, tenant uuid, workspace uuid, member uuid, scope text, after text, maximum integer) returns TABLE(tenant_id uuid, workspace_id uuid, member_id uuid, key text, value json, source json, updated_ms double precision), set search_path=pg_catalog, pg_temp, owned by owner, body 47ddbc7c363b2ebe32f9b93bddd766de7319c6af38c44ab0c4f4cb68d6050f23',
  'function wt.memory_set(text,uuid,uuid,uuid,text,text,json,json,json)':
    'plpgsql volatile invoker, (token text, tenant uuid, workspace uuid, member uuid, scope text, key text, value json, source json, events json) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 63d177a8bef70437f625874e742397ead5d050491ce3d2bfe547698698a8a41d',
  'function wt.operator_late_evidence(text,uuid,uuid,uuid,uuid,boolean,json)':
    'plpgsql volatile definer, (token text, tenant uuid, workspace uuid, member uuid, run uuid, ended boolean, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body b868f51bad45df0b6504fe1cb26c76b535d9f9057fe3672e392659cd0c476df9',
  'function wt.operator_mirror_grant(text,text,text,text,text,text,text,text,text[],text[],bigint,bigint)':
    'plpgsql volatile definer, (token text, tenant text, plan text, region text, workspace text, issuer text, subject text, role text, tools text[], datasources text[], epoch bigint, version bigint) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 30abd20ba01edd06c126ebdde7d44cc477f1185c4480d32e29d63532a0bf9d1d',
  'function wt.operator_ping(text)':
    'plpgsql stable definer, (token text) returns TABLE(now_ms double precision, schema_version integer), set search_path=pg_catalog, pg_temp, owned by owner, body e03224b054103199440f4905d32b0f4cf5318c533a13913c9a41c866c3879189',
  'function wt.operator_put_datasource(text,text,text,text)':
    'plpgsql volatile definer, (token text, tenant text, workspace text, datasource text) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 329e1ac5302273ba9edbf678a64392f20f67ad4edb92ea3889de96ea3fa97b8e',
  'function wt.operator_put_member(text,text,text,text,text,text,text[],text[])':
    'plpgsql volatile definer, (token text, tenant text, workspace text, issuer text, subject text, role text, tools text[], datasources text[]) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body fa019bca71655dbd7e634cd2639cc463958881bc2d7b62eca74cab263b21d542',
  'function wt.operator_put_tenant(text,text,text,text)':
    'plpgsql volatile definer, (token text, tenant text, plan text, region text) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 715a5c21f20261bbfa8f31e6f031f0d75547968c83bacaff6ed73634a773d2b0',
  'function wt.operator_put_workspace(text,text,text)':
    'plpgsql volatile definer, (token text, tenant text, workspace text) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 95c0e5ef183e220b04b751082e37535f34fb4434750887261143cd03eaa3a258',
  'function wt.operator_raise_epoch(text,text)':
    'plpgsql volatile definer, (token text, tenant text) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body afbd05d19d8903c96fe856deabf166c0c858681e1375e5a6001986d97507a692',
  'function wt.operator_raise_version(text,text,text,text,text)':
    'plpgsql volatile definer, (token text, tenant text, workspace text, issuer text, subject text) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body ab75ca3efa431ee183993fb7ade36a84e8a18a780f2cf6eacde36d2b0f5d850a',
  'function wt.operator_remove_member(text,text,text,text,text)':
    'plpgsql volatile definer, (token text, tenant text, workspace text, issuer text, subject text) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body b714c82653123b6ccb992487ae1ca42dcc2c855223d792141bd58b8a0b8970be',
  'function wt.operator_suspend_tenant(text,text,boolean)':
    'plpgsql volatile definer, (token text, tenant text, suspended boolean) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 64a0ff1617c5f8983fb1a7e428661ba62bf8bea7dee7cc1a0c953852ff6061d3',
  'function wt.operator_sweep_effects(text,integer)':
    'plpgsql volatile definer, (token text, maximum integer) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body 6fc8e8f84a6c41e8e8b1d590b387aa79e3d915298f293b349dee2bd851bd7148',
  'function wt.operator_sweep_run_state(text,integer)':
    'plpgsql volatile definer, (token text, maximum integer) returns bigint, set search_path=pg_catalog, pg_temp, owned by owner, body f03186fd46ef6d335f1157a1c567c82f2d1008d96e8463cd0f13fa1235fd177b',
  'function wt.require_live(text)':
    'plpgsql volatile invoker, (token text) returns void, set search_path=pg_catalog, pg_temp, owned by owner, body 0cc11dd6b067a6454ae37adebabec3232cd267d63cd645b1ba9d919fa4a70155',
  'function wt.require_own_run()':
    'plpgsql volatile definer, () returns trigger, set search_path=pg_catalog, pg_temp, owned by owner, body 55f8958829993678becb867ba32e53f891e079b29b126e03dc2d422bd34cc1e8',
  'function wt.retrieval_chunks(text,uuid,uuid,uuid[],text,bigint[])':
    'plpgsql volatile invoker, (token text, tenant uuid, workspace uuid, datasources uuid[], embedder text, numbers bigint[]) returns TABLE(tenant_id uuid, workspace_id uuid, datasource_id uuid, number text, document_id text, title text, heading text, body text), set search_path=pg_catalog, pg_temp, owned by owner, body e6f7f852344e0c43607d995940d47c888d4ef4a0e6899af697148d16456fc9e7',
  'function wt.retrieval_generations(text,uuid,uuid,uuid[],text)':
    'plpgsql volatile invoker, (token text, tenant uuid, workspace uuid, datasources uuid[], embedder text) returns TABLE(datasource_id uuid, generation text), set search_path=pg_catalog, pg_temp, owned by owner, body 3dd46fd9092e52e69400a27ea9de6670835f939a6fcf17dbd3cc01b57c48d14a',
  'function wt.run_end(text,uuid,json)':
    'plpgsql volatile invoker, (token text, run uuid, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body 679b6df681a108fa7019de6bf722c9e8fbf389ee8cae5f5e5b894dea8f5d3342',
  'function wt.run_start(text,uuid,text,text,text,double precision,json)':
    'plpgsql volatile invoker, (token text, run uuid, agent text, prompt_version text, trace text, lifetime_ms double precision, events json) returns double precision, set search_path=pg_catalog, pg_temp, owned by owner, body f789100471bd1ac723d14b6ba4eaca84ff0c58775df756afdeb93580d3efdf9e',
  'function wt.run_state_delete(text,uuid,text,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body ca2ec09dd8f56c5e5c90fe2761a19b4e9215fff38a4db212a16b8e57b8405363',
  'function wt.run_state_get(text,uuid,text)':
    'plpgsql volatile invoker, (token text, run uuid, key text) returns TABLE(value json), set search_path=pg_catalog, pg_temp, owned by owner, body 0c9293795b936631cff08c7ce7305ff2d79dae361d6accd309d03665f79b35c9',
  'function wt.run_state_set(text,uuid,text,json,json)':
    'plpgsql volatile invoker, (token text, run uuid, key text, value json, events json) returns boolean, set search_path=pg_catalog, pg_temp, owned by owner, body 6264e802add2185ed875139612c82781805975dcdcc2105f4f5b3f78b5e41509',
  'function wt.tenant_row(text)':
    'plpgsql stable invoker, (tenant text) returns uuid, set search_path=pg_catalog, pg_temp, owned by owner, body c39b47e29b439d6320d9a070a80c1d1ae74cba786cd124efe6beec50f3a9be6b',
  'function wt.verify(text,text)':
    'plpgsql stable invoker parallel r, (token text, purpose text) returns text[], set search_path=pg_catalog, pg_temp, owned by owner, body 65b53536750429c61ba1a107ae5bd954eb145dc80ae96f7330388f455b4da98c',
  'function wt.workspace_row(text,text)':
    'plpgsql stable invoker, (tenant text, workspace text) returns uuid, set search_path=pg_catalog, pg_temp, owned by owner, body 20f93303b0a0aa444aab65495959ad82e4c9e6d4424f8d927571d4feaffdcbc2',
  'grant of delete on table wt.approval to app': '',
  'grant of delete on table wt.chunk to app': '',
  'grant of delete on table wt.document to app': '',
  'grant of delete on table wt.effect to app': '',
  'grant of delete on table wt.effect_result to app': '',
  'grant of delete on table wt.generation to app': '',
  'grant of delete on table wt.run_state to app': '',
  'grant of delete on table wt.segment to app': '',
  'grant of delete on table wt.tenant_memory to app': '',
  'grant of delete on table wt.user_memory to app': '',
  'grant of delete on table wt.workspace_memory to app': '',
  'grant of execute on function wt.application_boundary() to app': '',
  'grant of execute on function wt.approval_decide(text,uuid,text,json) to app': '',
  'grant of execute on function wt.approval_list(text,integer) to app': '',
  'grant of execute on function wt.approval_request(text,uuid,text,text,json,text[],double precision,json) to app': '',
  'grant of execute on function wt.audit_append(json) to app': '',
  'grant of execute on function wt.audit_of_run(text,uuid) to app': '',
  'grant of execute on function wt.audit_record(text,json) to app': '',
  'grant of execute on function wt.boundary() to app': '',
  'grant of execute on function wt.effect_begin(text,uuid,text,text,uuid,double precision,text,json) to app': '',
  'grant of execute on function wt.effect_begin_again(text,uuid,text,uuid,uuid,double precision,json) to app': '',
  'grant of execute on function wt.effect_claim(uuid,text,text,uuid,double precision,text) to app': '',
  'grant of execute on function wt.effect_close(uuid,text,uuid,text,json) to app': '',
  'grant of execute on function wt.effect_done(text,uuid,text) to app': '',
  'grant of execute on function wt.effect_erase(text) to app': '',
  'grant of execute on function wt.effect_export(text) to app': '',
  'grant of execute on function wt.effect_finish(text,uuid,text,uuid,text,json,json) to app': '',
  'grant of execute on function wt.effect_renew(text,uuid,text,uuid,double precision) to app': '',
  'grant of execute on function wt.effect_settle(text,uuid,text,uuid,text,json) to app': '',
  'grant of execute on function wt.effect_unsettled(text,integer) to app': '',
  'grant of execute on function wt.grant_of(text,text) to app': '',
  'grant of execute on function wt.member_name(uuid) to app': '',
  'grant of execute on function wt.member_version(uuid) to app': '',
  'grant of execute on function wt.memory_delete(text,uuid,uuid,uuid,text,text,json) to app': '',
  'grant of execute on function wt.memory_get_tenant(text,uuid,uuid,uuid,text) to app': '',
  'grant of execute on function wt.memory_get_user(text,uuid,uuid,uuid,text) to app': '',
  'grant of execute on function wt.memory_get_workspace(text,uuid,uuid,uuid,text) to app': '',
  'grant of execute on function wt.memory_list(text,uuid,uuid,uuid,text,text,integer) to app': '',
  'grant of execute on function wt.memory_set(text,uuid,uuid,uuid,text,text,json,json,json) to app': '',
  'grant of execute on function wt.operator_late_evidence(text,uuid,uuid,uuid,uuid,boolean,json) to app': '',
  'grant of execute on function wt.operator_mirror_grant(text,text,text,text,text,text,text,text,text[],text[],bigint,bigint) to app':
    '',
  'grant of execute on function wt.operator_ping(text) to app': '',
  'grant of execute on function wt.operator_put_datasource(text,text,text,text) to app': '',
  'grant of execute on function wt.operator_put_member(text,text,text,text,text,text,text[],text[]) to app': '',
  'grant of execute on function wt.operator_put_tenant(text,text,text,text) to app': '',
  'grant of execute on function wt.operator_put_workspace(text,text,text) to app': '',
  'grant of execute on function wt.operator_raise_epoch(text,text) to app': '',
  'grant of execute on function wt.operator_raise_version(text,text,text,text,text) to app': '',
  'grant of execute on function wt.operator_remove_member(text,text,text,text,text) to app': '',
  'grant of execute on function wt.operator_suspend_tenant(text,text,boolean) to app': '',
  'grant of execute on function wt.operator_sweep_effects(text,integer) to app': '',
  'grant of execute on function wt.operator_sweep_run_state(text,integer) to app': '',
  'grant of execute on function wt.require_live(text) to app': '',
  'grant of execute on function wt.retrieval_chunks(text,uuid,uuid,uuid[],text,bigint[]) to app': '',
  'grant of execute on function wt.retrieval_generations(text,uuid,uuid,uuid[],text) to app': '',
  'grant of execute on function wt.run_end(text,uuid,json) to app': '',
  'grant of execute on function wt.run_start(text,uuid,text,text,text,double precision,json) to app': '',
  'grant of execute on function wt.run_state_delete(text,uuid,text,json) to app': '',
  'grant of execute on function wt.run_state_get(text,uuid,text) to app': '',
  'grant of execute on function wt.run_state_set(text,uuid,text,json,json) to app': '',
  'grant of insert on column wt.approval.approver_roles to app': '',
  'grant of insert on column wt.approval.digest to app': '',
  'grant of insert on column wt.approval.expires_at to app': '',
  'grant of insert on column wt.approval.id to app': '',
  'grant of insert on column wt.approval.input to app': '',
  'grant of insert on column wt.approval.member_id to app': '',
  'grant of insert on column wt.approval.run_id to app': '',
  'grant of insert on column wt.approval.tenant_id to app': '',
  'grant of insert on column wt.approval.tool_id to app': '',
  'grant of insert on column wt.approval.workspace_id to app': '',
  'grant of insert on column wt.audit_event.agent_run_id to app': '',
  'grant of insert on column wt.audit_event.blocked_cross_boundary_resources to app': '',
  'grant of insert on column wt.audit_event.datasource_ids to app': '',
  'grant of insert on column wt.audit_event.decision to app': '',
  'grant of insert on column wt.audit_event.detail to app': '',
  'grant of insert on column wt.audit_event.event to app': '',
  'grant of insert on column wt.audit_event.id to app': '',
  'grant of insert on column wt.audit_event.member_id to app': '',
  'grant of insert on column wt.audit_event.policy_hash to app': '',
  'grant of insert on column wt.audit_event.position to app': '',
  'grant of insert on column wt.audit_event.prompt_version to app': '',
  'grant of insert on column wt.audit_event.reason to app': '',
  'grant of insert on column wt.audit_event.retrieval_namespace to app': '',
  'grant of insert on column wt.audit_event.surface to app': '',
  'grant of insert on column wt.audit_event.tenant_id to app': '',
  'grant of insert on column wt.audit_event.tool_ids to app': '',
  'grant of insert on column wt.audit_event.trace_id to app': '',
  'grant of insert on column wt.audit_event.workspace_id to app': '',
  'grant of insert on column wt.effect.held_until to app': '',
  'grant of insert on column wt.effect.holder to app': '',
  'grant of insert on column wt.effect.key to app': '',
  'grant of insert on column wt.effect.member_id to app': '',
  'grant of insert on column wt.effect.run_id to app': '',
  'grant of insert on column wt.effect.state to app': '',
  'grant of insert on column wt.effect.tenant_id to app': '',
  'grant of insert on column wt.effect.tool_id to app': '',
  'grant of insert on column wt.effect.workspace_id to app': '',
  'grant of insert on column wt.run.agent to app': '',
  'grant of insert on column wt.run.expires_at to app': '',
  'grant of insert on column wt.run.id to app': '',
  'grant of insert on column wt.run.member_id to app': '',
  'grant of insert on column wt.run.prompt_version to app': '',
  'grant of insert on column wt.run.tenant_id to app': '',
  'grant of insert on column wt.run.trace_id to app': '',
  'grant of insert on column wt.run.workspace_id to app': '',
  'grant of insert on table wt.chunk to app': '',
  'grant of insert on table wt.document to app': '',
  'grant of insert on table wt.effect_result to app': '',
  'grant of insert on table wt.generation to app': '',
  'grant of insert on table wt.run_state to app': '',
  'grant of insert on table wt.segment to app': '',
  'grant of insert on table wt.tenant_memory to app': '',
  'grant of insert on table wt.user_memory to app': '',
  'grant of insert on table wt.workspace_memory to app': '',
  'grant of select on table wt.approval to app': '',
  'grant of select on table wt.audit_event to app': '',
  'grant of select on table wt.chunk to app': '',
  'grant of select on table wt.document to app': '',
  'grant of select on table wt.effect to app': '',
  'grant of select on table wt.effect_result to app': '',
  'grant of select on table wt.generation to app': '',
  'grant of select on table wt.run to app': '',
  'grant of select on table wt.run_state to app': '',
  'grant of select on table wt.segment to app': '',
  'grant of select on table wt.tenant_memory to app': '',
  'grant of select on table wt.user_memory to app': '',
  'grant of select on table wt.workspace_memory to app': '',
  'grant of update on column wt.approval.decided_by to app': '',
  'grant of update on column wt.approval.decided_role to app': '',
  'grant of update on column wt.approval.decided_version to app': '',
  'grant of update on column wt.approval.state to app': '',
  'grant of update on column wt.effect.held_until to app': '',
  'grant of update on column wt.effect.holder to app': '',
  'grant of update on column wt.effect.state to app': '',
  'grant of update on column wt.effect.tries to app': '',
  'grant of update on column wt.run.ended_at to app': '',
  'grant of update on table wt.chunk to app': '',
  'grant of update on table wt.document to app': '',
  'grant of update on table wt.generation to app': '',
  'grant of update on table wt.run_state to app': '',
  'grant of update on table wt.segment to app': '',
  'grant of update on table wt.tenant_memory to app': '',
  'grant of update on table wt.user_memory to app': '',
  'grant of update on table wt.workspace_memory to app': '',
  'grant of usage on schema wt to app': '',
  'index wt.approval_pkey':
    'CREATE UNIQUE INDEX approval_pkey ON wt.approval USING btree (tenant_id, workspace_id, id)',
  'index wt.audit_event_pkey':
    'CREATE UNIQUE INDEX audit_event_pkey ON wt.audit_event USING btree (tenant_id, workspace_id, id)',
  'index wt.chunk_pkey':
    'CREATE UNIQUE INDEX chunk_pkey ON wt.chunk USING btree (tenant_id, workspace_id, datasource_id, embedder, number)',
  'index wt.datasource_pkey':
    'CREATE UNIQUE INDEX datasource_pkey ON wt.datasource USING btree (tenant_id, workspace_id, id)',
  'index wt.datasource_tenant_id_workspace_id_external_id_key':
    'CREATE UNIQUE INDEX datasource_tenant_id_workspace_id_external_id_key ON wt.datasource USING btree (tenant_id, workspace_id, external_id)',
  'index wt.document_pkey':
    'CREATE UNIQUE INDEX document_pkey ON wt.document USING btree (tenant_id, workspace_id, datasource_id, embedder, id)',
  'index wt.effect_pkey':
    'CREATE UNIQUE INDEX effect_pkey ON wt.effect USING btree (tenant_id, workspace_id, member_id, run_id, key)',
  'index wt.effect_result_pkey':
    'CREATE UNIQUE INDEX effect_result_pkey ON wt.effect_result USING btree (tenant_id, workspace_id, member_id, run_id, key)',
  'index wt.generation_pkey':
    'CREATE UNIQUE INDEX generation_pkey ON wt.generation USING btree (tenant_id, workspace_id, datasource_id, embedder)',
  'index wt.key_pkey': 'CREATE UNIQUE INDEX key_pkey ON wt.key USING btree (kid)',
  'index wt.member_person':
    'CREATE UNIQUE INDEX member_person ON wt.member USING btree (tenant_id, workspace_id, issuer, subject) WHERE (NOT removed)',
  'index wt.member_pkey': 'CREATE UNIQUE INDEX member_pkey ON wt.member USING btree (tenant_id, workspace_id, id)',
  'index wt.migration_pkey': 'CREATE UNIQUE INDEX migration_pkey ON wt.migration USING btree (version)',
  'index wt.run_id': 'CREATE UNIQUE INDEX run_id ON wt.run USING btree (tenant_id, workspace_id, id)',
  'index wt.run_pkey': 'CREATE UNIQUE INDEX run_pkey ON wt.run USING btree (tenant_id, workspace_id, member_id, id)',
  'index wt.run_state_pkey':
    'CREATE UNIQUE INDEX run_state_pkey ON wt.run_state USING btree (tenant_id, workspace_id, member_id, run_id, key)',
  'index wt.segment_pkey':
    'CREATE UNIQUE INDEX segment_pkey ON wt.segment USING btree (tenant_id, workspace_id, datasource_id, embedder, number)',
  'index wt.setting_pkey': 'CREATE UNIQUE INDEX setting_pkey ON wt.setting USING btree (name)',
  'index wt.tenant_external_id_key':
    'CREATE UNIQUE INDEX tenant_external_id_key ON wt.tenant USING btree (external_id)',
  'index wt.tenant_memory_pkey':
    'CREATE UNIQUE INDEX tenant_memory_pkey ON wt.tenant_memory USING btree (tenant_id, workspace_id, key)',
  'index wt.tenant_pkey': 'CREATE UNIQUE INDEX tenant_pkey ON wt.tenant USING btree (id)',
  'index wt.user_memory_pkey':
    'CREATE UNIQUE INDEX user_memory_pkey ON wt.user_memory USING btree (tenant_id, workspace_id, member_id, key)',
  'index wt.workspace_memory_pkey':
    'CREATE UNIQUE INDEX workspace_memory_pkey ON wt.workspace_memory USING btree (tenant_id, workspace_id, key)',
  'index wt.workspace_pkey': 'CREATE UNIQUE INDEX workspace_pkey ON wt.workspace USING btree (tenant_id, id)',
  'index wt.workspace_tenant_id_external_id_key':
    'CREATE UNIQUE INDEX workspace_tenant_id_external_id_key ON wt.workspace USING btree (tenant_id, external_id)',
  'policy append of wt.audit_event': 'permissive for insert to app with check true',
  'policy ask of wt.approval':
    "permissive for insert to app with check ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state = 'waiting'::text) AND (expires_at > clock_timestamp()))",
  'policy decide of wt.approval':
    "permissive for update to app using ((member_id <> ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (approver_roles)) AND (state = 'waiting'::text) AND (expires_at > clock_timestamp())) with check ((member_id <> ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state = ANY (ARRAY['approved'::text, 'denied'::text])) AND ((decided_by, decided_role) = ( SELECT b.member, b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (decided_version = wt.member_version(decided_by)))",
  'policy finish of wt.run':
    'permissive for update to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (ended_at IS NULL)) with check ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (ended_at IS NOT NULL))',
  'policy floor of wt.approval':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.audit_event':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources))) with check ((tenant_id, workspace_id, member_id, true) = ( SELECT b.tenant, b.workspace, b.member, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.chunk':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.document':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.effect':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.effect_result':
    'restrictive for all to app using ((tenant_id, workspace_id, member_id, true) = ( SELECT b.tenant, b.workspace, b.member, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.generation':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.run':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.run_state':
    'restrictive for all to app using ((tenant_id, workspace_id, member_id, true) = ( SELECT b.tenant, b.workspace, b.member, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.segment':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.tenant_memory':
    'restrictive for all to app using ((tenant_id, true) = ( SELECT b.tenant, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.user_memory':
    'restrictive for all to app using ((tenant_id, workspace_id, member_id, true) = ( SELECT b.tenant, b.workspace, b.member, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy floor of wt.workspace_memory':
    'restrictive for all to app using ((tenant_id, workspace_id, true) = ( SELECT b.tenant, b.workspace, true FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy granted of wt.chunk':
    'restrictive for all to app using (datasource_id = ANY (( SELECT b.datasources FROM wt.boundary() b(tenant, workspace, member, role, datasources))::uuid[]))',
  'policy granted of wt.document':
    'restrictive for all to app using (datasource_id = ANY (( SELECT b.datasources FROM wt.boundary() b(tenant, workspace, member, role, datasources))::uuid[]))',
  'policy granted of wt.generation':
    'restrictive for all to app using (datasource_id = ANY (( SELECT b.datasources FROM wt.boundary() b(tenant, workspace, member, role, datasources))::uuid[]))',
  'policy granted of wt.segment':
    'restrictive for all to app using (datasource_id = ANY (( SELECT b.datasources FROM wt.boundary() b(tenant, workspace, member, role, datasources))::uuid[]))',
  'policy late_append of wt.audit_event': 'permissive for insert to owner with check (agent_run_id IS NOT NULL)',
  'policy late_end of wt.run':
    'permissive for update to owner using (ended_at IS NULL) with check (ended_at IS NOT NULL)',
  'policy late_find of wt.run': 'permissive for select to owner using true',
  'policy late_state_delete of wt.run_state':
    'permissive for delete to owner using (EXISTS ( SELECT FROM wt.run r WHERE (((r.tenant_id = run_state.tenant_id) AND (r.workspace_id = run_state.workspace_id) AND (r.member_id = run_state.member_id) AND (r.id = run_state.run_id)) AND (r.ended_at IS NOT NULL))))',
  'policy late_state_find of wt.run_state':
    'permissive for select to owner using (EXISTS ( SELECT FROM wt.run r WHERE (((r.tenant_id = run_state.tenant_id) AND (r.workspace_id = run_state.workspace_id) AND (r.member_id = run_state.member_id) AND (r.id = run_state.run_id)) AND (r.ended_at IS NOT NULL))))',
  'policy own of wt.effect_result': 'permissive for all to app using (expires_at > clock_timestamp())',
  'policy own of wt.run_state': 'permissive for all to app using (expires_at > clock_timestamp())',
  'policy own of wt.user_memory': 'permissive for all to app using true',
  'policy proceed of wt.effect':
    "permissive for update to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state <> 'done'::text)) with check (member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources)))",
  'policy read of wt.approval':
    'permissive for select to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) OR (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (approver_roles)))',
  'policy read of wt.audit_event':
    "permissive for select to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) OR (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text])))",
  'policy read of wt.chunk': 'permissive for select to app using true',
  'policy read of wt.document': 'permissive for select to app using true',
  'policy read of wt.effect':
    "permissive for select to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) OR (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text])))",
  'policy read of wt.generation': 'permissive for select to app using true',
  'policy read of wt.run':
    "permissive for select to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) OR (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text])))",
  'policy read of wt.segment': 'permissive for select to app using true',
  'policy read of wt.tenant_memory': 'permissive for select to app using true',
  'policy read of wt.workspace_memory': 'permissive for select to app using true',
  'policy settle of wt.effect':
    "permissive for update to app using ((( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text])) AND ((state = 'unknown'::text) OR ((state = 'started'::text) AND (held_until <= clock_timestamp())))) with check ((( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text])) AND (state = 'done'::text))",
  'policy settle_absent of wt.effect':
    "permissive for delete to app using (((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) OR (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text]))) AND ((state = 'unknown'::text) OR ((state = 'started'::text) AND (held_until <= clock_timestamp()))))",
  'policy start of wt.effect':
    "permissive for insert to app with check ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state = 'started'::text))",
  'policy start of wt.run':
    'permissive for insert to app with check (member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy sweep_delete of wt.approval':
    "permissive for delete to owner using ((expires_at <= (clock_timestamp() - '30 days'::interval)) OR (state = ANY (ARRAY['waiting'::text, 'approved'::text])))",
  'policy sweep_delete of wt.effect_result': 'permissive for delete to owner using true',
  'policy sweep_delete of wt.run_state': 'permissive for delete to owner using (expires_at <= clock_timestamp())',
  'policy sweep_read of wt.approval':
    "permissive for select to owner using ((expires_at <= (clock_timestamp() - '30 days'::interval)) OR (EXISTS ( SELECT FROM wt.run r WHERE (((r.tenant_id = approval.tenant_id) AND (r.workspace_id = approval.workspace_id) AND (r.member_id = approval.member_id) AND (r.id = approval.run_id)) AND (r.ended_at IS NOT NULL)))))",
  'policy sweep_read of wt.effect_result':
    'permissive for select to owner using ((expires_at <= clock_timestamp()) OR (EXISTS ( SELECT FROM wt.run r WHERE (((r.tenant_id = effect_result.tenant_id) AND (r.workspace_id = effect_result.workspace_id) AND (r.member_id = effect_result.member_id) AND (r.id = effect_result.run_id)) AND (r.ended_at IS NOT NULL)))))',
  'policy sweep_read of wt.run_state': 'permissive for select to owner using (expires_at <= clock_timestamp())',
  'policy take_back of wt.approval':
    'permissive for delete to app using (member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources)))',
  'policy use_up of wt.approval':
    "permissive for update to app using ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state = 'approved'::text) AND (expires_at > clock_timestamp()) AND (decided_version = wt.member_version(decided_by))) with check ((member_id = ( SELECT b.member FROM wt.boundary() b(tenant, workspace, member, role, datasources))) AND (state = 'used'::text))",
  'policy write of wt.chunk':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text]))",
  'policy write of wt.document':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text]))",
  'policy write of wt.generation':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text]))",
  'policy write of wt.segment':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['member'::text, 'admin'::text, 'owner'::text]))",
  'policy write of wt.tenant_memory':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = 'owner'::text)",
  'policy write of wt.workspace_memory':
    "permissive for all to app using (( SELECT b.role FROM wt.boundary() b(tenant, workspace, member, role, datasources)) = ANY (ARRAY['admin'::text, 'owner'::text]))",
  'schema wt': 'owned by owner',
  'table wt.approval': 'owned by owner, row security, forced',
  'table wt.audit_event': 'owned by owner, row security, forced',
  'table wt.chunk': 'owned by owner, row security, forced',
  'table wt.datasource': 'owned by owner, row security',
  'table wt.document': 'owned by owner, row security, forced',
  'table wt.effect': 'owned by owner, row security, forced',
  'table wt.effect_result': 'owned by owner, row security, forced',
  'table wt.generation': 'owned by owner, row security, forced',
  'table wt.key': 'owned by owner, row security',
  'table wt.member': 'owned by owner, row security',
  'table wt.migration': 'owned by owner, row security',
  'table wt.run': 'owned by owner, row security, forced',
  'table wt.run_state': 'owned by owner, row security, forced',
  'table wt.segment': 'owned by owner, row security, forced',
  'table wt.setting': 'owned by owner, row security',
  'table wt.tenant': 'owned by owner, row security',
  'table wt.tenant_memory': 'owned by owner, row security, forced',
  'table wt.user_memory': 'owned by owner, row security, forced',
  'table wt.workspace': 'owned by owner, row security',
  'table wt.workspace_memory': 'owned by owner, row security, forced',
  'trigger own_run of wt.audit_event':
    'CREATE TRIGGER own_run AFTER INSERT ON wt.audit_event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION wt.require_own_run()',
  'type wt.application_scope': 'owned by owner',
  'type wt.scope': 'owned by owner',
}
