import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { compareWorlds } from './compare-worlds.ts'
import type { WorldsOptions } from './compare-worlds.ts'
import { neighbourActivities, neighbourHistories } from './neighbours.ts'
import { createPin } from './pin.ts'
import { defineWorldOperation } from './world.ts'
import { WorldsDiffer, WorldsUnproved } from './worlds-differ.ts'

interface Shelf {
  readonly notes: Map<string, string>
  readonly others: Map<string, string>
}

const key = fc.constantFrom('plan', 'Plan', 'secret-plan')

const put = defineWorldOperation<Shelf, string>({
  surface: 'shelf',
  name: 'put',
  rule: 'A note is put under its exact key.',
  argument: key,
  run: async ({ notes }, name) => void notes.set(name, `my ${name}`),
})

const get = defineWorldOperation<Shelf, string>({
  surface: 'shelf',
  name: 'get',
  rule: 'A note is found by its owner and its exact key.',
  argument: key,
  run: async ({ notes }, name) => notes.get(name),
})

function counting(count: (shelf: Shelf) => unknown) {
  return defineWorldOperation<Shelf, undefined>({
    surface: 'shelf',
    name: 'count',
    rule: 'A count depends on one’s own notes alone.',
    argument: fc.constantFrom(undefined),
    run: async (shelf) => count(shelf),
  })
}

const honest = counting(({ notes }) => notes.size)

function options(over: Partial<WorldsOptions<Shelf, number>> = {}): WorldsOptions<Shelf, number> {
  return {
    fastCheck: fc,
    operations: [put, get, honest],
    history: fc.nat({ max: 3 }),
    async open(count) {
      const others = new Map(Array.from({ length: count }, (_none, at) => [`plan ${at}`, 'theirs']))
      return { actor: { notes: new Map(), others }, [Symbol.asyncDispose]: async () => undefined }
    },
    comparisons: 60,
    seed: 5,
    ...over,
  }
}

const failing = (over: Partial<WorldsOptions<Shelf, number>>) =>
  compareWorlds(options(over)).then(
    () => {
      throw new Error('it passed')
    },
    (error: unknown) => error as Error,
  )

