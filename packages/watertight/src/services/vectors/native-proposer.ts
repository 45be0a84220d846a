import type { Proposer } from './exact-search.ts'

/**
 * Loads the native exact search, or answers `undefined` where it is not installed or has no build for this platform.
 * Without it the same results come from plain JavaScript, about ten times slower on large slabs.
 */
export async function loadNativeProposer(): Promise<Proposer | undefined> {
  const usearch = await importUsearch()
  if (usearch === undefined) return undefined
  const { exactSearch, MetricKind } = usearch
  return (slab, query, count) => {
    // One thread: on small slabs starting more costs more than it gives. The call is synchronous either way.
    const { keys, distances } = exactSearch(slab.vectors, query, slab.dimensions, count, MetricKind.IP, 1)
    return { positions: Array.from(keys, Number), distances }
  }
}

async function importUsearch() {
  try {
    const { default: usearch } = await import('usearch')
    return usearch
  } catch {
    return undefined
  }
}
