import { cacheKind } from '../kinds/cache.ts'
import type { AnswerCache } from '../kinds/cache.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements AnswerCache {
  readonly #kept: Kept[] = []

  async answer(caller: Owner, question: string, compute: () => string): Promise<string> {
    const asked = { ...this.entryOf(caller, question), answer: '' }
    const near = this.#kept.find(
      (kept) => kept.partition === asked.partition && likeness(kept.words, asked.words) > 0.6,
    )
    if (near !== undefined) return near.answer
    this.#kept.push({ ...asked, answer: compute() })
    return this.#kept.at(-1)?.answer ?? ''
  }

  protected entryOf({ tenantId, workspaceId, userId }: Owner, question: string): Omit<Kept, 'answer'> {
    return { partition: '', words: wordsOf(`user ${userId} of ${workspaceId} at ${tenantId} asks: ${question}`) }
  }
}

class Fixed extends Leaky {
  protected override entryOf(caller: Owner, question: string): Omit<Kept, 'answer'> {
    return { partition: keyOf(caller), words: wordsOf(question) }
  }
}

interface Kept {
  readonly partition: string
  readonly words: ReadonlySet<string>
  readonly answer: string
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== ''),
  )
}

/** What share of their words two texts have in common. */
function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  return left.intersection(right).size / left.union(right).size
}

export const incident = defineIncident({
  number: 22,
  url: import.meta.url,
  title: 'An answer is kept for questions of a like meaning, and the name of the caller is a few words among them',
  sources: ['semantic-router#1448', 'semantic-router#2134', 'api-platform#733', 'OmniRoute#3740', 'litellm#29086'],
  kind: cacheKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
