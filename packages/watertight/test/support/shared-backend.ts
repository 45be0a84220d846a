import type { CachePort, JobsPort, MemoryPort, Person, RetrievalPort, StorePort } from '../../src/testing/index.ts'

/** How a backend names its owners and its keys: where a mutant goes wrong. */
interface Naming {
  readonly owner?: (person: Person) => string
  readonly key?: (key: string) => string
}

const usual = {
  owner: ({ tenantId, workspaceId, userId }: Person) => JSON.stringify([tenantId, workspaceId, userId]),
  key: (key: string) => key,
}

interface Row {
  readonly owner: string
  readonly key: string
  readonly value: string
}

/** What a mutant does in place of one operation of the store. */
export interface StoreFaults extends Naming {
  readonly get?: (rows: readonly Row[], owner: string, key: string) => Row | undefined
  /** which rows a clear removes */
  readonly clears?: (row: Row, owner: string) => boolean
  readonly lists?: (row: Row, owner: string) => boolean
}

/** One list of rows that all owners share, as a database table would be. */
export function createSharedStore(faults: StoreFaults = {}): { open: (person: Person) => StorePort } {
  const { owner: ownerOf, key: keyOf, get = find, clears = isOwn, lists = isOwn } = { ...usual, ...faults }
  let rows: readonly Row[] = []
  const without = (owner: string, key: string) => rows.filter((row) => row.owner !== owner || row.key !== key)
  const open = (person: Person): StorePort => {
    const owner = ownerOf(person)
    return {
      get: async (key) => get(rows, owner, keyOf(key))?.value,
      set: async (key, value) => void (rows = [...without(owner, keyOf(key)), { owner, key: keyOf(key), value }]),
      delete: async (key) => void (rows = without(owner, keyOf(key))),
      clear: async () => void (rows = rows.filter((row) => !clears(row, owner))),
      list: async () => rows.filter((row) => lists(row, owner)).map(({ key }) => key),
    }
  }
  return { open }
}

function find(rows: readonly Row[], owner: string, key: string): Row | undefined {
  return rows.find((row) => row.owner === owner && row.key === key)
}

function isOwn(row: Row, owner: string): boolean {
  return row.owner === owner
}

/** A cache that computes once for all who ask at the same time for one key. */
export function createSharedCache(flightOf = (owner: string, key: string) => JSON.stringify([owner, key])): {
  open: (person: Person) => CachePort
} {
  const store = createSharedStore()
  const flights = new Map<string, Promise<string>>()
  const open = (person: Person): CachePort => {
    const { get, set, delete: remove, clear } = store.open(person)
    const load = async (key: string, compute: () => Promise<string>) => {
      const name = flightOf(usual.owner(person), key)
      const running = flights.get(name) ?? compute()
      flights.set(name, running)
      const value = await running.finally(() => flights.delete(name))
      await set(key, value)
      return value
    }
    return { get, set, delete: remove, clear, load }
  }
  return { open }
}

interface Item {
  readonly id: string
  readonly owner: string
  readonly text: string
}

/** What a mutant sees or takes where it should not. */
export interface ItemFaults extends Naming {
  readonly finds?: (item: Item, owner: string) => boolean
  readonly removes?: (item: Item, owner: string) => boolean
  readonly searches?: (item: Item, owner: string) => boolean
  readonly takes?: (item: Item, owner: string) => boolean
  /** how many of the best are kept before the owner is looked at */
  readonly rankedFirst?: number
  /** thrown where somebody else's item is removed */
  readonly forbids?: boolean
}

/** Items with ids that count for all owners: memory, index and queue in one. */
export function createSharedItems(faults: ItemFaults = {}) {
  const isOwner = (item: Item, owner: string) => item.owner === owner
  const {
    owner: ownerOf,
    finds = isOwner,
    removes = isOwner,
    searches = isOwner,
    takes = isOwner,
  } = { ...usual, ...faults }
  let items: readonly Item[] = []
  let count = 0
  const minted = (owner: string) => ({
    add: async (text: string) => {
      const id = `item-${(count += 1)}`
      items = [...items, { id, owner, text }]
      return id
    },
    find: async (id: string) => items.find((item) => item.id === id && finds(item, owner))?.text,
    remove: async (id: string) => {
      const item = items.find((each) => each.id === id)
      if (faults.forbids === true && item !== undefined && item.owner !== owner) throw new TypeError('Forbidden.')
      if (item !== undefined && removes(item, owner)) items = items.filter((each) => each !== item)
    },
  })
  const ranked = (query: string, owner: string, limit: number) => {
    const scored = items.map((item) => ({ item, score: scoreOf(query, item.text) })).filter(({ score }) => score > 0)
    const best = scored.toSorted((one, other) => other.score - one.score).slice(0, faults.rankedFirst)
    return best.filter(({ item }) => searches(item, owner)).slice(0, limit)
  }
  const openMemory = (person: Person): MemoryPort => {
    const owner = ownerOf(person)
    return {
      ...minted(owner),
      search: async (query) => ranked(query, owner, 10).map(({ item }) => item.text),
      list: async () => items.filter((item) => searches(item, owner)).map(({ text }) => text),
      clear: async () => void (items = items.filter((item) => !removes(item, owner))),
    }
  }
  const openRetrieval = (person: Person): RetrievalPort => {
    const owner = ownerOf(person)
    return {
      add: async ({ id, text }) => void (items = [...items, { id, owner, text }]),
      search: async (query, limit) =>
        ranked(query, owner, limit).map(({ item, score }) => ({ id: item.id, text: item.text, score })),
      remove: async (id) => void (items = items.filter((item) => item.id !== id || !removes(item, owner))),
    }
  }
  const openJobs = (person: Person): JobsPort => {
    const owner = ownerOf(person)
    return {
      ...minted(owner),
      take: async () => {
        const job = items.find((item) => takes(item, owner))
        items = items.filter((item) => item !== job)
        return job === undefined ? undefined : { id: job.id, text: job.text }
      },
    }
  }
  return { openMemory, openRetrieval, openJobs }
}

// The part of the query's words that a text has: shorter texts that have them are better.
export function scoreOf(query: string, text: string): number {
  const words = new Set(text.toLowerCase().split(/\W+/))
  const asked = query.toLowerCase().split(/\W+/)
  return asked.filter((word) => words.has(word)).length / asked.length / Math.sqrt(words.size)
}
