import { describe, expect, test } from 'vitest'

import { lexicalEmbedder } from './lexical-embedder.ts'

describe('lexicalEmbedder()', () => {
  const embedder = lexicalEmbedder()
  const nearness = async (left: string, right: string) => {
    const [one, other] = (await embedder.embed([left, right])).map((values) => Array.from(values))
    const dot = (a: readonly number[] = [], b: readonly number[] = []) =>
      a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)
    return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other))
  }

  test('should be called what it is, and not semantic', async () => {
    expect(embedder.id).toMatch(/^lexical/)
    expect(await nearness('renewal date', 'When is the renewal date?')).toBeGreaterThan(0.4)
    expect(await nearness('renewal date', 'the contract runs on from May')).toBeLessThan(0.3) // the same in meaning only
  })

  test('should give every text a direction, one without words too, and the same one each time', async () => {
    const texts = ['', ' ', '!?', '\u{1f600}', 'a', 'b', 'q', 'z', '0', '7', 'at', 'of']
    const vectors = await embedder.embed(texts)
    for (const vector of vectors) {
      expect(vector).toHaveLength(embedder.dimensions)
      expect(Array.from(vector).some((value) => value !== 0)).toBe(true)
    }
    expect(await embedder.embed(texts)).toEqual(vectors)
  })
})
