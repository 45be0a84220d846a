import type { Stack, Verb } from './stack.ts'

/**
 * The script of one case, written down while it runs: `put acme2 note; search acme`. An id that the stack made says
 * nothing to a reader and is another one each time, so the key of its text stands for it.
 */
export class Script {
  readonly #words: Stack['words']
  readonly #lines: string[] = []

  constructor(words: Stack['words']) {
    this.#words = words
  }

  /** Writes a step down, then takes it. Where the stack throws, it refused: nothing was seen. */
  async take(step: Step): Promise<unknown> {
    const { verb, tenant, thing, run } = step
    this.#lines.push(
      [this.#words?.[verb] ?? verb, nameOf(tenant), thing].filter((part) => part !== undefined).join(' '),
    )
    try {
      return await run()
    } catch {
      return undefined
    }
  }

  get steps(): number {
    return this.#lines.length
  }

  toString(): string {
    return this.#lines.join('; ')
  }
}

export interface Step {
  readonly verb: Verb
  readonly tenant: string
  /** a key, or nothing where the step concerns all that a tenant has */
  readonly thing: string | undefined
  readonly run: () => Promise<unknown> | undefined
}

/** An id that a reader could mistake is quoted, with every letter beyond ASCII spelled out. */
function nameOf(id: string): string {
  if (/^[\w.:/|%+-]+$/.test(id)) return id
  return JSON.stringify(id).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
