import type { Edit } from './mutant.ts'

/** Every table that holds what is a customer's. */
export const customerTables = [
  'run',
  'run_state',
  'audit_event',
  'user_memory',
  'workspace_memory',
  'tenant_memory',
  'document',
  'chunk',
  'segment',
  'generation',
  'effect',
  'effect_result',
  'approval',
]

/** What switches a layer off, so that the loss of another one shows. Each is tried alone too: nothing may leak by it. */
export const masks: Readonly<Record<string, readonly Edit[]>> = {
  'start-up': [
    { file: 'store/preflight/preflight.ts', find: 'if (findings.length > 0) throw', put: 'if (false) throw', times: 2 },
  ],
  policies: [
    {
      sql: `do $$ declare p record; begin
        for p in select * from pg_policies where schemaname = 'wt' and 'wt_app' = any (roles) loop
          if p.cmd = 'INSERT' then execute format('alter policy %I on wt.%I with check (true)', p.policyname, p.tablename);
          else execute format('alter policy %I on wt.%I using (true)', p.policyname, p.tablename);
            if p.with_check is not null then execute format('alter policy %I on wt.%I with check (true)', p.policyname, p.tablename); end if;
          end if;
        end loop; end $$`,
    },
  ],
  'policy of datasources': ['document', 'chunk', 'segment', 'generation'].map((table) => ({
    sql: `drop policy granted on wt.${table}`,
  })),
  'policy of expiry': [{ sql: 'alter policy own on wt.run_state using (true)' }],
  'ownership check of memory': [
    { file: 'surfaces/memory/compartment-memory.ts', find: 'if (!same) {', put: 'if (false) {' },
  ],
  'ownership check of retrieval': [
    {
      file: 'surfaces/retrieval/compartment-retrieval.ts',
      find: 'if (samePlace && allowedDatasourceIds.includes(datasourceId)) return',
      put: 'return',
    },
    // What has no name here could not be labelled.
    { file: 'surfaces/retrieval/postgres-index.ts', find: "?? -1] ?? ''", put: "?? -1] ?? 'nameless'" },
  ],
  'floor of the allow-list': [
    {
      file: 'boundary/policy.ts',
      find: "if (exactIndexOf(state.allowedToolIds, name) < 0) return 'tool'",
      put: '',
    },
  ],
  'check of who decides': [{ sql: 'alter table wt.approval drop constraint approval_check' }],
  'reading of approvals': [{ sql: 'alter policy read on wt.approval using (true)' }],
  'reading of effects': [{ sql: 'alter policy read on wt.effect using (true)' }],
  'holders of this process': [{ file: 'services/effects/effects.ts', find: 'held.has(call.key)', put: 'false' }],
  'offset check': [{ file: 'services/vectors/exact-search.ts', find: ' || slab.vectors.byteOffset !== 0', put: '' }],
}
