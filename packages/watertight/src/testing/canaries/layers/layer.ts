import type { CanaryRendering } from '../rendering.ts'

/** What one way of reading a text gave: another text, or bytes. */
export interface Layer {
  readonly steps: readonly CanaryRendering[]
  /** where the code begins in the text that it was read from */
  readonly offset: number
  readonly content: string | Uint8Array | Int32Array
  /** the bytes are probably noise: only what can be read in them is looked at, and no more is decompressed */
  readonly guess?: boolean
  /** every escape in it was undone */
  readonly unescaped?: boolean
}
