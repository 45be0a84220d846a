import { inspect, isDeepStrictEqual } from 'node:util'

/** What a probe saw that no boundary may let happen. Its message holds the smallest script that shows it. */
class Breach extends Error {
  override readonly name = 'Breach'
}

/** A short script that holds on the real version, and fails where the rule behind it is gone. */
export interface Probe {
  readonly name: string
  readonly surface: string
  /** whether it changes a database in a way that the next one must not find */
  readonly ownDatabase?: true
  /** @throws {Breach} when the rule does not hold */
  run(script: Script): Promise<void>
}

/** Writes down what a probe does, so that a breach can tell how to repeat it. */
export class Script {
  readonly #steps: string[] = []

  /** Does one step. */
  async do<Result>(step: string, work: () => Result | Promise<Result>): Promise<Result> {
    this.#steps.push(step)
    return await work()
  }

  /** Does one step whose answer is known. @throws {Breach} when it is another */
  async see(step: string, work: () => unknown, expected: unknown): Promise<void> {
    const seen = await this.do(step, async () => await work())
    if (!isDeepStrictEqual(seen, expected)) this.#breach(`saw ${inspect(seen)} instead of ${inspect(expected)}`)
  }

  /**
   * Does one step that must be refused.
   *
   * @param code the refusal's `code`, the SQLSTATE, or the error's name
   * @throws {Breach} when it is not refused, or by something else
   */
  async refused(step: string, work: () => unknown, code: string): Promise<void> {
    const outcome = await this.do(step, async () => await answerOf(work))
    if (outcome !== code) this.#breach(`saw ${outcome} instead of the refusal ${code}`)
  }

  /** How a step ended: `done`, or the code of what it threw. */
  async outcome(step: string, work: () => unknown): Promise<string> {
    return await this.do(step, async () => await answerOf(work))
  }

  #breach(seen: string): never {
    throw new Breach([...this.#steps.map((step, at) => `  ${at + 1}. ${step}`), `  ${seen}`].join('\n'))
  }
}

async function answerOf(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'done'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('reason' in error && typeof error.reason === 'string' && 'code' in error)
    return `${String(error.code)} ${error.reason}`
  return 'code' in error ? String(error.code) : error.name
}
