import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import { searchSlab } from './exact-search.ts'
import type { Proposer, VectorHit } from './exact-search.ts'
import { loadNativeProposer } from './native-proposer.ts'
import { assembleSlab } from './slab.ts'
import type { Slab } from './slab.ts'
import { unitVector } from './unit-vector.ts'

/** Numbers that a seed decides, so that a failure can be run again. */
function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32 - 0.5
  }
}

function vectorOf(next: () => number, dimensions: number): Float32Array<ArrayBuffer> {
  return unitVector(Array.from({ length: dimensions }, next), dimensions) ?? expect.fail('a vector of length 0')
}

function slabOf(vectors: readonly Float32Array<ArrayBuffer>[], dimensions: number): Slab {
  const slab = {
    generation: '1',
    size: vectors.length,
    dimensions,
    chunks: BigInt64Array.from(vectors, (_, at) => BigInt(at + 1)),
    vectors: new Float32Array(vectors.length * dimensions),
  }
  vectors.forEach((vector, at) => slab.vectors.set(vector, at * dimensions))
  return slab
}

/** What a search should find, in the plainest words. */
function bruteForce(slab: Slab, query: Float32Array, count: number): readonly VectorHit[] {
  const hits = Array.from(slab.chunks, (chunk, at) => {
    let score = 0
    for (let axis = 0; axis < slab.dimensions; axis++)
      score += (query[axis] ?? 0) * (slab.vectors[at * slab.dimensions + axis] ?? 0)
    return { chunk, score }
  })
  return hits.toSorted((left, right) => right.score - left.score || (left.chunk < right.chunk ? -1 : 1)).slice(0, count)
}

let native: Proposer

beforeAll(async () => {
  native = (await loadNativeProposer()) ?? expect.fail('usearch is not installed here')
})

const asked = 10

