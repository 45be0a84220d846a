/** Turns texts into vectors. Texts with a similar meaning get vectors with a large inner product. */
export interface Embedder {
  /** Names model and version: vectors of different embedders must never be compared. */
  readonly id: string
  readonly dimensions: number
  /** Gives one vector for each text, of length one, finite, in a buffer of its own. */
  embed(texts: readonly string[]): Promise<Float32Array[]>
  close(): Promise<void>
}
