import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { Keyring } from '../../src/boundary/index.ts'
import { Forbidden, InvalidInput, LimitExceeded, NotFound } from '../../src/index.ts'
import type { Compartment } from '../../src/index.ts'
import { unitVector } from '../../src/services/vectors/index.ts'
import { retrieval } from '../../src/surfaces/retrieval/index.ts'
import type { DocumentHit, DocumentIndex, Embedder, IndexHit } from '../../src/surfaces/retrieval/index.ts'
import { openDesks, tenantIds, workspaceIds } from '../support/desks.ts'
import type { Desks, Seat } from '../support/desks.ts'
import { onEachEngine } from '../support/engines.ts'
import type { TestStore } from '../support/engines.ts'

const dimensions = 24

function valuesOf(seed: number): readonly number[] {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  })
}

/** Turns `seed 12 …` into the vector of 12, so that a test knows every score. It notes each call, and does as it is told. */
function createSeedEmbedder(id = 'seeds-1') {
  const state = { calls: [] as (readonly string[])[], answer: undefined as Embedder['embed'] | undefined }
  const embedder: Embedder = {
    id,
    dimensions,
    async embed(texts) {
      state.calls.push(texts)
      if (state.answer !== undefined) return await state.answer(texts)
      return texts.map((text) => valuesOf(Number(/seed (\d+)/.exec(text)?.[1] ?? 0)))
    },
  }
  return { embedder, state }
}

/** Paragraphs that are a chunk each, because no two fit into 100 characters. */
function textOf(seeds: readonly number[], word = 'plain'): string {
  return seeds.map((seed) => `seed ${seed} ${word} ${'.'.repeat(60)}`).join('\n\n')
}

function scoreOf(question: number, seed: number): number {
  const [left, right] = [unitVector(valuesOf(question), dimensions), unitVector(valuesOf(seed), dimensions)]
  let score = 0
  for (let axis = 0; axis < dimensions; axis++) score += (left?.[axis] ?? 0) * (right?.[axis] ?? 0)
  return score
}

const seedOf = ({ text }: Pick<DocumentHit, 'text'>) => Number(/seed (\d+)/.exec(text)?.[1])
const found = (hits: readonly DocumentHit[]) =>
  hits.map(({ datasourceId, documentId, score, text }) => ({ datasourceId, documentId, score, seed: seedOf({ text }) }))

const seeds = createSeedEmbedder()
const options = { embedder: seeds.embedder, chunkLength: 100 }
const surfaces = [retrieval(options)] as const
type Desk = Compartment<typeof surfaces>

beforeEach(() => {
  seeds.state.calls = []
  seeds.state.answer = undefined
})

