import { Memory } from 'mem0ai/oss'

import type { Door, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'mem0',
  packages: ['mem0ai'],
  idsOf: 'stack',
  setUp:
    'one open-source `Memory` for all, in memory; `userId` of each tenant for `add`, `search`, `getAll`, `deleteAll`',
  toldBy:
    'mem0, “Node SDK quickstart”: `add(messages, { userId })`, then `get(id)`, `update(id, …)`, `delete(id)`, `history(id)`',
  mocked:
    'the embedder by a constant vector, the model by none (`infer: false`), SQLite by libSQL, which needs no compiler',
  remedy: 'look the id up in the tenant’s own list first, or keep ids of memories out of arguments',
  async open() {
    const memory = new Memory({
      embedder: { provider: 'langchain', config: { model: embedder } },
      vectorStore: { provider: 'memory', config: { collectionName: 'memories', dimension: 4, dbPath: ':memory:' } },
      llm: { provider: 'langchain', config: { model: { invoke: refuseToThink } } },
      historyDbPath: ':memory:',
    })
    return {
      clean: () => memory.reset(),
      tenant: (id) => doorOf(memory, id),
      [Symbol.asyncDispose]: () => memory.reset(),
    }
  },
}

const embedder = {
  embedQuery: async () => [1, 0, 0, 0],
  embedDocuments: async (texts: readonly string[]) => texts.map(() => [1, 0, 0, 0]),
}

async function refuseToThink(): Promise<never> {
  throw new Error('No model is asked here.')
}

function doorOf(memory: Memory, tenant: string): Door {
  const filters = { user_id: tenant }
  return {
    async put(_key, text) {
      const { results } = await memory.add(text, { userId: tenant, infer: false })
      return results[0]?.id ?? ''
    },
    read: (id) => memory.get(id),
    history: (id) => memory.history(id),
    search: (word) => memory.search(word, { filters }),
    list: () => memory.getAll({ filters }),
    update: (id, text) => memory.update(id, { text }),
    remove: (id) => memory.delete(id),
    clear: () => memory.deleteAll({ userId: tenant }),
  }
}
