import { deepEqual, ok } from 'node:assert/strict'

import { NotFound } from '../../../src/index.ts'
import { settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import { isSame, keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'

export interface Document {
  readonly id: string
  readonly text: string
  /** the datasource; the owner's own where absent */
  readonly collection?: string
}

export interface Question {
  readonly words: string
  readonly limit?: number
  readonly collection?: string
  /** conditions that came with the request */
  readonly filter?: Readonly<Record<string, string>>
  /** foreign code that sees the candidates before the answer is made */
  readonly rerank?: (candidates: readonly string[]) => void
}

/** Documents, searched by the words of a question. */
export interface Retrieval {
  /** @returns the collection that the document lies in */
  add(caller: Owner, document: Document): Promise<string>
  search(caller: Owner, question: Question): Promise<readonly string[]>
}

export interface Entry extends Document {
  readonly owner: Owner
  readonly collection: string
}

/** Retrieval as it should be: filtered, then ranked. A leaky version puts one thing of it as its incident had it. */
export class CarefulRetrieval implements Retrieval {
  protected entries: readonly Entry[] = []

  async add(caller: Owner, { id, text, collection = collectionOf(caller) }: Document): Promise<string> {
    this.requireAllowed(caller, collection)
    const others = this.entries.filter((entry) => entry.collection !== collection || entry.id !== id)
    this.entries = [...others, { owner: caller, id, text, collection }]
    return collection
  }

  async search(caller: Owner, question: Question): Promise<readonly string[]> {
    if (question.collection !== undefined) this.requireAllowed(caller, question.collection)
    const found = this.rank(this.candidates(caller, question), question.words)
    question.rerank?.(found.map(({ text }) => text))
    return this.finish(caller, found.slice(0, question.limit ?? 5)).map(({ text }) => text)
  }

  protected candidates(caller: Owner, { collection }: Question): readonly Entry[] {
    return this.entries.filter(
      (entry) => isSame(entry.owner, caller) && (collection === undefined || entry.collection === collection),
    )
  }

  protected rank(entries: readonly Entry[], words: string): readonly Entry[] {
    return entries
      .map((entry) => ({ entry, score: scoreOf(words, entry.text) }))
      .filter(({ score }) => score > 0)
      .toSorted((left, right) => right.score - left.score)
      .map(({ entry }) => entry)
  }

  protected finish(_caller: Owner, found: readonly Entry[]): readonly Entry[] {
    return found
  }

  protected requireAllowed(caller: Owner, collection: string): void {
    if (collection !== collectionOf(caller)) throw new NotFound()
  }
}

/** The name of an owner's own collection. No secret: the caller is taken to know those of others. */
export function collectionOf(owner: Owner): string {
  return Buffer.from(keyOf(owner)).toString('hex')
}

/** How many words of the question stand in the text. */
function scoreOf(words: string, text: string): number {
  const wanted = wordsOf(words)
  return wordsOf(text).filter((word) => wanted.includes(word)).length
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}

const words = 'the contract code of Northwind'

export const retrievalKind: Kind<Retrieval> = {
  name: 'retrieval',
  store: 'documents',

  async contract(retrieval, owner) {
    const collection = await retrieval.add(owner, { id: 'hours', text: 'The office opens at nine.' })
    await retrieval.add(owner, { id: 'fees', text: 'The fees of the office rise in May.' })
    deepEqual((await retrieval.search(owner, { words: 'fees in May', limit: 1 })).length, 1)
    ok((await retrieval.search(owner, { words: 'fees in May', limit: 1 }))[0]?.includes('fees'))
    await retrieval.add(owner, { id: 'fees', text: 'The fees of the office fall in June.' })
    ok((await retrieval.search(owner, { words: 'fees in June', collection })).join(' ').includes('June'))
    ok(!(await retrieval.search(owner, { words: 'fees of the office' })).join(' ').includes('May'))
  },

  seed: (retrieval, owner, secret) =>
    retrieval.add(owner, { id: 'contract', text: `The contract of the vendor Northwind has the code ${secret}.` }),

  own: (retrieval, owner) => retrieval.search(owner, { words, limit: 100 }),

  attempts: {
    search: ({ component, caller }) => component.search(caller, { words }),
    'watch the candidates': async ({ component, caller }) => {
      const candidates: string[] = []
      const rerank = (texts: readonly string[]) => void candidates.push(...texts)
      return [await component.search(caller, { words, limit: 1, rerank }), candidates]
    },
    'search with their ids in the filter': ({ component, caller, other, theirs }) =>
      settleAll(
        () => component.search(caller, { words, filter: idsOf(other) }),
        () => component.search(caller, { words, filter: { collection: theirs } }),
        () => component.search(caller, { words, filter: { tenantId: other.tenantId } }),
      ),
    'search in their collection': ({ component, caller, theirs }) =>
      component.search(caller, { words, collection: theirs }),
    'overwrite in their collection': ({ component, caller, theirs }) =>
      component.add(caller, { id: 'contract', text: 'Overwritten.', collection: theirs }),
    'search while theirs match better': async ({ component, caller, other }) => {
      for (let at = 0; at < 12; at++)
        await component.add(other, { id: `copy-${at}`, text: `${words}, ${words}, page ${at}` })
      return await component.search(caller, { words, limit: 3 })
    },
  },
}

function idsOf({ tenantId, workspaceId, userId }: Owner): Readonly<Record<string, string>> {
  return { tenantId, workspaceId, userId }
}
