/** All vectors of one datasource under one embedder, as one process holds them. Each array owns its buffer. */
export interface Slab {
  /** the generation of the rows that it was read from */
  readonly generation: string
  readonly size: number
  readonly dimensions: number
  /** the chunk number of each vector */
  readonly chunks: BigInt64Array<ArrayBuffer>
  /** unit vectors, one after another */
  readonly vectors: Float32Array<ArrayBuffer>
}

/** Up to 512 vectors as they lie in a row. */
export interface SegmentBlob {
  readonly size: number
  readonly chunks: Uint8Array
  readonly vectors: Uint8Array
}

/**
 * Puts segments together into a slab.
 *
 * The bytes are copied, never wrapped: a driver's small blobs are views into a buffer that other rows share, and the
 * native search ignores `byteOffset`, so a view would be read from the start of somebody else's bytes.
 *
 * @throws {TypeError} when a segment's bytes are not what its size says
 */
export function assembleSlab(generation: string, dimensions: number, segments: readonly SegmentBlob[]): Slab {
  const size = segments.reduce((sum, segment) => sum + segment.size, 0)
  const slab = {
    generation,
    size,
    dimensions,
    chunks: new BigInt64Array(size),
    vectors: new Float32Array(size * dimensions),
  }
  const [chunkBytes, vectorBytes] = [new Uint8Array(slab.chunks.buffer), new Uint8Array(slab.vectors.buffer)]
  let at = 0
  for (const segment of segments) {
    if (segment.chunks.length !== segment.size * 8 || segment.vectors.length !== segment.size * dimensions * 4) {
      throw new TypeError('A segment does not hold what its size says.')
    }
    chunkBytes.set(segment.chunks, at * 8)
    vectorBytes.set(segment.vectors, at * dimensions * 4)
    at += segment.size
  }
  return slab
}

/** The memory that a slab takes, in bytes. */
export function bytesOf(slab: Slab): number {
  return slab.chunks.byteLength + slab.vectors.byteLength
}
