import type { Edit, Mutant } from '../mutant.ts'

const surface = 'surfaces/memory/compartment-memory.ts'

/** A condition is gone from statements of memory. Policies and the comparison of owners would each keep the rows apart. */
const filter = (id: string, killer: string, story: string, edits: readonly Edit[]): Mutant => ({
  id,
  rule: 'R33',
  story,
  layer: 'filter',
  edits,
  maskedBy: ['start-up', 'policies', 'ownership check of memory'],
  killer: `memory/${killer}`,
})

const owner = (id: string, story: string, find: string): Mutant => ({
  id,
  rule: 'R34',
  story,
  layer: 'ownership check',
  edits: [{ file: surface, find, put: '' }],
  killer: 'memory/owner-of-a-row',
})

export const memoryMutants: readonly Mutant[] = [
  filter('memory-get-any-member', 'apart-users', 'get() finds the key of any person of the workspace.', [
    { function: 'memory_get_user', find: ' and m.member_id = memory_get_user.member', put: '' },
  ]),
  filter('memory-get-any-workspace', 'apart-workspaces', 'get() finds what any workspace of the tenant shares.', [
    { function: 'memory_get_workspace', find: ' and m.workspace_id = memory_get_workspace.workspace', put: '' },
  ]),
  filter('memory-get-any-tenant', 'apart-tenants', 'get() finds what any tenant shares.', [
    { function: 'memory_get_tenant', find: 'm.tenant_id = memory_get_tenant.tenant and ', put: '' },
  ]),
  filter('memory-list-any-member', 'apart-users', 'list() lists the memories of every person of the workspace.', [
    { function: 'memory_list', find: ' and m.member_id = memory_list.member', put: '' },
  ]),
  filter('memory-delete-any-member', 'apart-users', 'delete() deletes the key of every person of the workspace.', [
    { function: 'memory_delete', find: ' and m.member_id = memory_delete.member', put: '' },
  ]),
  filter('memory-delete-any-tenant', 'apart-tenants', 'delete() deletes what every tenant shares under the key.', [
    {
      function: 'memory_delete',
      find: "m.tenant_id = memory_delete.tenant and m.workspace_id = '00000000-0000-0000-0000-000000000000'",
      put: "m.workspace_id = '00000000-0000-0000-0000-000000000000'",
    },
  ]),
  filter('memory-key-by-prefix', 'key-of-a-row', 'get() finds keys by their beginning.', [
    {
      function: 'memory_get_user',
      find: 'm.key = memory_get_user.key',
      put: 'starts_with(m.key, memory_get_user.key)',
    },
  ]),
  filter('memory-key-any-case', 'key-of-a-row', 'get() finds keys without regard to case.', [
    {
      function: 'memory_get_user',
      find: 'm.key = memory_get_user.key',
      put: 'lower(m.key) = lower(memory_get_user.key)',
    },
  ]),
  owner(
    'memory-row-of-any-tenant',
    'A store answers with a row of another tenant, and it is handed on.',
    '    owner.tenantId === tenantId &&\n',
  ),
  owner(
    'memory-row-of-any-workspace',
    'A store answers with a row of another workspace, and it is handed on.',
    "    owner.workspaceId === (scope === 'tenant' ? undefined : workspaceId) &&\n",
  ),
  owner(
    'memory-row-of-any-member',
    'A store answers with a colleague’s row, and it is handed on.',
    " &&\n    owner.userId === (scope === 'user' ? userId : undefined)",
  ),
  owner(
    'memory-row-of-any-key',
    'A store answers with the row of another key, and it is handed on.',
    '    found.key === key &&\n',
  ),
  {
    id: 'memory-role-not-asked',
    rule: 'R35',
    story: 'Every member writes what workspace and tenant share, where the store has no policy of its own.',
    layer: 'surface',
    edits: [
      {
        file: surface,
        find: 'if (least === undefined || roleReaches(requireLive(boundary).role, least)) return',
        put: 'return',
      },
    ],
    killer: 'memory/roles',
  },
  {
    id: 'memory-owner-is-admin',
    rule: 'R35',
    story: 'An admin writes what the tenant shares.',
    layer: 'surface',
    edits: [{ file: surface, find: "tenant: 'owner' }", put: "tenant: 'admin' }" }],
    killer: 'memory/roles',
  },
  {
    id: 'memory-set-takes-items',
    rule: 'R36',
    story: 'An answer of a tool becomes memory by set(), as if the app’s own code had said it.',
    layer: 'label',
    edits: [
      {
        file: surface,
        find: 'if (findLabel(value) !== undefined)\n    throw new InvalidInput',
        put: 'if (false)\n    throw new InvalidInput',
      },
    ],
    killer: 'memory/words-of-the-model',
  },
  {
    id: 'promotion-gains-trust',
    rule: 'R36',
    story: 'What is promoted is trusted, whoever said it.',
    layer: 'label',
    edits: [
      {
        file: surface,
        find: "const trusted = value === undefined && integrity === 'trusted'",
        put: 'const trusted = true',
      },
    ],
    killer: 'memory/words-of-the-model',
  },
  {
    id: 'promotion-launders-words',
    rule: 'R36',
    story: 'What a model made of a trusted item is as trusted as the item.',
    layer: 'label',
    edits: [
      {
        file: surface,
        find: "const trusted = value === undefined && integrity === 'trusted'",
        put: "const trusted = integrity === 'trusted'",
      },
    ],
    killer: 'memory/words-of-the-model',
  },
  {
    id: 'promotion-of-anything',
    rule: 'R36',
    story: 'A text that no surface returned is promoted.',
    layer: 'label',
    edits: [
      {
        file: surface,
        find: 'return await noting(ports, boundary, () => requireOwnLabel(requireLive(boundary), item))',
        put: "return findLabel(item) ?? { integrity: 'trusted' as const, source: { surface: 'runs' as const, id: 'text' } }",
      },
    ],
    killer: 'memory/words-of-the-model',
  },
  {
    id: 'promotion-of-hidden-items',
    rule: 'R36',
    story: 'An item of somebody else lies deep in the value that is promoted.',
    layer: 'label',
    edits: [
      {
        file: surface,
        find: 'if (findLabel(value) !== undefined) requireOwnLabel(requireLive(boundary), value)',
        put: 'void [boundary, value]',
      },
    ],
    killer: 'memory/words-of-the-model',
  },
]
