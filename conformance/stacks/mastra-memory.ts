import { randomUUID } from 'node:crypto'

import { InMemoryStore } from '@mastra/core/storage'
import { Memory } from '@mastra/memory'

import type { Door, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'mastra-memory',
  packages: ['@mastra/memory', '@mastra/core'],
  idsOf: 'stack',
  setUp: 'one `Memory` over one `InMemoryStore` for all, `resourceId` of each tenant; threads by id as in “Querying”',
  toldBy: 'Mastra, “Message history”, which warns that the memory enforces no access control and leaves it to the app',
  remedy: 'pass `resourceId` to `getThreadById` and `recall` too, and ask it before `updateThread` and `deleteThread`',
  async open() {
    let memory = openMemory()
    return {
      clean: async () => (memory = openMemory()),
      tenant: (id) => doorOf(memory, id),
      [Symbol.asyncDispose]: () => memory.settled(),
    }
  },
}

function openMemory(): Memory {
  return new Memory({ storage: new InMemoryStore() })
}

function doorOf(memory: Memory, resourceId: string): Door {
  return {
    async put(key, text) {
      const { id: threadId } = await memory.createThread({ resourceId, title: key, metadata: { text } })
      const content = { format: 2 as const, parts: [{ type: 'text' as const, text }] }
      await memory.saveMessages({
        messages: [{ id: randomUUID(), threadId, resourceId, role: 'user', createdAt: new Date(), content }],
      })
      return threadId
    },
    read: async (threadId) => {
      const thread = await memory.getThreadById({ threadId })
      return [thread, thread && (await memory.recall({ threadId, perPage: false }))]
    },
    list: () => memory.listThreads({ filter: { resourceId }, perPage: false }),
    update: (id, text) => memory.updateThread({ id, title: 'note', metadata: { text } }),
    remove: (threadId) => memory.deleteThread(threadId),
  }
}
