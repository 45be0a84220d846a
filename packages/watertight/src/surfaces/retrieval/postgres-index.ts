import { requireLive } from '../../boundary/index.ts'
import type { AgentBoundary, GrantRows } from '../../boundary/index.ts'
import { NotFound } from '../../errors.ts'
import { assembleSlab, searchSlab } from '../../services/vectors/index.ts'
import type { Proposer, SegmentBlob, Slab, SlabCache } from '../../services/vectors/index.ts'
import type { Row, Store, Transaction } from '../../store/index.ts'
import type { DocumentIndex, IndexHit } from './document-index.ts'
import { appendVectors, removeVectors } from './segments.ts'
import type { VectorPlace } from './segments.ts'

export interface PostgresIndexPorts {
  readonly store: Store
  readonly cache: SlabCache
  readonly embedder: string
  readonly dimensions: number
  readonly propose: Proposer | undefined
}

/** The index in the store itself: texts and vector blobs in Postgres, one slab in memory for each datasource. */
export function createPostgresIndex(ports: PostgresIndexPorts): DocumentIndex {
  const { store, embedder } = ports
  return {
    appendsEvents: true,
    async add(boundary, document, events) {
      const place = placeOf(boundary, document.datasourceId, embedder)
      await store.transact(
        boundary,
        async (transaction) => {
          const firstChunk = await lockDatasource(transaction, place, document.chunks.length)
          await removeDocument(transaction, ports, place, document.documentId)
          await insertDocument(transaction, place, document)
          const vectors = document.chunks.map(({ vector }, at) => ({ chunk: firstChunk + BigInt(at), vector }))
          const segments = await appendVectors(transaction, ports.dimensions, place, vectors)
          await insertChunks(transaction, place, document, firstChunk, segments)
          await transaction.query('select wt.audit_append($1)', [events])
        },
        { ours: true },
      )
    },
    async has(boundary, datasourceId, documentId) {
      const place = placeOf(boundary, datasourceId, embedder)
      const { rowCount } = await store.transact(
        boundary,
        (transaction) =>
          transaction.query(
            'select from wt.document where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4) and id = $5',
            [...place, documentId],
          ),
        { ours: true },
      )
      return rowCount > 0
    },
    async delete(boundary, datasourceId, documentId, events) {
      const place = placeOf(boundary, datasourceId, embedder)
      return await store.transact(
        boundary,
        async (transaction) => {
          await lockDatasource(transaction, place, 0)
          const gone = await removeDocument(transaction, ports, place, documentId)
          await transaction.query('select wt.audit_append($1)', [events])
          return gone
        },
        { ours: true },
      )
    },
    async search(boundary, vector, limit) {
      const slabs = await loadSlabs(ports, boundary)
      const found = slabs.flatMap(({ datasource, slab }) =>
        searchSlab(slab, vector, limit, ports.propose).map((hit) => ({ ...hit, datasource })),
      )
      const best = found.toSorted(byScoreThenPlace).slice(0, limit)
      return best.length === 0 ? [] : await readChunks(ports, boundary, best)
    },
    async list(boundary) {
      const { rows: keys, allowedDatasourceIds } = requireLive(boundary)
      const owner = ownerFor(boundary)
      const { rows } = await store.transact(
        boundary,
        (transaction) =>
          transaction.query(
            'select tenant_id, workspace_id, datasource_id, id, title from wt.document where tenant_id = $1 and workspace_id = $2 and datasource_id = any ($3) and embedder = $4 order by datasource_id, id',
            [keys?.tenant, keys?.workspace, keys?.datasources, embedder],
          ),
        { ours: true },
      )
      return rows.map((row) => ({
        owner: owner(row),
        datasourceId: nameOfDatasource(keys, allowedDatasourceIds, row['datasource_id']),
        documentId: String(row['id']),
        title: String(row['title']),
      }))
    },
    async close() {
      ports.cache.clear()
    },
  }
}

