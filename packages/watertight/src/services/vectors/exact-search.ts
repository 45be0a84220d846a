import type { Slab } from './slab.ts'

/** A vector that was found: its chunk, and the cosine of its angle to the question, from -1 to 1. */
export interface VectorHit {
  readonly chunk: bigint
  readonly score: number
}

/** Proposes candidates: positions in the slab, nearest first, with their distances. Scores are always computed here. */
export type Proposer = (
  slab: Slab,
  query: Float32Array<ArrayBuffer>,
  count: number,
) => { readonly positions: readonly number[]; readonly distances: ArrayLike<number> }

/**
 * Distances of the native search carry the rounding of 32-bit sums: of unit vectors at most half a unit in the last
 * place (2^-24) for each term, so twice that between two of them. What is closer cannot be told apart by them.
 */
const roundingPerTerm = 2 ** -23

/**
 * The best vectors of one slab for a unit vector, exactly: by cosine, then by chunk number, the same on every run and
 * with or without a proposer. What other slabs hold makes no difference.
 *
 * @param count how many to return at most
 */
export function searchSlab(
  slab: Slab,
  query: Float32Array<ArrayBuffer>,
  count: number,
  propose: Proposer | undefined,
): readonly VectorHit[] {
  if (query.length !== slab.dimensions || query.byteOffset !== 0 || slab.vectors.byteOffset !== 0) {
    throw new TypeError('A search takes one vector of the slab’s dimensions, in a buffer of its own.')
  }
  if (slab.size === 0 || count <= 0) return []
  const positions = propose === undefined ? undefined : findCandidates(slab, query, count, propose)
  return scoreAll(slab, query, positions ?? Array.from({ length: slab.size }, (_, at) => at)).slice(0, count)
}

// Four times as many as asked for. If even the last of them ties with the last that is wanted, as among many equal
// documents, the cut is arbitrary, and every vector is scored instead.
function findCandidates(
  slab: Slab,
  query: Float32Array<ArrayBuffer>,
  count: number,
  propose: Proposer,
): readonly number[] | undefined {
  const wanted = Math.min(slab.size, 4 * count)
  const { positions, distances } = propose(slab, query, wanted)
  if (wanted === slab.size) return positions
  const [last, kept] = [distances[wanted - 1], distances[count - 1]]
  return last === undefined || kept === undefined || last - kept < (slab.dimensions + 1) * roundingPerTerm
    ? undefined
    : positions
}

function scoreAll(slab: Slab, query: Float32Array, positions: readonly number[]): readonly VectorHit[] {
  return positions.map((at) => scoreAt(slab, query, at)).toSorted(byScore)
}

function scoreAt({ vectors, chunks, dimensions }: Slab, query: Float32Array, at: number): VectorHit {
  let score = 0
  for (let axis = 0, from = at * dimensions; axis < dimensions; axis++) {
    score += Number(query[axis]) * Number(vectors[from + axis])
  }
  return { chunk: chunks[at] ?? 0n, score }
}

/** Best first; equal scores by chunk number. */
function byScore(left: VectorHit, right: VectorHit): number {
  if (left.score !== right.score) return right.score - left.score
  return left.chunk < right.chunk ? -1 : 1
}
