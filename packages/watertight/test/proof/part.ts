/** How much is proved: everything, or what a test can wait for. */
export interface ProofProfile {
  readonly quick: boolean
  readonly seed: number
}

/** What a part counts; parts of one proof are added up. */
export interface ProofCounts {
  /** attacks that ran, and those whose surface does not exist yet */
  readonly cases?: number
  readonly pending?: number
  /** attacks that saw or changed what is somebody else's */
  readonly leaks?: number
  readonly worlds?: number
  /** scripts whose answers depended on others */
  readonly divergences?: number
  readonly incidents?: {
    readonly caught: number
    readonly total: number
    readonly ours: number
    readonly pending: number
  }
  readonly mutants?: { readonly killed: number; readonly total: number }
  readonly renderings?: { readonly found: number; readonly total: number }
  readonly falseAlarms?: number
}

export interface PartResult {
  readonly counts: ProofCounts
  /** what was not as it should be, each in words; none when the part proved what it is for */
  readonly failures: readonly string[]
  /** what the table says of the part, in one line */
  readonly summary: string
  /** more of it for people, line by line; printed above */
  readonly table?: string
}

/** One part of the proof. */
export interface ProofPart {
  readonly name: string
  /**
   * @param progress hears how far it is, in a few words
   * @throws when nothing could be proved: a set-up that is broken is no leak
   */
  run(profile: ProofProfile, progress: (said: string) => void): Promise<PartResult>
}