onEachEngine((create, engine) => {
  let store: TestStore
  let desks: Desks<typeof surfaces>

  beforeAll(async () => {
    store = await create()
    desks = await openDesks(store, { surfaces })
  })
  afterAll(async () => await desks[Symbol.asyncDispose]())

  const add = (
    desk: Desk,
    documentId: string,
    ofSeeds: readonly number[],
    more: { datasourceId?: string; word?: string } = {},
  ) =>
    desk.retrieval.add({
      datasourceId: more.datasourceId ?? 'docs',
      documentId,
      title: documentId,
      text: textOf(ofSeeds, more.word),
    })
  /** A desk whose datasources hold nothing, whatever other tests left there. */
  const emptied = async (seat: Seat): Promise<Desk> => {
    const desk = await desks.at({ ...seat, userId: 'cleaner' })
    for (const { id: documentId, value } of await Array.fromAsync(desk.export()))
      await desk.retrieval.delete({ datasourceId: String(Reflect.get(Object(value), 'datasourceId')), documentId })
    return await desks.at(seat)
  }
  const eventsOf = (tenantId: string) =>
    desks.admin(
      `select e.event, e.decision, e.reason, e.datasource_ids, e.blocked_cross_boundary_resources as blocked, e.detail::text as detail
       from wt.audit_event e join wt.tenant t on t.id = e.tenant_id where t.external_id = $1 order by e.at, age(e.xmin) desc, e.position`,
      [tenantId],
    )
  const rowsOf = async (tenantId: string) => {
    const counts = ['document', 'chunk', 'segment', 'generation'].map(
      (table) => `(select json_agg(to_jsonb(x) - 'added_at') from wt.${table} x where x.tenant_id = t.id) as ${table}`,
    )
    const [row] = await desks.admin(`select ${counts.join(', ')} from wt.tenant t where t.external_id = $1`, [tenantId])
    return JSON.stringify(row)
  }

  describe('tenants and workspaces that look alike', () => {
    test('should find their own documents only, under ids that all of them use', async () => {
      const seats = tenantIds.flatMap((tenantId) => workspaceIds.map((workspaceId) => ({ tenantId, workspaceId })))
      const open: { canary: string; desk: Desk }[] = []
      for (const [at, seat] of seats.entries()) {
        const desk = await desks.at(seat)
        await add(desk, 'contract', [5, 6, 7], { word: `canary-${at}-` })
        open.push({ canary: `canary-${at}-`, desk })
      }
      for (const { canary, desk } of open) {
        const hits = await desk.retrieval.search('seed 6', { limit: 100 })
        expect(hits.map(seedOf).toSorted((left, right) => left - right)).toEqual([5, 6, 7])
        expect(hits.every(({ text }) => text.includes(canary))).toBe(true)
        expect(JSON.stringify(hits)).not.toMatch(new RegExp(`canary-(?!${canary.slice(7)})`))
        const listed = (await Array.fromAsync(desk.export())).map(({ id }) => id)
        expect(listed).toEqual(['contract'])
      }
      await open[0]?.desk.retrieval.delete({ datasourceId: 'docs', documentId: 'contract' })
      expect(await open[0]?.desk.retrieval.search('seed 6')).toEqual([])
      for (const { desk } of open.slice(1)) expect(await desk.retrieval.search('seed 6')).toHaveLength(3)
    }, 60_000)
  })

  describe('what others write', () => {
    const strangers: readonly (Seat & { datasourceId: string })[] = [
      { tenantId: 'acme-eu', datasourceId: 'docs' },
      { tenantId: 'acme2', datasourceId: 'docs' },
      { tenantId: 'ACME', datasourceId: 'docs2' },
      { tenantId: 'a:b', workspaceId: 'ws2', datasourceId: 'docs' },
      { tenantId: 'acme', workspaceId: 'ws2', datasourceId: 'docs' },
      { tenantId: 'acme', datasourceId: 'docs2' }, // beside it, outside of the asker's allow-list
    ]
    const step = fc.record({
      stranger: fc.integer({ min: 0, max: strangers.length - 1 }),
      documentId: fc.constantFrom('a', 'b', 'c', 'other'),
      seeds: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
      adds: fc.boolean(),
    })

    test('should not change a single id, score or byte of what one finds, in 200 random histories', async () => {
      await emptied({ tenantId: 'acme' })
      const asking = await desks.at({ tenantId: 'acme', userId: 'u2', role: 'member', allowedDatasourceIds: ['docs'] })
      await add(asking, 'a', [1, 2, 3, 4, 5])
      await add(asking, 'b', [11, 12, 13])
      await add(asking, 'c', [1, 11, 21, 31])
      const writers = await Promise.all(strangers.map((seat) => desks.at({ ...seat, userId: 'u' })))
      const look = async () => {
        const answers = []
        for (const question of [1, 12, 31, 50])
          answers.push(await asking.retrieval.search(`seed ${question}`, { limit: 7 }))
        return JSON.stringify(answers)
      }
      const before = await look()
      expect(JSON.parse(before).map((hits: unknown[]) => hits.length)).toEqual([7, 7, 7, 7])
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 3 }), async (history) => {
          for (const { stranger, documentId, seeds: ofSeeds, adds } of history) {
            const [writer, datasourceId] = [writers[stranger], strangers[stranger]?.datasourceId ?? '']
            if (adds) await add(writer ?? asking, documentId, ofSeeds, { datasourceId, word: 'canary-of-a-stranger' })
            else await writer?.retrieval.delete({ datasourceId, documentId })
          }
          expect(await look()).toBe(before)
        }),
        { numRuns: 200 },
      )
      expect(before).not.toContain('stranger')
    }, 240_000)

    test('should push nothing out: a filter behind the ranking would lose what this one finds', async () => {
      const [victim, flooder] = [
        await emptied({ tenantId: 'acme.' }),
        await emptied({ tenantId: 'acme.', workspaceId: 'ws2' }),
      ]
      await add(victim, 'own', [900])
      await add(
        flooder,
        'flood',
        Array.from({ length: 60 }, () => 901),
      )
      const all = [
        ...Array.from({ length: 60 }, () => ({ own: false, score: scoreOf(901, 901) })),
        { own: true, score: scoreOf(901, 900) },
      ]
      const naive = all
        .toSorted((left, right) => right.score - left.score)
        .slice(0, 50)
        .filter(({ own }) => own)
      expect(naive).toEqual([]) // the attack works on over-fetch, then filter
      expect(found(await victim.retrieval.search('seed 901'))).toMatchObject([{ seed: 900, score: scoreOf(901, 900) }])
    })
  })

  describe('the allow-list', () => {
    test('should mean nothing when it is empty, and not even ask the embedder', async () => {
      const owner = await emptied({ tenantId: 'acme_' })
      await add(owner, 'd', [1])
      await add(owner, 'd', [2], { datasourceId: 'docs2' })
      seeds.state.calls = []
      const nobody = await desks.at({ tenantId: 'acme_', userId: 'u2', allowedDatasourceIds: [] })
      expect(await nobody.retrieval.search('seed 1')).toEqual([])
      expect(await owner.retrieval.search('seed 1', { datasources: [] })).toEqual([])
      expect(await Array.fromAsync(nobody.export())).toEqual([])
      expect(seeds.state.calls).toEqual([])
      for (const datasources of [['docs'], ['docs', 'docs2'], ['nowhere']])
        await expect(nobody.retrieval.search('seed 1', { datasources })).rejects.toThrow(NotFound)
    })

    test('should be narrowed by a caller, and never widened', async () => {
      const owner = await desks.at({ tenantId: 'acme_' })
      const one = await desks.at({ tenantId: 'acme_', userId: 'u2', allowedDatasourceIds: ['docs'] })
      const ids = async (desk: Desk, datasources?: readonly string[]) =>
        (await desk.retrieval.search('seed 1', datasources === undefined ? {} : { datasources }))
          .map(({ datasourceId }) => datasourceId)
          .toSorted()
      expect(await ids(owner)).toEqual(['docs', 'docs2'])
      expect(await ids(owner, ['docs2'])).toEqual(['docs2'])
      expect(await ids(owner, ['docs2', 'docs2'])).toEqual(['docs2'])
      expect(await ids(one)).toEqual(['docs'])
      const before = (await eventsOf('acme_')).length
      for (const datasources of [
        ['docs2'],
        ['docs', 'docs2'],
        ['never-was'],
        ['DOCS'],
        ['docs '],
        ['docs%'],
        ['docs_'],
      ])
        await expect(one.retrieval.search('seed 1', { datasources })).rejects.toThrow(NotFound)
      const events = (await eventsOf('acme_')).slice(before)
      const refusal = {
        event: 'resource-outside-boundary',
        decision: 'refused',
        reason: 'datasource',
        datasource_ids: [],
        blocked: 1,
        detail: '{}',
      }
      expect(events).toEqual(Array.from({ length: 7 }, () => refusal)) // missing and foreign alike
      for (const datasources of ['docs', [''], [undefined], Array(1), [['docs']], { 0: 'docs', length: 1 }, null])
        await expect(owner.retrieval.search('seed 1', { datasources } as never)).rejects.toThrow(InvalidInput)
      await expect(one.retrieval.add({ datasourceId: 'docs2', documentId: 'd', title: '', text: '' })).rejects.toThrow(
        NotFound,
      )
      await expect(one.retrieval.delete({ datasourceId: 'docs2', documentId: 'd' })).rejects.toThrow(NotFound)
    })

    test('should be the database’s too, for SQL that asks for everything', async () => {
      const one = await desks.at({ tenantId: 'acme_', userId: 'u2', role: 'viewer', allowedDatasourceIds: ['docs'] })
      await one.transact(async (transaction) => {
        for (const table of ['document', 'chunk', 'segment', 'generation'])
          expect((await transaction.query(`select from wt.${table}`)).rowCount, table).toBe(1)
      })
      const none = await desks.at({ tenantId: 'acme_', userId: 'u2', role: 'viewer', allowedDatasourceIds: [] })
      await none.transact(async (transaction) => {
        for (const table of ['document', 'chunk', 'segment', 'generation'])
          expect((await transaction.query(`select from wt.${table}`)).rowCount, table).toBe(0)
      })
    })
  })

  describe('roles', () => {
    test('should let a viewer read and not write, in JavaScript and in the database', async () => {
      const viewer = await desks.at({ tenantId: 'acme_', userId: 'u2', role: 'viewer' })
      await expect(add(viewer, 'd', [9])).rejects.toThrow(Forbidden)
      await expect(viewer.retrieval.delete({ datasourceId: 'docs', documentId: 'd' })).rejects.toThrow(Forbidden)
      expect(await viewer.retrieval.search('seed 1')).toHaveLength(2)
      await viewer.transact(async (transaction) => {
        expect((await transaction.query('delete from wt.chunk')).rowCount).toBe(0)
        expect((await transaction.query('update wt.generation set generation = 0')).rowCount).toBe(0)
      })
      const insert = (transaction: Parameters<Parameters<Desk['transact']>[0]>[0]) =>
        transaction.query(
          "insert into wt.document (datasource_id, embedder, id, title) select datasource_id, embedder, 'x', '' from wt.document limit 1",
        )
      await expect(viewer.transact(insert)).rejects.toThrow(Forbidden)
    })
  })

  describe('a missing and a foreign document', () => {
    test('should be deleted alike: not at all, without its id in the log', async () => {
      const [victim, asking] = [await emptied({ tenantId: 'cafe\u0301' }), await desks.at({ tenantId: 'caf\u00e9' })]
      await add(victim, 'foreign-4b1d', [1], { word: 'canary-4b1d' })
      const before = (await eventsOf('caf\u00e9')).length
      for (const documentId of ['foreign-4b1d', 'missing-4b1d'])
        expect(await asking.retrieval.delete({ datasourceId: 'docs', documentId })).toBe(false)
      const events = (await eventsOf('caf\u00e9')).slice(before)
      expect(events).toHaveLength(2)
      expect(events[0]).toEqual(events[1])
      expect(JSON.stringify(events)).not.toContain('4b1d')
      expect(await victim.retrieval.search('seed 1')).toHaveLength(1)
    })

    test('should take another’s document id for a new document of one’s own', async () => {
      const [victim, asking] = [
        await desks.at({ tenantId: 'cafe\u0301' }),
        await desks.at({ tenantId: 'cafe\u0301', workspaceId: 'ws2' }),
      ]
      await add(asking, 'foreign-4b1d', [2], { word: 'mine' })
      expect((await victim.retrieval.search('seed 1', { limit: 1 }))[0]?.text).toContain('canary-4b1d')
      expect(await asking.retrieval.delete({ datasourceId: 'docs', documentId: 'foreign-4b1d' })).toBe(true)
      expect((await victim.retrieval.search('seed 1', { limit: 1 }))[0]?.text).toContain('canary-4b1d')
    })
  })

  describe('input', () => {
    test('should be refused when it is malformed or too large, naming what is wrong', async () => {
      const desk = await desks.at({ tenantId: 'acme%2Deu' })
      const before = await rowsOf('acme%2Deu')
      for (const question of ['', ' \n', undefined, null, 5, {}, ['seed 1']])
        await expect(desk.retrieval.search(question as never)).rejects.toThrow(InvalidInput)
      await expect(desk.retrieval.search('x'.repeat(8_193))).rejects.toMatchObject({
        limit: 'question in characters',
        maximum: 8_192,
      })
      for (const limit of [0, -1, 101, 1.5, Number.NaN, '5', null])
        await expect(desk.retrieval.search('seed 1', { limit } as never)).rejects.toThrow(InvalidInput)
      const good = { datasourceId: 'docs', documentId: 'd', title: 't', text: 'seed 1' }
      const bad = [
        { title: 5 },
        { title: 'a\0' },
        { title: '\ud800' },
        { text: undefined },
        { text: 'a\0b' },
        { text: 'a\udc00' },
        { text: ['seed 1'] },
        { documentId: '' },
        { documentId: 'a\n' },
        { documentId: 'x'.repeat(257) },
        { datasourceId: undefined },
        { datasourceId: { toString: () => 'docs' } },
      ]
      for (const wrong of bad)
        await expect(desk.retrieval.add({ ...good, ...wrong } as never), JSON.stringify(wrong)).rejects.toThrow(
          InvalidInput,
        )
      for (const wrong of [undefined, null, 5, 'docs', Object.create(good)])
        await expect(desk.retrieval.add(wrong as never)).rejects.toThrow(InvalidInput)
      await expect(desk.retrieval.add({ ...good, title: 'x'.repeat(1_025) })).rejects.toThrow(LimitExceeded)
      await expect(desk.retrieval.add({ ...good, text: 'x'.repeat(1_000_001) })).rejects.toMatchObject({
        limit: 'document in characters',
        maximum: 1_000_000,
      })
      expect(seeds.state.calls).toEqual([])
      expect(await rowsOf('acme%2Deu')).toBe(before)
    })

    test('should be able to be empty: a document without text is there, and is never found', async () => {
      const desk = await emptied({ tenantId: 'acme%2Deu' })
      await desk.retrieval.add({ datasourceId: 'docs', documentId: 'empty', title: '', text: ' \n' })
      expect(await desk.retrieval.search('seed 1')).toEqual([])
      expect(await desk.retrieval.delete({ datasourceId: 'docs', documentId: 'empty' })).toBe(true)
    })
  })

  describe('an embedder that misbehaves', () => {
    const answers: readonly (readonly [string, Embedder['embed']])[] = [
      ['answers with too few vectors', async (texts) => texts.slice(1).map(() => valuesOf(1))],
      ['answers with too many vectors', async (texts) => [...texts, ''].map(() => valuesOf(1))],
      ['answers with NaN', async (texts) => texts.map(() => valuesOf(1).with(3, Number.NaN))],
      ['answers with infinity', async (texts) => texts.map(() => valuesOf(1).with(3, Number.POSITIVE_INFINITY))],
      ['answers with other dimensions', async (texts) => texts.map(() => [...valuesOf(1), 1])],
      ['answers with two vectors in one', async (texts) => texts.map(() => [...valuesOf(1), ...valuesOf(2)])],
      ['answers with zeros', async (texts) => texts.map(() => valuesOf(1).map(() => 0))],
      ['answers with nothing', async () => undefined as never],
      ['answers with holes', async (texts) => texts.map(() => undefined as never)],
      ['throws', async () => Promise.reject(new Error('the model is away'))],
      [
        'fails at the last text only',
        async (texts) => texts.map((text) => (text.includes('seed 33 ') ? [] : valuesOf(1))),
      ],
    ]
    test.for(answers)('should leave nothing half-written when it %s', async ([, answer]) => {
      const desk = await emptied({ tenantId: 'ACME', workspaceId: 'ws2' })
      seeds.state.answer = undefined
      await add(desk, 'd', [1, 2])
      const [before, hits] = [await rowsOf('ACME'), found(await desk.retrieval.search('seed 1'))]
      seeds.state.answer = answer
      await expect(add(desk, 'd', [31, 32, 33])).rejects.toThrow(Error)
      await expect(add(desk, 'new', [33])).rejects.toThrow(Error)
      seeds.state.answer = undefined
      expect(await rowsOf('ACME')).toBe(before)
      expect(found(await desk.retrieval.search('seed 1'))).toEqual(hits)
    })

    test('should hold no connection while it is slow, and not outlive the authority that it began with', async () => {
      const desk = await desks.at({ tenantId: 'ACME', workspaceId: 'ws2', userId: 'u2', role: 'member' })
      const other = await desks.at({ tenantId: 'acme2' })
      const before = await rowsOf('ACME')
      const gate = Promise.withResolvers<undefined>()
      seeds.state.answer = async (texts) => {
        await gate.promise
        return texts.map(() => valuesOf(1))
      }
      const writing = add(desk, 'late', [1])
      const reading = desk.retrieval.search('seed 1')
      const refusals = Promise.allSettled([writing, reading])
      await Promise.all(
        Array.from({ length: 12 }, () => other.transact((transaction) => transaction.query('select 1'))),
      ) // nobody waits for the model
      await desks.watertight.directory.raiseVersion({ tenantId: 'ACME', workspaceId: 'ws2', userId: 'u2' })
      gate.resolve(undefined)
      for (const outcome of await refusals)
        expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'BOUNDARY_REFUSED', reason: 'revoked' } })
      expect(await rowsOf('ACME')).toBe(before)
    })
  })

  describe('the index', () => {
    test('should find what brute force finds after any history of add, replace and delete', async () => {
      const step = fc.record({
        datasourceId: fc.constantFrom('docs', 'docs2'),
        documentId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        size: fc.constantFrom(0, 1, 2, 5, 40),
        adds: fc.boolean(),
      })
      let [next, round] = [1_000, 0]
      const desk = await emptied({ tenantId: 'acme ' })
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 30 }),
          async (history, limit) => {
            const held = new Map<string, { datasourceId: string; documentId: string; seeds: readonly number[] }>()
            for (const { datasourceId, documentId, size, adds } of history) {
              const key = `${datasourceId}/${documentId}`
              if (adds) {
                const ofSeeds = Array.from({ length: size }, () => next++)
                await add(desk, documentId, ofSeeds, { datasourceId })
                held.set(key, { datasourceId, documentId, seeds: ofSeeds })
              } else expect(await desk.retrieval.delete({ datasourceId, documentId })).toBe(held.delete(key))
              if (++round % 3 > 0) continue
              const expected = [...held.values()]
                .flatMap((document) =>
                  document.seeds.map((seed) => ({
                    datasourceId: document.datasourceId,
                    documentId: document.documentId,
                    score: scoreOf(7, seed),
                    seed,
                  })),
                )
                .toSorted((left, right) => right.score - left.score)
                .slice(0, limit)
              expect(found(await desk.retrieval.search('seed 7', { limit }))).toEqual(expected)
            }
            for (const { datasourceId, documentId } of held.values())
              await desk.retrieval.delete({ datasourceId, documentId })
            expect(await desk.retrieval.search('seed 7')).toEqual([])
          },
        ),
        { numRuns: 25 },
      )
    }, 240_000)

    test('should stay exact over more than 1,100 chunks, and when whole segments go', async () => {
      const desk = await emptied({ tenantId: 'acme ', workspaceId: 'ws2' })
      const range = (from: number, length: number) => Array.from({ length }, (_, at) => from + at)
      const held = new Map([
        ['first', range(10_000, 300)],
        ['large', range(20_000, 1_150)],
        ['last', range(30_000, 90)],
      ])
      for (const [documentId, ofSeeds] of held) await add(desk, documentId, ofSeeds)
      const check = async () => {
        for (const question of [10_299, 20_211, 20_212, 21_149, 30_089, 5]) {
          const expected = [...held]
            .flatMap(([documentId, ofSeeds]) =>
              ofSeeds.map((seed) => ({ datasourceId: 'docs', documentId, score: scoreOf(question, seed), seed })),
            )
            .toSorted((left, right) => right.score - left.score)
            .slice(0, 20)
          expect(found(await desk.retrieval.search(`seed ${question}`, { limit: 20 }))).toEqual(expected)
        }
      }
      const segments = async () =>
        (await desk.transact((transaction) => transaction.query('select number, size from wt.segment order by number')))
          .rows
      await check()
      expect((await segments()).map(({ size }) => size)).toEqual([512, 512, 512, 4])
      held.delete('large')
      await desk.retrieval.delete({ datasourceId: 'docs', documentId: 'large' })
      await check()
      expect((await segments()).map(({ size }) => size)).toEqual([300, 86, 4])
      held.set('again', range(40_000, 600))
      await add(desk, 'again', range(40_000, 600))
      await check()
    }, 120_000)

    test('should return equal vectors in the order they came, the same on every run', async () => {
      const desk = await emptied({ tenantId: 'acme-eu', workspaceId: 'ws2' })
      for (const documentId of ['z', 'm', 'a']) await add(desk, documentId, [77, 77, 77])
      const look = async () =>
        (await desk.retrieval.search('seed 77', { limit: 4 })).map(({ documentId }) => documentId)
      for (let round = 0; round < 5; round++) expect(await look()).toEqual(['z', 'z', 'z', 'm'])
    })

    test('should show nothing of a write that was rolled back, and no event', async () => {
      const desk = await emptied({ tenantId: 'a:b' })
      await add(desk, 'kept', [1])
      const [before, hits] = [await rowsOf('a:b'), found(await desk.retrieval.search('seed 1'))]
      await desks.admin(
        "alter table wt.audit_event add constraint no_evidence check (event not in ('document-added', 'document-deleted')) not valid",
      )
      try {
        await expect(add(desk, 'kept', [2, 3])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
        await expect(desk.retrieval.delete({ datasourceId: 'docs', documentId: 'kept' })).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
        })
      } finally {
        await desks.admin('alter table wt.audit_event drop constraint no_evidence')
      }
      expect(await rowsOf('a:b')).toBe(before)
      expect(found(await desk.retrieval.search('seed 1'))).toEqual(hits)
      await add(desk, 'kept', [2])
      expect(found(await desk.retrieval.search('seed 1'))).toMatchObject([{ seed: 2 }])
    })

    test('should keep every document of writers that write at once', async () => {
      const desk = await emptied({ tenantId: 'a:b', workspaceId: 'ws2' })
      await Promise.all(Array.from({ length: 8 }, (_, at) => add(desk, `d${at}`, [at * 10 + 1, at * 10 + 2])))
      await Promise.all(
        Array.from({ length: 8 }, (_, at) =>
          at % 2 === 0
            ? add(desk, `d${at}`, [at * 10 + 3])
            : desk.retrieval.delete({ datasourceId: 'docs', documentId: `d${at}` }),
        ),
      )
      const hits = await desk.retrieval.search('seed 3', { limit: 100 })
      expect(hits.map(seedOf).toSorted((left, right) => left - right)).toEqual([3, 23, 43, 63])
      expect(hits.map(({ score }) => score)).toEqual(hits.map((hit) => scoreOf(3, seedOf(hit))))
    }, 60_000)
  })

  if (engine === 'postgres') {
    describe('two processes on one server', () => {
      test('should each see the other’s writes and deletes at the next search, and a revoked datasource', async () => {
        await using second = await openDesks(store, { surfaces: [retrieval(options)] as const, tenants: [] })
        const [here, there] = [await emptied({ tenantId: 'acme2' }), await second.at({ tenantId: 'acme2' })]
        const look = async () =>
          [
            await here.retrieval.search('seed 1', { limit: 100 }),
            await there.retrieval.search('seed 1', { limit: 100 }),
          ].map((hits) => hits.map(seedOf).toSorted((left, right) => left - right))
        await add(here, 'one', [1])
        expect(await look()).toEqual([[1], [1]])
        await add(there, 'two', [2])
        expect(await look()).toEqual([
          [1, 2],
          [1, 2],
        ])
        await add(here, 'two', [3])
        expect(await look()).toEqual([
          [1, 3],
          [1, 3],
        ])
        await there.retrieval.delete({ datasourceId: 'docs', documentId: 'one' })
        expect(await look()).toEqual([[3], [3]])
        await second.boundary({ tenantId: 'acme2', allowedDatasourceIds: ['docs2'] })
        await expect(here.retrieval.search('seed 1')).rejects.toMatchObject({
          code: 'BOUNDARY_REFUSED',
          reason: 'revoked',
        })
        expect(
          await (await desks.at({ tenantId: 'acme2', allowedDatasourceIds: ['docs2'] })).retrieval.search('seed 1'),
        ).toEqual([])
      })

      test('should lose no write when both write to one datasource', async () => {
        await using second = await openDesks(store, { surfaces: [retrieval(options)] as const, tenants: [] })
        const [here, there] = [
          await emptied({ tenantId: 'acme.', userId: 'u2' }),
          await second.at({ tenantId: 'acme.', userId: 'u2' }),
        ]
        await Promise.all(
          [here, there].flatMap((desk, side) =>
            Array.from({ length: 10 }, (_, at) =>
              add(desk, `w${side}-${at}`, [5_000 + side * 100 + at], { datasourceId: 'docs2' }),
            ),
          ),
        )
        const expected = [0, 1].flatMap((side) => Array.from({ length: 10 }, (_, at) => 5_000 + side * 100 + at))
        for (const desk of [here, there]) {
          const hits = await desk.retrieval.search('seed 5000', { limit: 100, datasources: ['docs2'] })
          expect(hits.map(seedOf).toSorted((left, right) => left - right)).toEqual(expected)
          expect(hits.map(({ score }) => score)).toEqual(hits.map((hit) => scoreOf(5_000, seedOf(hit))))
        }
      }, 60_000)

      test('should not mix two versions of an embedder, nor two sizes of one', async () => {
        const newer = createSeedEmbedder('seeds-2')
        const larger: Embedder = { id: 'seeds-1', dimensions: 4, embed: async (texts) => texts.map(() => [1, 2, 3, 4]) }
        await using second = await openDesks(store, {
          surfaces: [retrieval({ embedder: newer.embedder })] as const,
          tenants: [],
        })
        await using third = await openDesks(store, {
          surfaces: [retrieval({ embedder: larger })] as const,
          tenants: [],
        })
        const seat = { tenantId: 'ACME' }
        const [old, fresh, small] = [await emptied(seat), await second.at(seat), await third.at(seat)]
        await add(old, 'd', [1], { word: 'of-the-old' })
        await fresh.retrieval.add({ datasourceId: 'docs', documentId: 'd', title: 'd', text: 'seed 2 of-the-new' })
        await small.retrieval.add({ datasourceId: 'docs', documentId: 'd', title: 'd', text: 'of-the-small' })
        for (const [desk, own] of [
          [old, 'old'],
          [fresh, 'new'],
          [small, 'small'],
        ] as const) {
          const texts = (await desk.retrieval.search('seed 1', { limit: 100 })).map(({ text }) => text)
          expect(texts).toEqual([expect.stringContaining(`of-the-${own}`)])
        }
        expect(await fresh.retrieval.delete({ datasourceId: 'docs', documentId: 'd' })).toBe(true)
        expect(await old.retrieval.search('seed 1')).toHaveLength(1)
      })

      test('should find the same with hardly any memory for slabs', async () => {
        const vectorMemory = { totalBytes: 1_000, tenantBytes: 300 }
        await using second = await openDesks(store, {
          surfaces: [retrieval({ ...options, vectorMemory })] as const,
          tenants: [],
        })
        for (const tenantId of ['acme', 'acme-eu', 'acme ', 'acme']) {
          const seat = { tenantId, workspaceId: 'ws2' }
          const [roomy, tight] = [await desks.at(seat), await second.at(seat)]
          expect(await tight.retrieval.search('seed 77', { limit: 50 })).toEqual(
            await roomy.retrieval.search('seed 77', { limit: 50 }),
          )
        }
      })
    })
  }
})

