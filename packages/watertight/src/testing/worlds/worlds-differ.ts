import type { Difference } from './difference.ts'

/** An observation that depends on what others did. */
export interface Divergence {
  readonly surface: string
  readonly operation: string
  /** what was broken */
  readonly rule: string
  /** the smallest script that shows it; its last step answered differently */
  readonly script: readonly { readonly operation: string; readonly argument: unknown }[]
  /** what the others did in each of the two worlds; `undefined` where there was nobody else */
  readonly histories: readonly [left: unknown, right: unknown]
  readonly difference: Difference
  /** brings the same scripts again */
  readonly seed: number
}

/** The actor observes what others did. The message names the surface, the rule and the smallest script. */
export class WorldsDiffer extends Error {
  readonly divergence: Divergence

  constructor(divergence: Divergence) {
    super(describe(divergence))
    this.name = 'WorldsDiffer'
    this.divergence = divergence
  }
}

/** The comparison did not show what it should: an operation did not occur, was never answered, or did not end. */
export class WorldsUnproved extends Error {
  constructor(what: string) {
    super(`Nothing was proved: ${what}. Compare more worlds, or mend the operation.`)
    this.name = 'WorldsUnproved'
  }
}

function describe({ surface, operation, rule, script, histories, difference, seed }: Divergence): string {
  const [left, right] = histories.map((history) => (history === undefined ? 'nobody else' : JSON.stringify(history)))
  const steps = script.map(
    ({ operation: name, argument }, at) =>
      `  ${at + 1}. ${name}(${argument === undefined ? '' : JSON.stringify(argument)})`,
  )
  return [
    `${surface}.${operation} answers by what others did. Rule: ${rule}`,
    `The smallest script (seed ${seed}):`,
    ...steps,
    `At ${difference.at}: ${difference.left} beside ${left}; ${difference.right} beside ${right}.`,
  ].join('\n')
}
