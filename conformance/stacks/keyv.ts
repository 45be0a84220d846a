import { Keyv } from 'keyv'

import { exactLabel } from '../kit/exact-label.ts'
import type { Door, OpenStack, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'keyv',
  packages: ['keyv'],
  idsOf: 'owner',
  setUp: 'one `Map` for all, `new Keyv({ store, namespace: tenant })` for each tenant',
  toldBy: 'README of the package, “Namespaces”',
  open: async () => openStore((tenant) => tenant),
  remedy: {
    how: 'the namespace is `exactLabel(tenant)`, in which no separator occurs',
    open: async () => openStore(exactLabel),
  },
}

function openStore(namespaceOf: (tenant: string) => string): OpenStack {
  const store = new Map<string, unknown>()
  return {
    clean: async () => store.clear(),
    tenant: (id) => doorOf(new Keyv({ store, namespace: namespaceOf(id), throwOnErrors: true })),
    [Symbol.asyncDispose]: async () => store.clear(),
  }
}

function doorOf(keyv: Keyv): Door {
  const put = async (key: string, text: string) => {
    await keyv.set(key, text)
    return key
  }
  return {
    put,
    read: (id) => keyv.get(id),
    list: async () => await Array.fromAsync(keyv.iterator()),
    update: put,
    remove: (id) => keyv.delete(id),
    clear: () => keyv.clear(),
  }
}
