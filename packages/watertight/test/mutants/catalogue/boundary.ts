import type { Mutant } from '../mutant.ts'

const boundary = 'boundary/boundary.ts'
const narrow = 'boundary/narrow.ts'
const label = 'boundary/label.ts'
const record = 'boundary/assert-in-boundary.ts'

export const boundaryMutants: readonly Mutant[] = [
  {
    id: 'brand-by-shape',
    rule: 'R6',
    story: 'What has a boundary’s members is a boundary.',
    layer: 'brand',
    edits: [
      {
        file: boundary,
        find: '&& #state in value ? value.#state : undefined',
        put: '? (#state in value ? value.#state : (value as BoundaryState)) : undefined',
      },
      { file: boundary, find: '(authority !== undefined && state.authority !== authority)', put: 'false' },
    ],
    killer: 'boundary/forged',
  },
  {
    id: 'boundary-of-any-deployment',
    rule: 'R6',
    story: 'A boundary of one database is taken by another one in the same process.',
    layer: 'brand',
    edits: [{ file: boundary, find: '(authority !== undefined && state.authority !== authority)', put: 'false' }],
    killer: 'boundary/other-deployment',
  },
  {
    id: 'boundary-without-end',
    rule: 'R7',
    story: 'A boundary is good for as long as somebody holds it.',
    layer: 'brand',
    edits: [{ file: boundary, find: 'if (state.expiresAt <= state.authority.now())', put: 'if (false)' }],
    killer: 'boundary/end',
  },
  {
    id: 'boundary-outlives-proof',
    rule: 'R7',
    story: 'A boundary lives its 15 minutes, though the token of its caller ends in one.',
    layer: 'brand',
    edits: [
      {
        file: boundary,
        find: 'Math.min(authority.now() + boundaryLifetime, claims.expiresAt)',
        put: 'authority.now() + boundaryLifetime',
      },
    ],
    killer: 'boundary/end',
  },
  {
    id: 'boundary-not-revoked',
    rule: 'R7',
    story: 'What the directory has taken back is used until it expires.',
    layer: 'brand',
    edits: [{ file: boundary, find: "  if (state.life.revoked) throw new BoundaryRefused('revoked')\n", put: '' }],
    killer: 'boundary/revoked',
  },
  {
    id: 'narrow-widens',
    rule: 'R8',
    story: 'A narrower boundary has the tools that were asked for, whether the wider one had them or not.',
    layer: 'brand',
    edits: [
      {
        file: narrow,
        find: 'if (id !== undefined && exactIndexOf(asked, id) >= 0) kept[kept.length] = id\n  }\n  return freeze(kept)',
        put: 'if (id !== undefined && exactIndexOf(asked, id) >= 0) kept[kept.length] = id\n  }\n  return freeze([...asked])',
      },
    ],
    killer: 'boundary/narrow',
  },
  {
    id: 'narrow-empty-is-all',
    rule: 'R8',
    story: 'An empty list narrows nothing.',
    layer: 'brand',
    edits: [
      { file: narrow, find: '  return freeze(kept)\n', put: '  return asked.length === 0 ? have : freeze(kept)\n' },
    ],
    killer: 'boundary/narrow',
  },
  {
    id: 'narrow-absent-is-all',
    rule: 'R8',
    story: 'A list that is missing narrows nothing.',
    layer: 'brand',
    edits: [
      {
        file: narrow,
        find: "if (!Array.isArray(asked)) throw new InvalidInput(field, 'a list of ids')",
        put: 'if (!Array.isArray(asked)) return have',
      },
    ],
    killer: 'boundary/narrow-to-nothing-readable',
  },
  {
    id: 'narrow-raises-role',
    rule: 'R8',
    story: 'Narrowing to a role gives that role.',
    layer: 'brand',
    edits: [{ file: narrow, find: 'return roleReaches(current, asked) ? asked : current', put: 'return asked' }],
    killer: 'boundary/narrow',
  },
  {
    id: 'narrow-raises-risk',
    rule: 'R8',
    story: 'A narrower boundary has the risk that was asked for, also a higher one.',
    layer: 'brand',
    edits: [{ file: narrow, find: 'return riskReaches(current, asked) ? asked : current', put: 'return asked' }],
    killer: 'boundary/narrow',
  },
  {
    id: 'narrow-lengthens',
    rule: 'R8',
    story: 'Narrowing to an end gives that end, a later one too.',
    layer: 'brand',
    edits: [{ file: narrow, find: 'expiresAt: Math.min(state.expiresAt, end)', put: 'expiresAt: end' }],
    killer: 'boundary/narrow',
  },
  {
    id: 'narrow-not-in-database',
    rule: 'R8',
    story: 'The names of datasources are narrowed, the rows in the database token are not.',
    layer: 'token',
    edits: [
      { file: narrow, find: 'state.rows && keepRows(state.rows, state.allowedDatasourceIds, kept)', put: 'state.rows' },
    ],
    killer: 'boundary/narrow',
  },
  {
    id: 'grant-epoch-ignored',
    rule: 'R9',
    story: 'A raised epoch does not end what was granted before.',
    layer: 'brand',
    edits: [{ file: boundary, find: 'grant.epoch === state.epoch && ', put: '' }],
    killer: 'boundary/grant-epoch',
  },
  {
    id: 'grant-version-ignored',
    rule: 'R9',
    story: 'A change of the member does not end what was granted before.',
    layer: 'brand',
    edits: [{ file: boundary, find: 'grant.version === state.version && ', put: '' }],
    killer: 'boundary/grant-version',
  },
  {
    id: 'grant-rows-ignored',
    rule: 'R9',
    story: 'Somebody removed and added again goes on with the old boundary.',
    layer: 'brand',
    edits: [{ file: boundary, find: ' && sameRows(grant.rows, state.rows)', put: '' }],
    killer: 'boundary/grant-rows',
  },
  {
    id: 'renewal-without-grant',
    rule: 'R9',
    story: 'A run goes on by the grant in its journal; nobody asks whether it still is so.',
    layer: 'brand',
    edits: [{ file: boundary, find: 'if (state.life.revoked || !stillGranted(state, answer))', put: 'if (false)' }],
    killer: 'boundary/renewal',
  },
  {
    id: 'directory-not-asked',
    rule: 'R9',
    story: 'The app’s own directory takes a grant back, and its boundaries go on.',
    layer: 'brand',
    edits: [{ file: 'liveness.ts', find: 'if (!stillGranted(state, await ask(state)))', put: 'if (false)' }],
    killer: 'boundary/freshness',
  },
  {
    id: 'answer-shared-by-all',
    rule: 'R10',
    story: 'What the directory said of one boundary is remembered for every boundary of the process.',
    layer: 'brand',
    edits: [
      {
        file: 'liveness.ts',
        find: "new WeakMap<BoundaryState['life'], number>()",
        put: 'new WeakMap<object, number>()',
      },
      { file: 'liveness.ts', find: 'confirmed.get(state.life)', put: 'confirmed.get(authority)' },
      { file: 'liveness.ts', find: 'confirmed.set(state.life, asked)', put: 'confirmed.set(authority, asked)' },
    ],
    killer: 'boundary/freshness',
  },
  {
    id: 'record-by-prefix',
    rule: 'R11',
    story: 'Tenants are compared by prefix: acme reads acme-eu.',
    layer: 'ownership check',
    edits: [
      { file: record, find: 'tenantId !== state.tenantId ||', put: '!String(tenantId).startsWith(state.tenantId) ||' },
    ],
    killer: 'boundary/records',
  },
  {
    id: 'record-any-case',
    rule: 'R11',
    story: 'Tenants are compared without case.',
    layer: 'ownership check',
    edits: [
      {
        file: record,
        find: 'tenantId !== state.tenantId ||',
        put: 'String(tenantId).toLowerCase() !== state.tenantId.toLowerCase() ||',
      },
    ],
    killer: 'boundary/records',
  },
  {
    id: 'record-any-workspace',
    rule: 'R11',
    story: 'The tenant is compared, the workspace is not.',
    layer: 'ownership check',
    edits: [{ file: record, find: ' || workspaceId !== state.workspaceId', put: '' }],
    killer: 'boundary/records',
  },
  {
    id: 'record-inherited-owner',
    rule: 'R11',
    story: 'An owner is found on a prototype, which anybody may have polluted.',
    layer: 'ownership check',
    edits: [
      { file: record, find: "hasOwn(record, 'tenantId') ? record.tenantId : undefined", put: 'record.tenantId' },
      {
        file: record,
        find: "hasOwn(record, 'workspaceId') ? record.workspaceId : undefined",
        put: 'record.workspaceId',
      },
    ],
    killer: 'boundary/records',
  },
  {
    id: 'record-absent-is-own',
    rule: 'R11',
    story: 'Where nothing was found there is nothing to refuse.',
    layer: 'ownership check',
    edits: [
      {
        file: record,
        find: 'if (record === undefined || record === null) throw new NotFound()',
        put: 'if (record === undefined || record === null) return',
      },
    ],
    killer: 'boundary/records',
  },
  {
    id: 'label-not-compared',
    rule: 'R12',
    story: 'A label is asked for, and whose it is is not.',
    layer: 'label',
    edits: [{ file: label, find: 'if (!isOwn(state, owned)) throw new NotFound()', put: '' }],
    killer: 'boundary/labels',
  },
  {
    id: 'label-of-any-person',
    rule: 'R12',
    story: 'What one person alone may see is taken in a colleague’s run.',
    layer: 'label',
    edits: [
      {
        file: label,
        find: 'return label.userId === state.userId && label.issuer === state.issuer && rows?.member === state.rows?.member',
        put: 'return true',
      },
    ],
    killer: 'boundary/labels',
  },
  {
    id: 'label-changes-hands',
    rule: 'R12',
    story: 'Labelling an item again makes it one’s own.',
    layer: 'label',
    edits: [
      {
        file: label,
        find: 'findLabel(item) === undefined ? undefined : requireOwnLabel(state, item)',
        put: 'findLabel(item)',
      },
    ],
    killer: 'boundary/labels',
  },
  {
    id: 'label-gains-trust',
    rule: 'R12',
    story: 'A text of a tool becomes trusted when a surface hands it on.',
    layer: 'label',
    edits: [
      { file: label, find: "before?.integrity === 'untrusted' ? 'untrusted' : kind.integrity", put: 'kind.integrity' },
    ],
    killer: 'boundary/trust',
  },
]
