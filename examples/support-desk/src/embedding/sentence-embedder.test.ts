import { afterAll, describe, expect, test } from 'vitest'

import { openSentenceEmbedder } from './sentence-embedder.ts'

const embedder = openSentenceEmbedder()
afterAll(() => embedder.close())

async function embedOne(text: string): Promise<Float32Array> {
  const [vector] = await embedder.embed([text])
  if (!vector) throw new Error('no vector')
  return vector
}

function inner(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? Number.NaN), 0)
}

describe('sentence embedder', () => {
  test('should give finite vectors of length one, each in its own buffer', async () => {
    const vectors = await embedder.embed(['When does it renew?', 'Export the invoices.', 'word '.repeat(900)])
    expect(vectors).toHaveLength(3)
    expect(new Set(vectors.map((vector) => vector.buffer)).size).toBe(3)
    for (const vector of vectors) {
      expect(vector).toHaveLength(embedder.dimensions)
      expect([vector.byteOffset, vector.buffer.byteLength]).toEqual([0, embedder.dimensions * 4])
      expect(vector.every(Number.isFinite)).toBe(true)
      expect(inner(vector, vector)).toBeCloseTo(1, 5)
    }
  })

  test('should put a paraphrase nearer than another subject', async () => {
    const question = await embedOne('When does our contract renew?')
    const paraphrase = await embedOne('The agreement is extended on 31 March for another year.')
    const other = await embedOne('Report a lost phone to the help desk.')
    expect(inner(question, paraphrase)).toBeGreaterThan(inner(question, other) + 0.1)
  })

  test('should give a text the same vector alone and in company', async () => {
    const alone = await embedOne('The contract renews in spring.')
    const company = Array.from({ length: 20 }, (_, index) => `Some other text, number ${index}.`)
    const among = await embedder.embed([...company, 'The contract renews in spring.'])
    expect(inner(alone, among.at(-1) ?? new Float32Array())).toBeCloseTo(1, 5)
  })

  test('should read a long text to its end', async () => {
    const filler = 'The office plants are watered on Mondays by the reception. '.repeat(12)
    const ending = 'The contract renews on 31 March. '.repeat(12)
    expect(inner(await embedOne(filler), await embedOne(filler + ending))).toBeLessThan(0.95)
  })

  test('should keep answers and questions together when several callers ask at once', async () => {
    const texts = ['Renewal date', 'Invoice export', 'Lost device', 'Escalation phrase']
    const apart = await Promise.all(texts.map(embedOne))
    const together = await embedder.embed(texts)
    apart.forEach((vector, index) => expect(inner(vector, together[index] ?? vector)).toBeCloseTo(1, 5))
  })

  test('should refuse an empty text, and give nothing for nothing', async () => {
    await expect(embedder.embed(['fine', '  '])).rejects.toThrow('empty text')
    await expect(embedder.embed([])).resolves.toEqual([])
  })

  test('should survive text that is no proper language', async () => {
    const vectors = await embedder.embed(['\u0000\uD800 日本語 😀', 'x'.repeat(1500)])
    expect(vectors.flatMap((vector) => [...vector]).every(Number.isFinite)).toBe(true)
  })

  test('should refuse work once it is closed, and fail work that was under way', async () => {
    const other = openSentenceEmbedder()
    const underWay = expect(other.embed(['a question'])).rejects.toThrow('closed')
    await other.close()
    await underWay
    await expect(other.embed(['another question'])).rejects.toThrow('closed')
  })
})
