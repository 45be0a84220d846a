import type { Embedder } from '../../../src/surfaces/retrieval/index.ts'

/** An embedder that remembers: thousands of worlds say the same words. A vector depends on its text alone either way. */
export function rememberVectors(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<Float32Array>>()
  const embedOne = async (text: string) => {
    const [vector] = await embedder.embed([text])
    if (vector === undefined) throw new TypeError('The embedder gave no vector.')
    return Float32Array.from(vector)
  }
  const remembered = (text: string) => {
    const vector = known.get(text) ?? embedOne(text)
    known.set(text, vector)
    return vector
  }
  return { ...embedder, embed: async (texts) => await Promise.all(texts.map(remembered)) }
}