function placeOf(boundary: AgentBoundary, datasourceId: string, embedder: string): VectorPlace {
  const { rows, allowedDatasourceIds } = requireLive(boundary)
  const datasource = rows?.datasources[allowedDatasourceIds.indexOf(datasourceId)]
  if (rows === undefined || datasource === undefined) throw new NotFound()
  return [rows.tenant, rows.workspace, datasource, embedder]
}

// One writer per datasource at a time, and every slab that was read before is stale once this commits.
async function lockDatasource(transaction: Transaction, place: VectorPlace, chunks: number): Promise<bigint> {
  const { rows } = await transaction.query(
    `insert into wt.generation as g (tenant_id, workspace_id, datasource_id, embedder, generation, next_chunk) values ($1, $2, $3, $4, 1, 1 + $5::bigint)
     on conflict on constraint generation_pkey do update set generation = g.generation + 1, next_chunk = g.next_chunk + $5::bigint
     returning (next_chunk - $5::bigint)::text as first`,
    [...place, chunks],
  )
  return BigInt(String(rows[0]?.['first']))
}

async function removeDocument(
  transaction: Transaction,
  ports: PostgresIndexPorts,
  place: VectorPlace,
  documentId: string,
): Promise<boolean> {
  const { rows } = await transaction.query(
    `delete from wt.chunk where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4) and document_id = $5
     returning number::text as number, segment`,
    [...place, documentId],
  )
  const removed = new Set(rows.map((row) => BigInt(String(row['number']))))
  const segments = [...new Set(rows.map((row) => Number(row['segment'])))]
  await removeVectors(transaction, ports.dimensions, place, segments, removed)
  const { rowCount } = await transaction.query(
    'delete from wt.document where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4) and id = $5',
    [...place, documentId],
  )
  return rowCount > 0
}

async function insertDocument(
  transaction: Transaction,
  place: VectorPlace,
  document: { documentId: string; title: string },
): Promise<void> {
  await transaction.query(
    'insert into wt.document (tenant_id, workspace_id, datasource_id, embedder, id, title) values ($1, $2, $3, $4, $5, $6)',
    [...place, document.documentId, document.title],
  )
}

async function insertChunks(
  transaction: Transaction,
  place: VectorPlace,
  document: Parameters<DocumentIndex['add']>[1],
  firstChunk: bigint,
  segments: readonly number[],
): Promise<void> {
  const numbers = document.chunks.map((_, at) => String(firstChunk + BigInt(at)))
  await transaction.query(
    `insert into wt.chunk (tenant_id, workspace_id, datasource_id, embedder, document_id, number, segment, heading, body)
     select $1, $2, $3, $4, $5, c.number, c.segment, c.heading, c.body
     from unnest($6::bigint[], $7::int[], $8::text[], $9::text[]) as c (number, segment, heading, body)`,
    [
      ...place,
      document.documentId,
      numbers,
      segments,
      document.chunks.map((chunk) => chunk.heading),
      document.chunks.map((chunk) => chunk.text),
    ],
  )
}

interface LoadedSlab {
  readonly datasource: string
  readonly slab: Slab
}

// The generations are read, and the boundary checked, in one call; what is stale is read again in one snapshot,
// generations first, so that a slab is never called newer than its bytes.
async function loadSlabs(ports: PostgresIndexPorts, boundary: AgentBoundary): Promise<readonly LoadedSlab[]> {
  const { rows: keys } = requireLive(boundary)
  if (keys === undefined || keys.datasources.length === 0) return []
  const rows = await ports.store.call(boundary, 'retrieval_generations', [
    keys.tenant,
    keys.workspace,
    [...keys.datasources],
    ports.embedder,
  ])
  const known = rows.map((row) => findSlab(ports, keys, row))
  if (known.every((entry) => entry !== undefined)) return known
  return await ports.store.transact(boundary, (transaction) => readSlabs(ports, transaction, keys), {
    ours: true,
    snapshot: true,
  })
}

