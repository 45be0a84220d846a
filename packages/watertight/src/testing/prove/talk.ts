/** A secret that is handed out in pieces comes in short answers; longer ones are searched each on its own. */
const longestAnswer = 20_000

/** So many characters of one person's answers are read together: what is older is forgotten. */
const longestTalk = 1_000_000

/** The answers that one person was given, in their order, over all sessions: a secret may be told in pieces. */
export class Talk {
  readonly #answers: { readonly value: unknown; readonly size: number }[] = []
  #size = 0

  add(answer: unknown): void {
    const size = sizeOf(answer)
    if (size === 0 || size > longestAnswer) return
    this.#answers.push({ value: answer, size })
    this.#size += size
    while (this.#size > longestTalk) this.#size -= this.#answers.shift()?.size ?? 0
  }

  get answers(): readonly unknown[] {
    return this.#answers.map(({ value }) => value)
  }
}

function sizeOf(answer: unknown): number {
  if (typeof answer === 'string') return answer.length
  try {
    return JSON.stringify(answer)?.length ?? 0
  } catch {
    return longestAnswer + 1 // what cannot be measured, such as a circle, is no short answer
  }
}
