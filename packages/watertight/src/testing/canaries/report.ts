import type { CanaryRendering } from './rendering.ts'

/** One canary that was found. Nothing of a finding holds the secret. */
export interface CanaryFinding {
  /** the label of the canary */
  readonly canary: string
  /** `whole`, or a `part` of at least half of it */
  readonly extent: 'whole' | 'part'
  /** how it was rendered, from the outside in: `['base64', 'reversed']` */
  readonly rendering: readonly CanaryRendering[]
  /** the path to the text: `$` for the value itself; a member whose name may tell something is `{n}`, by its position */
  readonly at: string
  /** where it begins in that text: in characters, or in bytes of a Uint8Array; where it is encoded, where the code begins */
  readonly offset: number
}

/** What a scan found. */
export interface CanaryReport {
  /** nothing was found, and everything was looked at */
  readonly clean: boolean
  /** in the order in which they were found */
  readonly findings: readonly CanaryFinding[]
  /** why not everything was looked at; empty when all of it was */
  readonly gaveUp: readonly string[]
  /** how much was looked at, in characters, what was decoded included */
  readonly looked: number
}
