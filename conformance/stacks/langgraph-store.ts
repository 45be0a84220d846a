import { PostgresStore } from '@langchain/langgraph-checkpoint-postgres/store'

import { withClient } from '../../packages/watertight/test/support/postgres.ts'
import { exactLabel } from '../kit/exact-label.ts'
import type { Door, OpenStack, Services, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'langgraph-store',
  packages: ['@langchain/langgraph-checkpoint-postgres', '@langchain/langgraph-checkpoint'],
  idsOf: 'owner',
  setUp: "one `PostgresStore` for all, the namespace `[tenant, 'memories']`, searched by `[tenant]`",
  toldBy: 'LangGraph, “Stores”, whose namespace is `[userId, "memories"]`',
  open: (services) => openStore(services, (part) => part),
  remedy: {
    how: 'each part of a namespace written by `exactLabel()`, so that none is the beginning of another: the next row',
    open: (services) => openStore(services, exactLabel),
  },
}

/** @param label writes one part of a namespace */
export async function openStore(services: Services, label: (part: string) => string): Promise<OpenStack> {
  const url = await services.postgres()
  const store = PostgresStore.fromConnString(url)
  await store.setup()
  return {
    clean: () => withClient(url, (client) => client.query('delete from store')),
    tenant: (id) => doorOf(store, label(id), label('memories')),
    [Symbol.asyncDispose]: () => store.stop(),
  }
}

function doorOf(store: PostgresStore, tenant: string, purpose: string): Door {
  const namespace = [tenant, purpose]
  const put = async (key: string, text: string) => {
    await store.put(namespace, key, { text })
    return key
  }
  return {
    put,
    read: (id) => store.get(namespace, id),
    search: (word) => store.search([tenant], { query: word, mode: 'text' }),
    list: () => store.search([tenant]),
    update: put,
    remove: (id) => store.delete(namespace, id),
  }
}
