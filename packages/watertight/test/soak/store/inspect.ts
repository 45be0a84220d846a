import { assembleSlab, unitVector } from '../../../src/services/vectors/index.ts'
import type { SegmentBlob } from '../../../src/services/vectors/index.ts'
import type { Transaction } from '../../../src/store/index.ts'
import { embedder, openDesk } from './house.ts'
import type { Desk, House } from './house.ts'
import type { Found, FoundDocument } from './protocol.ts'

/**
 * Reads everything through the boundary, by the public face where it reaches.
 *
 * @param prefix the operations whose runs and events are wanted: all by '', else those of one round
 */
export async function inspect(house: House, prefix: string): Promise<Found> {
  const desk = await openDesk(house, 'inspect')
  const hits = await desk.retrieval.search('clause of the handbook', { limit: 100 })
  const searched = Map.groupBy(hits, ({ documentId }) => documentId)
  return {
    prefix,
    memories: await readMemories(desk),
    ...(await desk.transact(async (transaction) => {
      const texts = await readTexts(transaction)
      return {
        documents: await readDocuments(transaction, texts, searched),
        ...(await compareVectors(transaction, texts)),
        runs: await readRuns(transaction, prefix),
        events: await readEvents(transaction, prefix),
      }
    })),
  }
}

async function readMemories(desk: Desk): Promise<Found['memories']> {
  const items = await desk.memory.list({ limit: 1_000 })
  return items.map(({ key, value }) => {
    const { by, length, text } = value as { by: string; length: number; text: string }
    return { key, by, whole: text.length === length }
  })
}

interface Text {
  readonly number: bigint
  readonly document: string
  readonly heading: string
  readonly body: string
}

async function readTexts(transaction: Transaction): Promise<readonly Text[]> {
  const { rows } = await transaction.query('select number::text as number, document_id, heading, body from wt.chunk')
  return rows.map((row) => ({
    number: BigInt(String(row['number'])),
    document: String(row['document_id']),
    heading: String(row['heading']),
    body: String(row['body']),
  }))
}

async function readDocuments(
  transaction: Transaction,
  texts: readonly Text[],
  searched: ReadonlyMap<string, readonly unknown[]>,
): Promise<readonly FoundDocument[]> {
  const { rows } = await transaction.query('select id, title from wt.document')
  return rows.map((row) => {
    const [document, by] = [String(row['id']), String(row['title'])]
    const mine = texts.filter((text) => text.document === document)
    const own = mine.filter(({ body }) => body.includes(` ${by} `)).length
    return { document, by, texts: mine.length, own, searched: searched.get(document)?.length ?? 0 }
  })
}

async function compareVectors(transaction: Transaction, texts: readonly Text[]) {
  const { rows } = await transaction.query('select size, chunks, vectors from wt.segment order by number')
  const { rows: generations } = await transaction.query('select generation::text as generation from wt.generation')
  const generation = Number(generations[0]?.['generation'] ?? 0)
  const slab = assembleSlab(String(generation), embedder.dimensions, rows as unknown as readonly SegmentBlob[])
  const vectors = await embedder.embed(
    texts.map(({ heading, body }) => (heading === '' ? body : `${heading}\n${body}`)),
  )
  const matched = texts.filter(({ number }, at) => {
    const place = slab.chunks.indexOf(number)
    const vector = unitVector(vectors[at] ?? [], embedder.dimensions)
    const from = place * embedder.dimensions
    return (
      place >= 0 && vector !== undefined && sameVector(vector, slab.vectors.subarray(from, from + embedder.dimensions))
    )
  }).length
  return { generation, strayVectors: texts.length - matched + (slab.size - matched) }
}

function sameVector(one: Float32Array, other: Float32Array): boolean {
  return one.length === other.length && one.every((value, at) => Math.abs(value - (other[at] ?? 0)) < 1e-6)
}

async function readRuns(transaction: Transaction, prefix: string): Promise<Found['runs']> {
  const { rows } = await transaction.query(
    `select r.trace_id as by, r.ended_at is not null as ended, (select count(*) from wt.run_state s where s.run_id = r.id)::int as states
     from wt.run r where starts_with(r.trace_id, $1)`,
    [prefix],
  )
  return rows.map((row) => ({ by: String(row['by']), ended: row['ended'] === true, states: Number(row['states']) }))
}

async function readEvents(transaction: Transaction, prefix: string): Promise<Found['events']> {
  const { rows } = await transaction.query(
    `select trace_id as by, event, count(*)::int as count from wt.audit_event
     where starts_with(trace_id, $1) and trace_id <> 'inspect' group by trace_id, event`,
    [prefix],
  )
  return rows.map((row) => ({ by: String(row['by']), event: String(row['event']), count: Number(row['count']) }))
}
