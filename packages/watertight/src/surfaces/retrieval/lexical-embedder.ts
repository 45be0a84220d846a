import { createHash } from 'node:crypto'

import type { Embedder } from './embedder.ts'

const dimensions = 384

/**
 * An embedder that needs no model: it hashes words and runs of three letters. It finds the words of a question, not its
 * meaning, and is called lexical for that reason. For tests and first steps.
 */
export function lexicalEmbedder(): Embedder {
  return {
    id: 'lexical-1',
    dimensions,
    async embed(texts) {
      return texts.map(embedText)
    },
  }
}

function embedText(text: string): Float32Array {
  const vector = new Float32Array(dimensions)
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  for (const word of words) {
    add(vector, `w:${word}`, 1)
    const padded = `^${word}$`
    for (let at = 0; at + 3 <= padded.length; at++) add(vector, `t:${padded.slice(at, at + 3)}`, 0.3)
  }
  // A text without words, or one whose features cancel out, still needs a direction.
  if (vector.every((value) => value === 0)) vector[0] = 1
  return vector
}

// Two axes and a sign for each feature, so that two words seldom fall together and cancel out when they do.
function add(vector: Float32Array, feature: string, weight: number): void {
  const hash = createHash('sha256').update(feature).digest()
  for (const offset of [0, 4]) {
    const axis = hash.readUInt16LE(offset) % dimensions
    vector[axis] = Number(vector[axis]) + (hash.readUInt8(offset + 2) % 2 === 0 ? weight : -weight)
  }
}
