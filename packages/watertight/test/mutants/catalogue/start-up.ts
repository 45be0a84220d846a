import type { Mutant } from '../mutant.ts'

const floor =
  'using ((${tenantColumn}, ${workspaceColumn}, true) = (select b.tenant, b.workspace, true from wt.application_boundary() b));'

// Start-up accepts one form of a floor, and would refuse these.
const table = (id: string, story: string, find: string, put: string): Mutant => ({
  id,
  rule: 'R23',
  story,
  layer: 'policy',
  maskedBy: ['start-up'],
  edits: [{ file: 'migrate/protect-table.ts', find, put }],
  killer: 'start-up/protected-table',
})

export const startUpMutants: readonly Mutant[] = [
  table(
    'table-by-prefix',
    'The floor of a protected table compares the beginning of the tenant.',
    floor,
    'using ((select starts_with(${tenantColumn}, b.tenant) and ${workspaceColumn} = b.workspace from wt.application_boundary() b));',
  ),
  table(
    'table-any-case',
    'The floor of a protected table folds the tenant to lower case.',
    floor,
    'using ((lower(${tenantColumn}), ${workspaceColumn}) = (select lower(b.tenant), b.workspace from wt.application_boundary() b));',
  ),
  table(
    'table-without-workspace',
    'The floor of a protected table compares the tenant alone.',
    floor,
    'using (${tenantColumn} = (select b.tenant from wt.application_boundary() b));',
  ),
  table(
    'table-floor-permissive',
    'The floor of a protected table is a permissive policy beside one that lets everything through.',
    'create policy floor on ${table} as restrictive to ${app}',
    'create policy floor on ${table} to ${app}',
  ),
  {
    id: 'start-up-ignores-findings',
    rule: 'R26',
    story: 'What start-up finds wrong is found, and served all the same.',
    layer: 'start-up',
    edits: [
      {
        file: 'store/preflight/preflight.ts',
        find: 'if (findings.length > 0) throw new ServeRefused(findings)\n  await checkKeys',
        put: 'await checkKeys',
      },
    ],
    killer: 'start-up/unprotected-table',
  },
  {
    id: 'schema-not-compared',
    rule: 'R26',
    story: 'The schema is not compared with what the migrations make.',
    layer: 'start-up',
    edits: [{ file: 'store/preflight/guard.ts', find: 'if (actual === detail ||', put: 'if (true ||' }],
    killer: 'start-up/changed-policy',
  },
  {
    id: 'tables-not-judged',
    rule: 'R26',
    story: 'Tables of the app’s own are not looked at.',
    layer: 'start-up',
    edits: [{ file: 'store/preflight/preflight.ts', find: '          ...judged,\n', put: '' }],
    killer: 'start-up/unprotected-table',
  },
  {
    id: 'keys-swapped',
    rule: 'R26',
    story: 'A database that was made under other keys is given the new ones.',
    layer: 'start-up',
    edits: [{ file: 'store/pglite.ts', find: 'if (await hasOtherKeys(client, keyring))', put: 'if (false)' }],
    killer: 'start-up/other-keys',
  },
]