function slabKey(ports: PostgresIndexPorts, keys: GrantRows, datasource: string) {
  return { tenant: keys.tenant, workspace: keys.workspace, datasource, embedder: ports.embedder }
}

function findSlab(ports: PostgresIndexPorts, keys: GrantRows, row: Row): LoadedSlab | undefined {
  const datasource = String(row['datasource_id'])
  const slab = ports.cache.find(slabKey(ports, keys, datasource), String(row['generation']))
  return slab === undefined ? undefined : { datasource, slab }
}

async function readSlabs(
  ports: PostgresIndexPorts,
  transaction: Transaction,
  keys: GrantRows,
): Promise<readonly LoadedSlab[]> {
  const { rows } = await transaction.query(
    'select datasource_id, generation::text as generation from wt.generation where tenant_id = $1 and workspace_id = $2 and datasource_id = any ($3) and embedder = $4',
    [keys.tenant, keys.workspace, keys.datasources, ports.embedder],
  )
  const slabs: LoadedSlab[] = []
  for (const row of rows) {
    const known = findSlab(ports, keys, row)
    slabs.push(known ?? (await readSlab(ports, transaction, keys, row)))
  }
  return slabs
}

async function readSlab(
  ports: PostgresIndexPorts,
  transaction: Transaction,
  keys: GrantRows,
  row: Row,
): Promise<LoadedSlab> {
  const datasource = String(row['datasource_id'])
  const { rows } = await transaction.query(
    'select size, chunks, vectors from wt.segment where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4) order by number',
    [keys.tenant, keys.workspace, datasource, ports.embedder],
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns of wt.segment; assembleSlab checks the lengths
  const slab = assembleSlab(String(row['generation']), ports.dimensions, rows as unknown as readonly SegmentBlob[])
  ports.cache.keep(slabKey(ports, keys, datasource), slab)
  return { datasource, slab }
}

interface Found {
  readonly datasource: string
  readonly chunk: bigint
  readonly score: number
}

function byScoreThenPlace(left: Found, right: Found): number {
  if (left.score !== right.score) return right.score - left.score
  if (left.datasource !== right.datasource) return left.datasource < right.datasource ? -1 : 1
  return left.chunk < right.chunk ? -1 : 1
}

async function readChunks(
  ports: PostgresIndexPorts,
  boundary: AgentBoundary,
  found: readonly Found[],
): Promise<readonly IndexHit[]> {
  const { rows: keys, allowedDatasourceIds } = requireLive(boundary)
  const pairs = [found.map((hit) => hit.datasource), ports.embedder, found.map((hit) => String(hit.chunk))]
  const rows = await ports.store.call(boundary, 'retrieval_chunks', [keys?.tenant, keys?.workspace, ...pairs])
  const texts = new Map(rows.map((row) => [`${String(row['datasource_id'])}/${String(row['number'])}`, row]))
  const ownerOf = ownerFor(boundary)
  // A chunk that was deleted between the two reads is left out, not replaced.
  return found.flatMap(({ datasource, chunk, score }) => {
    const row = texts.get(`${datasource}/${chunk}`)
    if (row === undefined) return []
    const datasourceId = nameOfDatasource(keys, allowedDatasourceIds, datasource)
    const text = { title: String(row['title']), heading: String(row['heading']), text: String(row['body']) }
    return [{ owner: ownerOf(row), datasourceId, documentId: String(row['document_id']), ...text, score }]
  })
}

// By the row's own columns: a row of anybody else has an owner that no boundary has.
function ownerFor(boundary: AgentBoundary): (row: Row) => IndexHit['owner'] {
  const { rows: keys, tenantId, workspaceId } = requireLive(boundary)
  return (row) => ({
    tenantId: row['tenant_id'] === keys?.tenant ? tenantId : '',
    workspaceId: row['workspace_id'] === keys?.workspace ? workspaceId : '',
  })
}

function nameOfDatasource(keys: GrantRows | undefined, names: readonly string[], datasource: unknown): string {
  return names[keys?.datasources.indexOf(String(datasource)) ?? -1] ?? ''
}
