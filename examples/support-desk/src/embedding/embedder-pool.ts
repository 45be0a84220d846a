import type { Embedder } from './embedder.ts'

/**
 * Shares the work among several embedders of one kind, each in a thread of its own.
 *
 * Keeps no vectors: a cache that customers share would tell one of them what another has asked.
 */
export function poolEmbedders(embedders: readonly [Embedder, ...Embedder[]]): Embedder {
  const [{ id, dimensions }] = embedders
  const desks = embedders.map((embedder) => ({ embedder, busy: 0 }))
  return {
    id,
    dimensions,
    async embed(texts) {
      const desk = desks.reduce((idlest, each) => (each.busy < idlest.busy ? each : idlest))
      desk.busy++
      try {
        return await desk.embedder.embed(texts)
      } finally {
        desk.busy--
      }
    },
    async close() {
      await Promise.all(embedders.map((embedder) => embedder.close()))
    },
  }
}
