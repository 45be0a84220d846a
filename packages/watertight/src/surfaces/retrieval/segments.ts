import type { Transaction } from '../../store/index.ts'

/** Tenant, workspace, datasource and embedder: what every row of an index is led by. */
export type VectorPlace = readonly [tenant: string, workspace: string, datasource: string, embedder: string]

export interface NumberedVector {
  readonly chunk: bigint
  readonly vector: Float32Array
}

/** How many vectors lie in one row: large enough that a slab is few rows, small enough that a change rewrites little. */
const segmentSize = 512

/** Appends vectors, filling up the last segment first. Returns the segment of each vector, in order. */
export async function appendVectors(
  transaction: Transaction,
  dimensions: number,
  place: VectorPlace,
  vectors: readonly NumberedVector[],
): Promise<readonly number[]> {
  const { rows } = await transaction.query(
    `select number, size, chunks, vectors from wt.segment where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4)
     order by number desc limit 1`,
    [...place],
  )
  const last = rows[0]
  let number = last === undefined ? 0 : Number(last['number'])
  let held = last === undefined ? [] : unpack(dimensions, Number(last['size']), last['chunks'], last['vectors'])
  const placed: number[] = []
  let rest = vectors
  while (rest.length > 0) {
    if (held.length >= segmentSize) {
      number++
      held = []
    }
    const taken = rest.slice(0, segmentSize - held.length)
    held = [...held, ...taken]
    await writeSegment(transaction, dimensions, place, number, held)
    placed.push(...taken.map(() => number))
    rest = rest.slice(taken.length)
  }
  return placed
}

/** Takes vectors out of their segments. A segment that is left empty goes. */
export async function removeVectors(
  transaction: Transaction,
  dimensions: number,
  place: VectorPlace,
  segments: readonly number[],
  removed: ReadonlySet<bigint>,
): Promise<void> {
  if (segments.length === 0) return
  const { rows } = await transaction.query(
    `select number, size, chunks, vectors from wt.segment where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4)
     and number = any ($5)`,
    [...place, segments],
  )
  for (const row of rows) {
    const kept = unpack(dimensions, Number(row['size']), row['chunks'], row['vectors']).filter(
      ({ chunk }) => !removed.has(chunk),
    )
    if (kept.length > 0) await writeSegment(transaction, dimensions, place, Number(row['number']), kept)
    else await deleteSegment(transaction, place, Number(row['number']))
  }
}

async function deleteSegment(transaction: Transaction, place: VectorPlace, number: number): Promise<void> {
  await transaction.query(
    'delete from wt.segment where (tenant_id, workspace_id, datasource_id, embedder) = ($1, $2, $3, $4) and number = $5',
    [...place, number],
  )
}

async function writeSegment(
  transaction: Transaction,
  dimensions: number,
  place: VectorPlace,
  number: number,
  held: readonly NumberedVector[],
): Promise<void> {
  const { chunks, vectors } = pack(dimensions, held)
  await transaction.query(
    `insert into wt.segment (tenant_id, workspace_id, datasource_id, embedder, number, size, chunks, vectors) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict on constraint segment_pkey do update set size = excluded.size, chunks = excluded.chunks, vectors = excluded.vectors`,
    [...place, number, held.length, chunks, vectors],
  )
}

function pack(dimensions: number, held: readonly NumberedVector[]): { chunks: Buffer; vectors: Buffer } {
  const chunks = BigInt64Array.from(held, ({ chunk }) => chunk)
  const vectors = new Float32Array(held.length * dimensions)
  held.forEach(({ vector }, at) => vectors.set(vector, at * dimensions))
  return { chunks: Buffer.from(chunks.buffer), vectors: Buffer.from(vectors.buffer) }
}

function unpack(dimensions: number, size: number, chunkBlob: unknown, vectorBlob: unknown): NumberedVector[] {
  const chunks = new BigInt64Array(ownBuffer(chunkBlob))
  const vectors = new Float32Array(ownBuffer(vectorBlob))
  if (chunks.length !== size || vectors.length !== size * dimensions)
    throw new TypeError('A segment does not hold what its size says.')
  return Array.from(chunks, (chunk, at) => ({ chunk, vector: vectors.slice(at * dimensions, (at + 1) * dimensions) }))
}

// A driver's blob may be a view into a buffer that it shares with other rows: copied before it is read as numbers.
function ownBuffer(blob: unknown): ArrayBuffer {
  if (!(blob instanceof Uint8Array)) throw new TypeError('A segment is not bytes.')
  const copy = new ArrayBuffer(blob.byteLength)
  new Uint8Array(copy).set(blob)
  return copy
}
