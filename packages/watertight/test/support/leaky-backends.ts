import type { CachePort, MemoryPort, Person, RetrievalPort, StorePort } from '../../src/testing/index.ts'
import { createSharedItems, createSharedStore, scoreOf } from './shared-backend.ts'

/** A row of the one table that all owners share. */
interface Row {
  readonly owner: string
  readonly key: string
  readonly value: string
}

interface Table {
  rows: readonly Row[]
}

/** What an operation does in place of the right one; `own` has the right ones. */
type Leak<Port> = (table: Table, owner: string, own: Port) => Partial<Port>

interface Backend<Port> {
  readonly open: (person: Person) => Port
}

/** A store that is right but for the leak. */
export function leakyStore(leak: Leak<StorePort>): Backend<StorePort> {
  const table: Table = { rows: [] }
  return {
    open(person) {
      const owner = ownerOf(person)
      const own = storeOf(table, owner)
      return { ...own, ...leak(table, owner, own) }
    },
  }
}

/** A cache that is right but for the leak. */
export function leakyCache(leak: Leak<Required<CachePort>>): Backend<CachePort> {
  const table: Table = { rows: [] }
  return {
    open(person) {
      const owner = ownerOf(person)
      const store = storeOf(table, owner)
      const load = async (key: string, compute: () => Promise<string>) => {
        const value = (await store.get(key)) ?? (await compute())
        await store.set(key, value)
        return value
      }
      const own = { ...store, load }
      return { ...own, ...leak(table, owner, own) }
    },
  }
}

/** An index that is right but for the leak; a document that is added again is replaced. */
export function leakyRetrieval(leak: Leak<RetrievalPort>): Backend<RetrievalPort> {
  const table: Table = { rows: [] }
  return {
    open(person) {
      const owner = ownerOf(person)
      const store = storeOf(table, owner)
      const own: RetrievalPort = {
        add: ({ id, text }) => store.set(id, text),
        remove: store.delete,
        search: async (query, limit) =>
          table.rows
            .filter((row) => row.owner === owner)
            .map(({ key, value }) => ({ id: key, text: value, score: scoreOf(query, value) }))
            .filter(({ score }) => score > 0)
            .toSorted((one, other) => other.score - one.score)
            .slice(0, limit),
      }
      return { ...own, ...leak(table, owner, own) }
    },
  }
}

/** A store, or an index, whose values lie under one glued name, while what belongs to whom is kept exactly beside it. */
export function gluedStore(glue: (person: Person, key: string) => string): Backend<StorePort> {
  const values = new Map<string, string>()
  const exact = createSharedStore()
  return {
    open(person) {
      const { set, delete: remove, list, clear } = exact.open(person)
      return {
        list,
        get: async (key) => values.get(glue(person, key)),
        async set(key, value) {
          values.set(glue(person, key), value)
          await set(key, value)
        },
        async delete(key) {
          values.delete(glue(person, key))
          await remove(key)
        },
        async clear() {
          for (const key of await list()) values.delete(glue(person, key))
          await clear()
        },
      }
    },
  }
}

/** The same for an index: the documents are looked up under the glued name. */
export function gluedRetrieval(glue: (person: Person, id: string) => string): Backend<RetrievalPort> {
  const { open: openStore } = gluedStore(glue)
  return {
    open(person) {
      const store = openStore(person)
      return {
        add: ({ id, text }) => store.set(id, text),
        remove: store.delete,
        async search(query, limit) {
          const found = await Promise.all(
            (await store.list()).map(async (id) => ({ id, text: (await store.get(id)) ?? '' })),
          )
          return found
            .map((hit) => ({ ...hit, score: scoreOf(query, hit.text) }))
            .filter(({ score }) => score > 0)
            .toSorted((one, other) => other.score - one.score)
            .slice(0, limit)
        },
      }
    },
  }
}

/** A memory of which an owner who has nothing clears everybody's. */
export function clearingMemory(): Backend<MemoryPort> {
  const { openMemory } = createSharedItems()
  const everybody: MemoryPort[] = []
  return {
    open(person) {
      const own = openMemory(person)
      everybody.push(own)
      const clear = async () => {
        const cleared = (await own.list()).length === 0 ? everybody : [own]
        for (const memory of cleared) await memory.clear()
      }
      return { ...own, clear }
    },
  }
}

/** Whoever asked last is taken for who asked before and still waits: a variable of the module in place of an argument. */
export function mixedUp<Port extends object>(open: (person: Person) => Port, operation: keyof Port): Backend<Port> {
  let current: Port | undefined
  return {
    open(person) {
      const own = open(person)
      const mixed = async (...values: readonly unknown[]): Promise<unknown> => {
        current = own
        await tick()
        const work: unknown = Reflect.get(current, operation)
        return typeof work === 'function' ? Reflect.apply(work, current, values) : undefined
      }
      return new Proxy(own, {
        get: (target, member): unknown => (member === operation ? mixed : Reflect.get(target, member)),
      })
    },
  }
}

/** A list that is under way is given to everybody who asks for one. */
export function sharedListing(): Backend<StorePort> {
  const { open } = createSharedStore()
  let running: Promise<readonly string[]> | undefined
  return {
    open(person) {
      const own = open(person)
      const list = () =>
        (running ??= tick()
          .then(own.list)
          .finally(() => (running = undefined)))
      return { ...own, list }
    },
  }
}

function storeOf(table: Table, owner: string): StorePort {
  const without = (key: string) => table.rows.filter((row) => row.owner !== owner || row.key !== key)
  return {
    get: async (key) => table.rows.find((row) => row.owner === owner && row.key === key)?.value,
    set: async (key, value) => void (table.rows = [...without(key), { owner, key, value }]),
    delete: async (key) => void (table.rows = without(key)),
    clear: async () => void (table.rows = table.rows.filter((row) => row.owner !== owner)),
    list: async () => table.rows.filter((row) => row.owner === owner).map(({ key }) => key),
  }
}

function ownerOf({ tenantId, workspaceId, userId }: Person): string {
  return JSON.stringify([tenantId, workspaceId, userId])
}

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
