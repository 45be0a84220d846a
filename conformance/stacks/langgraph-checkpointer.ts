import { randomUUID } from 'node:crypto'

import { emptyCheckpoint } from '@langchain/langgraph-checkpoint'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'

import { withClient } from '../../packages/watertight/test/support/postgres.ts'
import type { Door, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'langgraph-checkpointer',
  packages: ['@langchain/langgraph-checkpoint-postgres', '@langchain/langgraph-checkpoint'],
  idsOf: 'stack',
  setUp: 'one `PostgresSaver` for all, a `thread_id` of each tenant',
  toldBy: 'README of the package: `configurable: { thread_id, checkpoint_ns }`',
  async open(services) {
    const url = await services.postgres()
    const saver = PostgresSaver.fromConnString(url)
    await saver.setup()
    return {
      clean: () =>
        withClient(url, (client) => client.query('truncate checkpoints, checkpoint_blobs, checkpoint_writes')),
      tenant: (id) => doorOf(saver, id),
      [Symbol.asyncDispose]: () => saver.end(),
    }
  },
}

function doorOf(saver: PostgresSaver, tenant: string): Door {
  const configurable = { thread_id: tenant, checkpoint_ns: '' }
  return {
    async put(_key, text) {
      const checkpoint = {
        ...emptyCheckpoint(),
        id: randomUUID(),
        channel_values: { text },
        channel_versions: { text: 1 },
      }
      await saver.put({ configurable }, checkpoint, { source: 'input', step: -1, parents: {} }, { text: 1 })
      return checkpoint.id
    },
    read: (id) => saver.getTuple({ configurable: { ...configurable, checkpoint_id: id } }),
    list: () => Array.fromAsync(saver.list({ configurable: { thread_id: tenant } })),
    clear: () => saver.deleteThread(tenant),
  }
}
