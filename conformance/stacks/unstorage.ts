import { createStorage, prefixStorage } from 'unstorage'
import type { Storage } from 'unstorage'

import { exactLabel } from '../kit/exact-label.ts'
import type { Door, OpenStack, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'unstorage',
  packages: ['unstorage'],
  idsOf: 'owner',
  setUp: 'one storage in memory for all, `prefixStorage(storage, tenant)` for each tenant',
  toldBy: 'unstorage, guide, “Namespace”',
  open: async () => openStorage((tenant) => tenant),
  remedy: {
    how: 'the prefix is `exactLabel(tenant)`, in which no separator occurs',
    open: async () => openStorage(exactLabel),
  },
}

function openStorage(prefixOf: (tenant: string) => string): OpenStack {
  const storage = createStorage<string>()
  return {
    clean: () => storage.clear(),
    tenant: (id) => doorOf(prefixStorage(storage, prefixOf(id))),
    [Symbol.asyncDispose]: () => storage.dispose(),
  }
}

// Without `clear`: that of a prefixed storage reaches the mounts below its prefix, and here are none, so it removes nothing.
function doorOf(storage: Storage<string>): Door {
  const put = async (key: string, text: string) => {
    await storage.setItem(key, text)
    return key
  }
  return {
    put,
    read: (id) => storage.getItem(id),
    list: async () => await Promise.all((await storage.getKeys()).map((key) => storage.getItem(key))),
    update: put,
    remove: (id) => storage.removeItem(id),
  }
}
