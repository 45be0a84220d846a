import { collectionOf } from '../kinds/retrieval.ts'
import type { Question, Retrieval } from '../kinds/retrieval.ts'
import type { Owner } from '../owners.ts'
import type { House } from './house.ts'

/**
 * Retrieval as a run of an agent reaches it, and the app's code fills it. The agent follows the names that it found: a
 * second search, for what the first one spoke of.
 */
export function createOurRetrieval(house: House): Retrieval {
  const search = async (caller: Owner, { words, limit = 5, collection, filter }: Question) => {
    // What a request adds to the options is handed on as it came.
    const options = { ...filter, limit, ...(collection !== undefined && { datasources: [collection] }) }
    const hits = await house.inRun(caller, (run) => run.retrieval.search(words, options))
    return hits.map(({ text }) => text)
  }
  return {
    async add(caller, { id, text, collection = collectionOf(caller) }) {
      const document = { datasourceId: collection, documentId: id, title: id, text }
      await (await house.at(caller)).retrieval.add(document)
      return collection
    },
    async search(caller, question) {
      const found = await search(caller, question)
      question.rerank?.(found)
      const names = found.flatMap((text) => text.match(/(?<=\w )[A-Z][a-z]{5,}/g) ?? [])
      if (names.length === 0) return found
      return [...new Set([...found, ...(await search(caller, { words: [...new Set(names)].join(' ') }))])]
    },
  }
}
