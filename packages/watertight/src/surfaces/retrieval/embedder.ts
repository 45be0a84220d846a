import { InvalidInput } from '../../errors.ts'
import { unitVector } from '../../services/vectors/index.ts'

/**
 * The port that turns texts into vectors. It sees texts of one boundary at a time, and is never called while a
 * connection is held.
 */
export interface Embedder {
  /** name and version of the model: vectors of another id are another index */
  readonly id: string
  readonly dimensions: number
  /** One vector for each text, in order. Lengths do not matter; each vector is scaled to 1. */
  embed(texts: readonly string[]): Promise<readonly ArrayLike<number>[]>
}

/** How many texts are embedded at once. */
const batchSize = 64

/** The key of an embedder's index. */
export function embedderKey({ id, dimensions }: Embedder): string {
  return `${id}/${dimensions}`
}

/**
 * Embeds texts and checks what came back.
 *
 * @throws {InvalidInput} when the embedder answers with too few vectors, other dimensions, or values that are not finite
 */
export async function embedTexts(
  embedder: Embedder,
  texts: readonly string[],
): Promise<readonly Float32Array<ArrayBuffer>[]> {
  const vectors: Float32Array<ArrayBuffer>[] = []
  for (let from = 0; from < texts.length; from += batchSize) {
    const batch = texts.slice(from, from + batchSize)
    const answered = await embedder.embed(batch)
    if (answered.length !== batch.length) throw new InvalidInput('embedding', 'one vector for each text')
    for (const values of answered) {
      const vector = unitVector(values, embedder.dimensions)
      if (vector === undefined) throw new InvalidInput('embedding', 'finite values of the embedder’s own dimensions')
      vectors.push(vector)
    }
  }
  return vectors
}
