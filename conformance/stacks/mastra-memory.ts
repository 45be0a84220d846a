import { randomUUID } from 'node:crypto'

import { InMemoryStore } from '@mastra/core/storage'
import { Memory } from '@mastra/memory'

import { ownOnly } from '../kit/own-only.ts'
import type { Door, OpenStack, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'mastra-memory',
  packages: ['@mastra/memory', '@mastra/core'],
  idsOf: 'stack',
  setUp: 'one `Memory` over one `InMemoryStore` for all, `resourceId` of each tenant; threads by id as in “Querying”',
  toldBy: 'Mastra, “Message history”, which warns that the memory enforces no access control and leaves it to the app',
  open: async () => openMemory((memory, tenant) => doorOf(memory, tenant)),
  remedy: {
    how: 'read with `resourceId` too, which is compared then, and ask `getThreadById` with it before updating and deleting',
    open: async () =>
      openMemory((memory, resourceId) =>
        ownOnly(
          doorOf(memory, resourceId),
          async (threadId) => (await memory.getThreadById({ threadId, resourceId })) !== null,
        ),
      ),
  },
}

function openMemory(open: (memory: Memory, tenant: string) => Door): OpenStack {
  let memory = new Memory({ storage: new InMemoryStore() })
  return {
    clean: async () => (memory = new Memory({ storage: new InMemoryStore() })),
    tenant: (id) => open(memory, id),
    [Symbol.asyncDispose]: () => memory.settled(),
  }
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