describe('an exact search', () => {
  test.for([1, 2, 9, 10, 11, 39, 40, 41, 512, 513, 1_100, 5_000])(
    'should find the very best of %i vectors, with and without usearch',
    (size) => {
      const next = numbers(size)
      const dimensions = 48
      const slab = slabOf(
        Array.from({ length: size }, () => vectorOf(next, dimensions)),
        dimensions,
      )
      for (let round = 0; round < 20; round++) {
        const query = vectorOf(next, dimensions)
        const expected = bruteForce(slab, query, asked)
        expect(searchSlab(slab, query, asked, native)).toEqual(expected)
        expect(searchSlab(slab, query, asked, undefined)).toEqual(expected)
        expect(expected).toHaveLength(Math.min(size, asked))
      }
    },
  )

  test('should agree with brute force for any clustered slab, any count and any duplicates', () => {
    const cases = fc.record({
      seed: fc.nat(),
      dimensions: fc.integer({ min: 1, max: 96 }),
      topics: fc.integer({ min: 1, max: 6 }),
      size: fc.integer({ min: 0, max: 300 }),
      spread: fc.constantFrom(0, 1e-7, 1e-5, 1e-3, 1),
      count: fc.integer({ min: 0, max: 40 }),
    })
    fc.assert(
      fc.property(cases, ({ seed, dimensions, topics, size, spread, count }) => {
        const next = numbers(seed)
        const centres = Array.from({ length: topics }, () => vectorOf(next, dimensions))
        const near = () => {
          const centre = centres[Math.floor((next() + 0.5) * topics)] ?? []
          return (
            unitVector(
              Array.from(centre, (value) => value + spread * next()),
              dimensions,
            ) ?? vectorOf(next, dimensions)
          )
        }
        const slab = slabOf(Array.from({ length: size }, near), dimensions)
        const query = near()
        const expected = bruteForce(slab, query, count)
        expect(searchSlab(slab, query, count, native)).toEqual(expected)
        expect(searchSlab(slab, query, count, undefined)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('should return equal vectors in the order of their chunk numbers, on every run', () => {
    const vector = vectorOf(numbers(7), 32)
    const slab = slabOf(
      Array.from({ length: 4_500 }, () => vector),
      32,
    )
    for (let round = 0; round < 5; round++) {
      const hits = searchSlab(slab, vector, asked, native)
      expect(hits.map(({ chunk }) => chunk)).toEqual(Array.from({ length: asked }, (_, at) => BigInt(at + 1)))
    }
    // The attack works on whoever takes the candidates as they come.
    expect(native(slab, vector, asked).positions).not.toEqual(Array.from({ length: asked }, (_, at) => at))
  })

  test('should give the same bits whatever lies in other slabs', () => {
    const next = numbers(11)
    const own = Array.from({ length: 200 }, () => vectorOf(next, 64))
    const query = vectorOf(next, 64)
    const alone = searchSlab(slabOf(own, 64), query, asked, native)
    for (let round = 0; round < 20; round++) {
      slabOf(
        Array.from({ length: 300 }, () => vectorOf(next, 64)),
        64,
      )
      expect(searchSlab(slabOf(own, 64), query, asked, native)).toEqual(alone)
    }
  })
})

describe('a slab', () => {
  test('should own its bytes, though usearch reads a view from the start of somebody else’s', () => {
    const dimensions = 8
    const foreign = vectorOf(numbers(3), dimensions)
    const own = vectorOf(numbers(5), dimensions)
    const arena = new Float32Array([...foreign, ...own])
    const view = arena.subarray(dimensions)
    const slab = { ...slabOf([own], dimensions), vectors: view }
    // The attack: the neighbour's vector is found in a slab that does not hold it.
    const naive = native(slab, foreign, 1)
    expect(naive.distances[0]).toBeCloseTo(0, 5)
    expect(() => searchSlab(slab, foreign, 1, native)).toThrow(TypeError)
    const query = new Float32Array([0, ...own]).subarray(1)
    expect(() => searchSlab(slabOf([own], dimensions), query, 1, native)).toThrow(TypeError)
  })

  test('should copy the driver’s blobs, which are views into a buffer that other rows share', () => {
    const dimensions = 4
    const shared = new Uint8Array(200).fill(9)
    const chunks = shared.subarray(8, 16)
    const vectors = shared.subarray(32, 48)
    chunks.set(new Uint8Array(BigInt64Array.of(5n).buffer))
    vectors.set(new Uint8Array(Float32Array.of(1, 0, 0, 0).buffer))
    const slab = assembleSlab('1', dimensions, [{ size: 1, chunks, vectors }])
    shared.fill(255)
    expect(slab).toMatchObject({ size: 1, chunks: BigInt64Array.of(5n), vectors: Float32Array.of(1, 0, 0, 0) })
    expect(slab.vectors.byteOffset + slab.chunks.byteOffset).toBe(0)
    expect(slab.vectors.buffer.byteLength).toBe(16)
  })

  test('should refuse segments that do not hold what they say', () => {
    const good = { size: 1, chunks: new Uint8Array(8), vectors: new Uint8Array(16) }
    for (const bad of [
      { ...good, size: 2 },
      { ...good, chunks: new Uint8Array(16) },
      { ...good, vectors: new Uint8Array(20) },
    ])
      expect(() => assembleSlab('1', 4, [good, bad])).toThrow(TypeError)
  })
})

describe('a question', () => {
  test('should be refused when it is too short, twice as long, or a view', () => {
    const slab = slabOf([vectorOf(numbers(1), 4)], 4)
    for (const length of [0, 3, 5, 8])
      expect(() => searchSlab(slab, new Float32Array(length), 1, native)).toThrow(TypeError)
  })

  test('should find nothing in an empty slab or when nothing is asked for', () => {
    const query = vectorOf(numbers(1), 4)
    expect(searchSlab(slabOf([], 4), query, 5, native)).toEqual([])
    expect(searchSlab(slabOf([query], 4), query, 0, native)).toEqual([])
    expect(searchSlab(slabOf([query], 4), query, -1, native)).toEqual([])
  })
})

describe('unitVector()', () => {
  test('should refuse other lengths and values that are no numbers, and scale the rest to 1', () => {
    for (const bad of [
      [],
      [1],
      [1, 2, 3],
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 1],
      [0, 0],
      [undefined, 1],
      ['x', 1],
      [1e200, 1e200],
    ])
      expect(unitVector(bad as never, 2)).toBeUndefined()
    expect(unitVector([3, 4], 2)).toEqual(Float32Array.of(0.6, 0.8))
    const view = new Float32Array([9, 3, 4]).subarray(1)
    expect(unitVector(view, 2)?.byteOffset).toBe(0)
  })
})
