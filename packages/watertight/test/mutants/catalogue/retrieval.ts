import type { Mutant } from '../mutant.ts'

const surface = 'surfaces/retrieval/compartment-retrieval.ts'
const index = 'surfaces/retrieval/postgres-index.ts'
const slab = 'services/vectors/slab.ts'
const cache = 'services/vectors/slab-cache.ts'

export const retrievalMutants: readonly Mutant[] = [
  {
    id: 'filter-after-rank',
    rule: 'R38',
    story: 'The whole workspace is ranked, and what may not be seen is taken out of the best: it pushes out what may.',
    layer: 'filter',
    maskedBy: ['start-up', 'policies', 'ownership check of retrieval'],
    edits: [
      {
        function: 'retrieval_generations',
        find: '      and g.datasource_id = any (datasources)',
        put: '      and datasources is not null',
      },
      {
        file: index,
        find: "and datasource_id = any ($3) and embedder = $4',\n    [keys.tenant",
        put: "and $3::uuid[] is not null and embedder = $4',\n    [keys.tenant",
      },
      {
        file: index,
        find: 'const best = found.toSorted(byScoreThenPlace).slice(0, limit)',
        put: 'const best = found.toSorted(byScoreThenPlace).slice(0, limit).filter(({ datasource }) => requireLive(boundary).rows?.datasources.includes(datasource))',
      },
    ],
    killer: 'retrieval/candidates',
  },
  {
    id: 'filter-lost',
    rule: 'R38',
    story: 'The whole workspace is searched, whatever the boundary allows.',
    layer: 'filter',
    maskedBy: ['start-up', 'policies', 'ownership check of retrieval'],
    edits: [
      {
        function: 'retrieval_generations',
        find: '      and g.datasource_id = any (datasources)',
        put: '      and datasources is not null',
      },
      {
        file: index,
        find: "and datasource_id = any ($3) and embedder = $4',\n    [keys.tenant",
        put: "and $3::uuid[] is not null and embedder = $4',\n    [keys.tenant",
      },
    ],
    killer: 'retrieval/candidates',
  },
  {
    id: 'empty-list-searches-all',
    rule: 'R38',
    story: 'A search in no datasource is a search in all.',
    layer: 'filter',
    edits: [
      {
        file: surface,
        find: 'if (datasources === undefined) return boundary',
        put: 'if (datasources === undefined || datasources.length === 0) return boundary',
      },
    ],
    killer: 'retrieval/narrowed-datasources',
  },
  {
    id: 'foreign-datasource-ignored',
    rule: 'R38',
    story: 'A datasource that is not allowed is left out of the question without a word or an event.',
    layer: 'surface',
    edits: [{ file: surface, find: 'if (outside > 0) throw', put: 'if (false) throw' }],
    killer: 'retrieval/narrowed-datasources',
  },
  {
    id: 'existing-datasource-told',
    rule: 'R38',
    story: 'A write into a datasource that is not allowed is refused in other words than one into none.',
    layer: 'surface',
    edits: [
      {
        file: surface,
        find: 'throw await refuseOutside(ports, boundary, 1)',
        put: "throw ids.datasourceId === 'docs2' ? new Forbidden('scope') : await refuseOutside(ports, boundary, 1)",
      },
    ],
    killer: 'retrieval/writing',
  },
  {
    id: 'viewer-writes-documents',
    rule: 'R35',
    story: 'A viewer writes documents, where the index has no policy of its own.',
    layer: 'surface',
    edits: [{ file: surface, find: "if (!roleReaches(role, 'member'))", put: 'if (false)' }],
    killer: 'retrieval/viewer-writes',
  },
  {
    id: 'hit-of-any-tenant',
    rule: 'R39',
    story: 'An index answers with a hit of another tenant, and it is handed on.',
    layer: 'ownership check',
    edits: [{ file: surface, find: 'owner.tenantId === tenantId && ', put: '' }],
    killer: 'retrieval/owner-of-a-hit',
  },
  {
    id: 'hit-by-prefix',
    rule: 'R39',
    story: 'Owners of hits are compared by prefix.',
    layer: 'ownership check',
    edits: [{ file: surface, find: 'owner.tenantId === tenantId && ', put: 'owner.tenantId.startsWith(tenantId) && ' }],
    killer: 'retrieval/owner-of-a-hit',
  },
  {
    id: 'hit-of-any-workspace',
    rule: 'R39',
    story: 'An index answers with a hit of another workspace, and it is handed on.',
    layer: 'ownership check',
    edits: [{ file: surface, find: ' && owner.workspaceId === workspaceId', put: '' }],
    killer: 'retrieval/owner-of-a-hit',
  },
  {
    id: 'hit-of-any-datasource',
    rule: 'R39',
    story: 'An index answers with a hit of a datasource that is not allowed, and it is handed on.',
    layer: 'ownership check',
    edits: [
      {
        file: surface,
        find: 'if (samePlace && allowedDatasourceIds.includes(datasourceId)) return',
        put: 'if (samePlace) return',
      },
    ],
    killer: 'retrieval/owner-of-a-hit',
  },
  {
    id: 'slab-in-a-shared-buffer',
    rule: 'R40',
    story:
      'Slabs are parts of one large buffer; the native search reads each from the start of it, which is somebody else’s.',
    layer: 'surface',
    maskedBy: ['offset check'],
    edits: [
      {
        file: slab,
        find: 'vectors: new Float32Array(size * dimensions)',
        put: 'vectors: new Float32Array(new ArrayBuffer((size + 1) * dimensions * 4), dimensions * 4, size * dimensions)',
      },
      {
        file: slab,
        find: 'new Uint8Array(slab.vectors.buffer)',
        put: 'new Uint8Array(slab.vectors.buffer, slab.vectors.byteOffset)',
      },
    ],
    killer: 'retrieval/slab-bytes',
  },
  {
    id: 'slab-view-searched',
    rule: 'R40',
    story: 'A search takes a part of a larger buffer for a slab.',
    layer: 'surface',
    edits: [{ file: 'services/vectors/exact-search.ts', find: ' || slab.vectors.byteOffset !== 0', put: '' }],
    killer: 'retrieval/slab-view',
  },
  {
    id: 'slab-without-tenant',
    rule: 'R40',
    story: 'Slabs are kept by workspace and datasource.',
    layer: 'surface',
    edits: [
      {
        file: cache,
        find: 'JSON.stringify([tenant, workspace, datasource, embedder])',
        put: 'JSON.stringify([workspace, datasource, embedder])',
      },
    ],
    killer: 'retrieval/slab-keys',
  },
  {
    id: 'slab-keys-joined',
    rule: 'R40',
    story: 'Keys of slabs are joined by a character that occurs in them.',
    layer: 'surface',
    edits: [
      {
        file: cache,
        find: 'JSON.stringify([tenant, workspace, datasource, embedder])',
        put: "[tenant, workspace, datasource, embedder].join(',')",
      },
    ],
    killer: 'retrieval/slab-keys',
  },
  {
    id: 'slab-of-any-generation',
    rule: 'R40',
    story: 'A slab is searched after its documents were deleted.',
    layer: 'surface',
    edits: [
      { file: cache, find: 'if (entry.slab.generation !== generation) return undefined', put: 'void generation' },
    ],
    killer: 'retrieval/slab-generation',
  },
  {
    id: 'slab-quota-shared',
    rule: 'R40',
    story: 'A tenant over its quota pushes out the slabs of others.',
    layer: 'surface',
    edits: [{ file: cache, find: '(held) => held.tenant === key.tenant', put: '() => true' }],
    killer: 'retrieval/slab-quota',
  },
]
