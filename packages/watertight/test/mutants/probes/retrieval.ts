import { assembleSlab, searchSlab, SlabCache } from '../../../src/services/vectors/index.ts'
import type { Slab } from '../../../src/services/vectors/index.ts'
import { lexicalEmbedder, retrieval } from '../../../src/surfaces/retrieval/index.ts'
import type { DocumentIndex, IndexHit } from '../../../src/surfaces/retrieval/index.ts'
import { openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'retrieval'

const openRetrieval = () => openHouse({ surfaces: [retrieval({ embedder: lexicalEmbedder() })] })
type House = Awaited<ReturnType<typeof openRetrieval>>

const inHouse = (name: string, run: (script: Script, house: House) => Promise<void>): Probe => ({
  name,
  surface,
  async run(script) {
    await using house = await openRetrieval()
    await run(script, house)
  },
})

/** A document that answers the question, in words that others use too. */
const documentOf = (datasourceId: string, documentId: string, text: string) => ({
  datasourceId,
  documentId,
  title: 'Renewal',
  text,
})

/** An index of the app's own that answers with one hit, whatever the question. */
function indexOf(change: (hit: IndexHit) => Partial<IndexHit>): DocumentIndex {
  return {
    add: async () => undefined,
    has: async () => true,
    delete: async () => true,
    list: async () => [],
    close: async () => undefined,
    async search({ tenantId, workspaceId }) {
      const hit = {
        owner: { tenantId, workspaceId },
        datasourceId: 'docs',
        documentId: 'd',
        title: 't',
        heading: '',
        text: 'theirs',
        score: 1,
      }
      return [{ ...hit, ...change(hit) }]
    },
  }
}

async function searchIn(script: Script, step: string, index: DocumentIndex, expected: string): Promise<void> {
  await using house = await openHouse({ surfaces: [retrieval({ embedder: lexicalEmbedder(), index })] })
  const own = await house.at({ ...house.seats.own, allowedDatasourceIds: ['docs'] })
  const outcome = await script.outcome(`an index answers with ${step}`, () => own.retrieval.search('renewal'))
  await script.see('how the search ended', () => outcome, expected)
}

function slabOf(value: number, generation = '1'): Slab {
  const bytes = new Uint8Array(Float32Array.of(value, 1 - value).buffer)
  return assembleSlab(generation, 2, [{ size: 1, chunks: new Uint8Array(BigInt64Array.of(1n).buffer), vectors: bytes }])
}

const key = { tenant: 'a', workspace: 'b', datasource: 'c', embedder: 'e' }

export const probes: readonly Probe[] = [
  inHouse('candidates', async (script, house) => {
    const writer = await house.at(house.seats.own)
    await writer.retrieval.add(documentOf('docs', 'own', 'The renewal of the plan is in May.'))
    await script.do('another datasource of the workspace holds what is nearer to the question', async () => {
      for (const at of [1, 2, 3]) await writer.retrieval.add(documentOf('docs2', `nearer ${at}`, 'renewal'))
    })
    const reader = await house.at({ ...house.seats.own, allowedDatasourceIds: ['docs'] })
    const found = async () =>
      (await reader.retrieval.search('renewal', { limit: 1 })).map(({ documentId }) => documentId)
    await script.see('who may not read it asks for the one best hit', found, ['own'])
    const none = await house.at({ ...house.seats.own, allowedDatasourceIds: [] })
    await script.see('who may read nothing asks', () => none.retrieval.search('renewal'), [])
  }),
  inHouse('narrowed-datasources', async (script, house) => {
    const reader = await house.at({ ...house.seats.own, allowedDatasourceIds: ['docs'] })
    await reader.retrieval.add(documentOf('docs', 'own', 'The renewal of the plan is in May.'))
    await script.see('search in no datasource', () => reader.retrieval.search('renewal', { datasources: [] }), [])
    const named = (id: string) => reader.retrieval.search('renewal', { datasources: ['docs', id] })
    await script.refused('search in one’s own and one that is not allowed', () => named('docs2'), 'NOT_FOUND')
    await script.refused('search in one’s own and one that does not exist', () => named('docs9'), 'NOT_FOUND')
  }),
  inHouse('writing', async (script, house) => {
    const reader = await house.at({ ...house.seats.own, allowedDatasourceIds: ['docs'] })
    const add = (datasourceId: string) => reader.retrieval.add(documentOf(datasourceId, 'd', 'text'))
    await script.refused('write into a datasource that is not allowed', () => add('docs2'), 'NOT_FOUND')
    await script.refused('write into one that does not exist', () => add('docs9'), 'NOT_FOUND')
    const viewer = await house.at({ ...house.seats.own, role: 'viewer' })
    await script.refused(
      'a viewer writes',
      () => viewer.retrieval.add(documentOf('docs', 'd', 'text')),
      'FORBIDDEN role',
    )
  }),
  {
    name: 'viewer-writes',
    surface,
    async run(script) {
      await using house = await openHouse({
        surfaces: [retrieval({ embedder: lexicalEmbedder(), index: indexOf(() => ({})) })],
      })
      const viewer = await house.at({ ...house.seats.own, role: 'viewer' })
      await script.refused(
        'a viewer writes into an index of the app’s own',
        () => viewer.retrieval.add(documentOf('docs', 'd', 'text')),
        'FORBIDDEN role',
      )
    },
  },
  {
    name: 'owner-of-a-hit',
    surface,
    async run(script) {
      await searchIn(
        script,
        'an own hit',
        indexOf(() => ({})),
        'done',
      )
      await searchIn(
        script,
        'one of acme-eu',
        indexOf(({ owner }) => ({ owner: { ...owner, tenantId: `${owner.tenantId}-eu` } })),
        'NOT_FOUND',
      )
      await searchIn(
        script,
        'one of ws2',
        indexOf(({ owner }) => ({ owner: { ...owner, workspaceId: 'ws2' } })),
        'NOT_FOUND',
      )
      await searchIn(
        script,
        'one of a datasource that is not allowed',
        indexOf(() => ({ datasourceId: 'docs2' })),
        'NOT_FOUND',
      )
    },
  },
  {
    name: 'slab-bytes',
    surface,
    async run(script) {
      const slab = await script.do('assemble a slab', () => slabOf(1))
      await script.see('where its vectors begin in their buffer', () => slab.vectors.byteOffset, 0)
      await script.see(
        'how much of the buffer is not its own',
        () => slab.vectors.buffer.byteLength - slab.vectors.byteLength,
        0,
      )
      await script.see('what a search finds in it', () => searchSlab(slab, Float32Array.of(1, 0), 1, undefined), [
        { chunk: 1n, score: 1 },
      ])
    },
  },
  {
    name: 'slab-view',
    surface,
    async run(script) {
      const slab = slabOf(1)
      const view = { ...slab, vectors: new Float32Array(new ArrayBuffer(16), 8, 2) }
      await script.refused(
        'search a slab that is a part of a larger buffer',
        () => searchSlab(view, Float32Array.of(1, 0), 1, undefined),
        'TypeError',
      )
    },
  },
  {
    name: 'slab-keys',
    surface,
    async run(script) {
      const cache = new SlabCache({ totalBytes: 1_000_000, tenantBytes: 1_000_000 })
      cache.keep(key, slabOf(1))
      const find = (other: Partial<typeof key>, generation = '1') =>
        cache.find({ ...key, ...other }, generation) !== undefined
      await script.see('find a slab under its own key', () => find({}), true)
      await script.see('find it under another tenant', () => find({ tenant: 'a2' }), false)
      await script.see('find it under another workspace', () => find({ workspace: 'b2' }), false)
      cache.keep({ ...key, workspace: 'x,y', datasource: 'z' }, slabOf(1))
      await script.see(
        'find one under parts that a join runs together',
        () => find({ workspace: 'x', datasource: 'y,z' }),
        false,
      )
    },
  },
  {
    name: 'slab-generation',
    surface,
    async run(script) {
      const cache = new SlabCache({ totalBytes: 1_000_000, tenantBytes: 1_000_000 })
      cache.keep(key, slabOf(1))
      await script.see('find a slab of an older generation', () => cache.find(key, '2'), undefined)
    },
  },
  {
    name: 'slab-quota',
    surface,
    async run(script) {
      const cache = new SlabCache({ totalBytes: 1_000_000, tenantBytes: 40 })
      cache.keep({ ...key, tenant: 'small' }, slabOf(1))
      await script.do('another tenant fills its own quota', () => {
        for (const datasource of ['1', '2', '3', '4']) cache.keep({ ...key, tenant: 'large', datasource }, slabOf(1))
      })
      await script.see(
        'whether the first one’s slab is still there',
        () => cache.find({ ...key, tenant: 'small' }, '1') !== undefined,
        true,
      )
    },
  },
]
