import { Keyv } from 'keyv'

import type { Door, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'keyv',
  packages: ['keyv'],
  idsOf: 'owner',
  setUp: 'one `Map` for all, `new Keyv({ store, namespace: tenant })` for each tenant',
  toldBy: 'README of the package, “Namespaces”',
  remedy: 'namespaces in which the separator cannot occur, such as a hash of the tenant',
  async open() {
    const store = new Map<string, unknown>()
    return {
      clean: async () => store.clear(),
      tenant: (id) => doorOf(new Keyv({ store, namespace: id, throwOnErrors: true })),
      [Symbol.asyncDispose]: async () => store.clear(),
    }
  },
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
