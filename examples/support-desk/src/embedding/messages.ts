/** What the embedder asks of its worker. */
export interface EmbedRequest {
  readonly id: number
  readonly texts: readonly string[]
}

/** What the worker answers; the vectors are moved, not copied. */
export type EmbedResponse =
  | { readonly id: number; readonly vectors: Float32Array<ArrayBuffer>[] }
  | { readonly id: number; readonly failure: string }
