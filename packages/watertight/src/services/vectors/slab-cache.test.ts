import { describe, expect, test } from 'vitest'

import { SlabCache } from './slab-cache.ts'
import type { SlabKey } from './slab-cache.ts'
import type { Slab } from './slab.ts'

/** A slab of 12 bytes a vector: one number, one axis. */
function slab(generation: string, size = 1): Slab {
  return { generation, size, dimensions: 1, chunks: new BigInt64Array(size), vectors: new Float32Array(size) }
}

const key: SlabKey = { tenant: 't', workspace: 'w', datasource: 'd', embedder: 'e' }

describe('a cache of slabs', () => {
  test('should keep keys apart that a join would run together', () => {
    const keys: SlabKey[] = [
      key,
      ...['acme', 'acme2', 'acme-eu', 'ACME', 'acme ', 'a","b', 'a'].map((tenant) => ({ ...key, tenant })),
      { ...key, tenant: 'a', workspace: 'b:c' },
      { ...key, tenant: 'a:b', workspace: 'c' },
      { ...key, embedder: 'e/384' },
      { ...key, embedder: 'e/768' },
      { ...key, datasource: 'd2' },
    ]
    const cache = new SlabCache({ totalBytes: 10_000, tenantBytes: 10_000 })
    keys.forEach((each, at) => cache.keep(each, slab(`${at}`)))
    keys.forEach((each, at) => expect(cache.find(each, `${at}`)?.generation).toBe(`${at}`))
  })

  test('should not answer with another generation, newer or older', () => {
    const cache = new SlabCache({ totalBytes: 100, tenantBytes: 100 })
    for (const generation of ['1', '3', '02', '2 ']) {
      cache.keep(key, slab('2'))
      expect(cache.find(key, generation)).toBeUndefined()
    }
    expect(cache.find(key, '2')).toBeUndefined() // and the stale one is gone
  })

  test('should let a tenant over its quota push out nobody but itself', () => {
    const cache = new SlabCache({ totalBytes: 1_000, tenantBytes: 36 })
    const other = { ...key, tenant: 'other' }
    cache.keep(other, slab('1'))
    for (const datasource of ['d1', 'd2', 'd3', 'd4', 'd5']) cache.keep({ ...key, datasource }, slab('1'))
    expect(cache.find(other, '1')).toBeDefined()
    const kept = ['d1', 'd2', 'd3', 'd4', 'd5'].filter((datasource) => cache.find({ ...key, datasource }, '1'))
    expect(kept).toEqual(['d3', 'd4', 'd5'])
  })

  test('should drop the least recently used of all when the whole is over its limit', () => {
    const cache = new SlabCache({ totalBytes: 36, tenantBytes: 36 })
    for (const tenant of ['a', 'b', 'c']) cache.keep({ ...key, tenant }, slab('1'))
    cache.find({ ...key, tenant: 'a' }, '1')
    cache.keep({ ...key, tenant: 'd' }, slab('1'))
    expect(['a', 'b', 'c', 'd'].filter((tenant) => cache.find({ ...key, tenant }, '1'))).toEqual(['a', 'c', 'd'])
  })

  test('should not keep a slab that is over a limit by itself, nor drop others for it', () => {
    const cache = new SlabCache({ totalBytes: 1_000, tenantBytes: 36 })
    cache.keep({ ...key, datasource: 'small' }, slab('1'))
    cache.keep(key, slab('1', 4))
    expect(cache.find(key, '1')).toBeUndefined()
    expect(cache.find({ ...key, datasource: 'small' }, '1')).toBeDefined()
  })

  test('should hold nothing after clear()', () => {
    const cache = new SlabCache({ totalBytes: 100, tenantBytes: 100 })
    cache.keep(key, slab('1'))
    cache.clear()
    expect(cache.find(key, '1')).toBeUndefined()
  })
})
