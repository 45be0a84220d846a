import { Memory } from 'mem0ai/oss'

import { exactLabel } from '../kit/exact-label.ts'
import { ownOnly } from '../kit/own-only.ts'
import type { Door, OpenStack, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'mem0',
  packages: ['mem0ai'],
  idsOf: 'stack',
  setUp:
    'one open-source `Memory` for all, in memory; `userId` of each tenant wherever a call takes one: `add`, `search`, `getAll`, `deleteAll`',
  toldBy: 'mem0, “Node SDK Quickstart”, for `userId`; the types of the package for the calls that take an id',
  mocked:
    'the embedder by a constant vector, the model by none (`infer: false`), SQLite by libSQL, which needs no compiler',
  open: async () => openMemory((memory, tenant) => doorOf(memory, tenant)),
  remedy: {
    how: 'the app keeps whose each id is, and asks before each call by id; `userId` is `exactLabel(tenant)`, which has no blanks',
    async open() {
      const owners = new Map<string, string>()
      return openMemory((memory, tenant) => {
        const door = doorOf(memory, exactLabel(tenant))
        const put = async (key: string, text: string) => {
          const id = await door.put(key, text)
          owners.set(id, tenant)
          return id
        }
        return ownOnly({ ...door, put }, (id) => owners.get(id) === tenant)
      })
    },
  },
}

function openMemory(open: (memory: Memory, tenant: string) => Door): OpenStack {
  const memory = new Memory({
    embedder: { provider: 'langchain', config: { model: embedder } },
    vectorStore: { provider: 'memory', config: { collectionName: 'memories', dimension: 4, dbPath: ':memory:' } },
    llm: { provider: 'langchain', config: { model: { invoke: refuseToThink } } },
    historyDbPath: ':memory:',
  })
  return {
    clean: () => memory.reset(),
    tenant: (id) => open(memory, id),
    [Symbol.asyncDispose]: () => memory.reset(),
  }
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