describe('an index of the app’s own', () => {
  const hit: IndexHit = {
    owner: { tenantId: 'acme', workspaceId: 'ws' },
    datasourceId: 'docs',
    documentId: 'd',
    title: 'title',
    heading: '',
    text: 'canary-77aa',
    score: 1,
  }
  const own = { hits: [hit], writes: [] as unknown[] }
  const index: DocumentIndex = {
    add: async (...call) => void own.writes.push(call),
    has: async () => true,
    delete: async (...call) => own.writes.push(call) > 0,
    search: async () => own.hits,
    list: async () => own.hits,
    close: async () => undefined,
  }
  let desks: Desks<typeof surfaces>
  beforeAll(async () => {
    desks = await openDesks(
      { database: 'memory://', keys: Keyring.generate() },
      { surfaces: [retrieval({ embedder: seeds.embedder, index })] as const, tenants: ['acme'] },
    )
  })
  beforeEach(() => Object.assign(own, { hits: [hit], writes: [] }))
  afterAll(async () => await desks[Symbol.asyncDispose]())

  const foreign: readonly (readonly [string, Partial<IndexHit>])[] = [
    ['another tenant', { owner: { tenantId: 'acme2', workspaceId: 'ws' } }],
    ['a tenant that looks alike', { owner: { tenantId: 'acme ', workspaceId: 'ws' } }],
    ['another workspace', { owner: { tenantId: 'acme', workspaceId: 'ws2' } }],
    ['a datasource that is not allowed', { datasourceId: 'docs2' }],
    ['a datasource that looks alike', { datasourceId: 'docs ' }],
    ['nobody', { owner: {} as never }],
  ]
  test.for(foreign)('should not get a row of %s past the owner check, not even beside own rows', async ([, row]) => {
    const desk = await desks.at({ allowedDatasourceIds: ['docs'] })
    expect(await desk.retrieval.search('seed 1')).toHaveLength(1)
    own.hits = [hit, { ...hit, ...row }]
    const withheld = () =>
      desks.admin(
        "select reason, blocked_cross_boundary_resources as blocked, detail::text from wt.audit_event where event = 'result-withheld'",
      )
    const before = (await withheld()).length
    await expect(desk.retrieval.search('seed 1')).rejects.toThrow(NotFound)
    await expect(Array.fromAsync(desk.export())).rejects.toThrow(NotFound)
    expect((await withheld()).slice(before)).toEqual(
      [1, 2].map(() => ({ reason: 'owner-mismatch', blocked: 1, detail: '{}' })),
    )
  })

  test('should be given a boundary that is narrowed to the question, and write only behind durable evidence', async () => {
    const desk = await desks.at()
    await desk.retrieval.add({ datasourceId: 'docs', documentId: 'd', title: 't', text: 'seed 1' })
    expect(own.writes).toMatchObject([[{}, { documentId: 'd' }, '[]']])
    expect(await desks.admin("select from wt.audit_event where event = 'document-added'")).toHaveLength(1)
    await desks.admin(
      "alter table wt.audit_event add constraint no_evidence check (event not in ('document-added', 'document-deleted')) not valid",
    )
    for (const attempt of [
      () => desk.retrieval.add({ datasourceId: 'docs', documentId: 'e', title: 't', text: 'seed 1' }),
      () => desk.retrieval.delete({ datasourceId: 'docs', documentId: 'd' }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'EVIDENCE_REFUSED' })
    expect(own.writes).toHaveLength(1)
  })
})

describe('retrieval()', () => {
  test('should refuse options that would be no limit, or no embedder', () => {
    const { embedder } = seeds
    for (const wrong of [
      {},
      { embedder: { ...embedder, id: '' } },
      { embedder: { ...embedder, dimensions: 0 } },
      { embedder: { ...embedder, dimensions: 1.5 } },
      { embedder: { id: 'x', dimensions: 3 } },
      { embedder, chunkLength: 99 },
      { embedder, maximumDocumentLength: Number.NaN },
      { embedder, vectorMemory: { totalBytes: Number.NaN, tenantBytes: 1 } },
      { embedder, vectorMemory: { totalBytes: 1, tenantBytes: Number.POSITIVE_INFINITY } },
    ])
      expect(() => retrieval(wrong as never)).toThrow(TypeError)
  })
})
