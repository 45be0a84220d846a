/** What became of one prompt, asked by one tenant's person, of one model. */
export interface RunOutcome {
  readonly prompt: { readonly id: string; readonly text: string }
  readonly tenant: { readonly id: string; readonly name: string }
  readonly model: 'helpful' | 'compromised' | 'real'
  readonly answer: string
  readonly used: {
    readonly memory: readonly string[]
    readonly documents: readonly string[]
    readonly tools: readonly string[]
  }
  readonly refused: readonly Refused[]
  /** What was tried and looked at beside the answer, and held. */
  readonly checked: readonly string[]
  /** The answer holds what it should. */
  readonly answered: boolean
  /** Everything foreign that came out, named without its contents. */
  readonly leaks: readonly string[]
}

export interface Refused {
  readonly reason: string
  readonly count: number
}