describe('compareWorlds', () => {
  test('should report what it compared, where nothing depends on others', async () => {
    const done: number[] = []
    const report = await compareWorlds(options({ onComparison: (count) => done.push(count) }))
    expect(report).toMatchObject({ comparisons: 60, worlds: 120, seed: 5 })
    expect([...report.operations.keys()]).toEqual(['shelf.put', 'shelf.get', 'shelf.count'])
    expect([...report.operations.values()].every(({ ran, answered }) => ran > 20 && answered === ran)).toBe(true)
    expect(done).toEqual(Array.from({ length: 60 }, (_none, at) => at + 1))
  })

  test('should find a count over all, and name surface, rule and the smallest script', async () => {
    const leaky = counting(({ notes, others }) => notes.size + others.size)
    const found = await failing({ operations: [put, get, leaky] })
    expect(found).toBeInstanceOf(WorldsDiffer)
    expect(found.message).toBe(
      [
        'shelf.count answers by what others did. Rule: A count depends on one’s own notes alone.',
        'The smallest script (seed 5):',
        '  1. shelf.count()',
        'At $.answer: 0 beside 0; 1 beside 1.',
      ].join('\n'),
    )
  })

  test('should shrink to the steps that it takes, and no step behind them', async () => {
    const leaky = counting(({ notes, others }) => (notes.has('Plan') ? others.size : 0))
    const found = await failing({ operations: [put, get, leaky], comparisons: 300 })
    expect(found).toMatchObject({
      divergence: {
        script: [
          { operation: 'shelf.put', argument: 'Plan' },
          { operation: 'shelf.count', argument: undefined },
        ],
      },
    })
  })

  test('should find what an error, an order or the name of a member tells, and print none of it', async () => {
    const secret = 'jkqvxzjkqvxzjkqvxzjkqvxz'
    const tells: readonly ((shelf: Shelf) => unknown)[] = [
      ({ others }) => {
        throw new Error(others.size > 1 ? `It belongs to ${secret}` : 'There is none.')
      },
      ({ others }) => (others.size > 1 ? ['a', secret] : [secret, 'a']),
      ({ others }) => (others.size > 1 ? { [secret]: 1 } : { other: 1 }),
      ({ others }) => new Map([[secret, others.size]]),
      ({ others }) => Uint8Array.of(others.size),
    ]
    for (const tell of tells) {
      const found = await failing({ operations: [counting(tell)] })
      expect(found).toBeInstanceOf(WorldsDiffer)
      expect(found.message).not.toContain('jkqvxz')
    }
  })

  test('should compare every world with one of the actor alone', async () => {
    const openAlone = async () => ({
      actor: { notes: new Map<string, string>(), others: new Map<string, string>() },
      [Symbol.asyncDispose]: async () => undefined,
    })
    await compareWorlds(options({ openAlone }))
    const leaky = counting(({ others }) => others.size > 0)
    const found = await failing({ operations: [leaky], openAlone })
    expect(found.message).toContain('At $.answer: false beside nobody else; true beside 1.')
  })

  test('should find what depends on others at the same time', async () => {
    const leaky = counting(async ({ others }) => {
      await new Promise((resolve) => setImmediate(resolve))
      return others.size
    })
    const busy = async (count: number) => {
      const others = new Map<string, string>()
      return {
        actor: { notes: new Map<string, string>(), others },
        meanwhile: async (step: number) => void (count > 1 && others.set(`${step}`, 'theirs')),
        [Symbol.asyncDispose]: async () => undefined,
      }
    }
    await compareWorlds(options({ open: busy }))
    expect(await failing({ operations: [leaky], open: busy })).toBeInstanceOf(WorldsDiffer)
  })

  test.each([
    ['nothing to do', { operations: [] }, TypeError],
    ['two operations of one name', { operations: [get, get] }, TypeError],
    ['no comparison', { comparisons: 0 }, TypeError],
    [
      'an operation that is never answered',
      { operations: [counting(() => Promise.reject(new Error('no')))] },
      WorldsUnproved,
    ],
    ['an operation that answers what it should refuse', { operations: [{ ...get, refused: true }] }, WorldsUnproved],
    ['an operation that occurs too seldom', { occurrences: 10_000 }, WorldsUnproved],
    [
      'a step that does not end',
      { operations: [counting(() => new Promise(() => {}))], stepTimeout: 20 },
      WorldsUnproved,
    ],
    ['a world that does not open', { open: () => Promise.reject(new RangeError('no database')) }, RangeError],
  ] as const)('should not pass with %s', async (_name, over, kind) => {
    expect(await failing(over)).toBeInstanceOf(kind)
  })

  test('should take an operation that is always refused where it says so', async () => {
    const refused = { ...counting(() => Promise.reject(new Error('no'))), refused: true }
    expect((await compareWorlds(options({ operations: [refused] }))).operations.get('shelf.count')?.answered).toBe(0)
  })
})

describe('a pin', () => {
  const first = '3f2b8c1e-0000-4000-8000-000000000001'
  const second = '3f2b8c1e-0000-4000-8000-000000000002'

  test('should number made ids by their first appearance, and keep two apart', () => {
    const pin = createPin([
      ['world-1/', 'world'],
      ['world-1/acme', 'tenant'],
    ])
    expect(pin([first, { [second]: `run ${first}` }])).toEqual(['<id 1>', { '<id 2>': 'run <id 1>' }])
    expect(pin({ owner: 'world-1/acme-eu', at: new Date(), text: 'at 2026-11-25T09:00:00.000Z' })).toEqual({
      owner: '<tenant>-eu',
      at: '<time>',
      text: 'at <time>',
    })
    expect(pin(second)).toBe('<id 2>')
  })

  test('should keep the words of an error, the order of members and what is no JSON', () => {
    const pin = createPin()
    expect(pin(Object.assign(new TypeError('no'), { code: 'NO' }))).toEqual({
      name: 'TypeError',
      message: 'no',
      code: 'NO',
    })
    expect(JSON.stringify(pin({ b: 1, a: 2 }))).toBe('{"b":1,"a":2}')
    const circle: unknown[] = [undefined, 10n, Number.NaN]
    circle.push(circle)
    expect(pin(circle)).toEqual(['<undefined>', '<bigint 10>', '<number NaN>', '<circle>'])
  })
})

describe('neighbourHistories', () => {
  test('should make every history, the smallest of which has nobody', () => {
    const made = fc.sample(neighbourHistories(fc), { numRuns: 2000, seed: 1 })
    expect(new Set(made.map((history) => JSON.stringify(history))).size).toBe(neighbourActivities.length ** 3)
    expect(neighbourActivities[0]).toBe('absent')
  })
})
