import { describe, expect, test } from 'vitest'

import {
  clearingMemory,
  gluedRetrieval,
  gluedStore,
  leakyCache,
  leakyRetrieval,
  leakyStore,
  mixedUp,
  sharedListing,
} from '../../../test/support/leaky-backends.ts'
import { createSharedCache, createSharedItems, createSharedStore } from '../../../test/support/shared-backend.ts'
import type { Person } from '../prove/isolation-target.ts'
import { cacheContract } from './cache-contract.ts'
import type { ContractCase } from './contract.ts'
import { jobsContract } from './jobs-contract.ts'
import { memoryContract } from './memory-contract.ts'
import { retrievalContract } from './retrieval-contract.ts'
import { storeContract } from './store-contract.ts'

// Leaks that live between two operations, or between an owner and a key: each is right in everything else.

const someSeparators = ['', ':', '#', '::', '\0', '@', '+', '~', '--', '__', '||', '$', '=', '&', ';', ',', '\t']

describe('an owner and a key that are glued', () => {
  test.each(someSeparators)('should be found in a store, with %j', async (separator) => {
    for (const glue of gluesWith(separator))
      expect(await broken(storeContract(gluedStore(glue)), glued)).toEqual([glued])
  })

  test.each(someSeparators)('should be found in an index, with %j', async (separator) => {
    for (const glue of gluesWith(separator))
      expect(await broken(retrievalContract(gluedRetrieval(glue)), gluedDocument)).toEqual([gluedDocument])
  })

  test('should be found where only tenants are kept apart', async () => {
    const { open } = gluedStore(({ tenantId }, key) => `${tenantId}:${key}`)
    expect(await broken(storeContract({ open, levels: ['tenant'] }), glued)).toEqual([glued])
  })

  test.each([':', '/', ''])('should be found with the key first, and %j', async (separator) => {
    const { open } = gluedStore(({ tenantId }, key) => `${key}${separator}${tenantId}`)
    expect(await broken(storeContract({ open, levels: ['tenant'] }), glued)).toEqual([glued])
  })
})

describe('parts of an owner that are glued', () => {
  const title = 'should keep owners apart whose ids run into each other'

  test.each(someSeparators)('should be found with %j', async (separator) => {
    const owner = ({ tenantId, workspaceId, userId }: Person) => [tenantId, workspaceId, userId].join(separator)
    expect(await broken(storeContract(createSharedStore({ owner })), title)).toEqual([title])
    expect(await broken(memoryContract({ open: createSharedItems({ owner }).openMemory }), title)).toEqual([title])
    expect(await broken(jobsContract({ open: createSharedItems({ owner }).openJobs }), title)).toEqual([title])
    expect(await broken(retrievalContract({ open: createSharedItems({ owner }).openRetrieval }), title)).toEqual([
      title,
    ])
  })

  test('should be found by a list that looks in another place than the values do', async () => {
    const exact = createSharedStore()
    const listed = createSharedStore({
      owner: ({ tenantId, workspaceId, userId }) => [tenantId, workspaceId, userId].join('#'),
    })
    const open = (person: Person) => {
      const [own, index] = [exact.open(person), listed.open(person)]
      return {
        get: own.get,
        set: (key: string, value: string) =>
          Promise.all([own.set(key, value), index.set(`${person.userId} ${key}`, '')]),
        delete: (key: string) => Promise.all([own.delete(key), index.delete(`${person.userId} ${key}`)]),
        clear: () => Promise.all([own.clear(), index.clear()]),
        list: async () => (await index.list()).map((key) => key.slice(key.lastIndexOf(' ') + 1)),
      }
    }
    expect(await broken(storeContract({ open }), title)).toEqual([title])
  })
})

describe('an owner who is cut', () => {
  const title = 'should keep owners apart whose long ids differ at the end'

  test.each([12, 16, 20, 32, 63, 64, 128, 255])('should be found after %i characters', async (length) => {
    const part = (id: string) => id.slice(0, length)
    const parts = (person: Person) => JSON.stringify([person.tenantId, person.workspaceId, person.userId].map(part))
    const joined = ({ tenantId, workspaceId, userId }: Person) => part([tenantId, workspaceId, userId].join('\u0001'))
    for (const owner of [parts, joined]) {
      expect(await broken(storeContract(createSharedStore({ owner })), title)).toEqual([title])
      expect(await broken(memoryContract({ open: createSharedItems({ owner }).openMemory }), title)).toEqual([title])
    }
  })

  test.each([
    [12, 20],
    [20, 32],
    [32, 64],
    [63, 64],
    [64, 128],
    [128, 255],
    [255, 256],
  ])('should be found after %i characters where ids of more than %i are refused', async (length, most) => {
    const owner = (person: Person) => {
      const ids = [person.tenantId, person.workspaceId, person.userId]
      if (ids.some((id) => id.length > most)) throw new RangeError('An id is too long.')
      return JSON.stringify(ids.map((id) => id.slice(0, length)))
    }
    expect(await broken(storeContract(createSharedStore({ owner })), title)).toEqual([title])
  })
})

describe('a key', () => {
  const alike = 'should keep keys apart that look alike'

  test.each([24, 32, 48, 64, 100, 128, 200, 255, 256, 512, 767, 768, 1024])(
    'should not be cut after %i characters',
    async (length) => {
      expect(await broken(storeContract(createSharedStore({ key: (key) => key.slice(0, length) })))).toContain(
        'should keep long keys apart that differ at the end',
      )
    },
  )

  test.each<[string, (key: string) => string]>([
    ['a number', (key) => (key.trim() === '' || Number.isNaN(Number(key)) ? key : String(Number(key)))],
    ['a form', (key) => key.replaceAll('+', ' ')],
    ['quotes', (key) => key.replaceAll("'", '')],
    ['double quotes', (key) => key.replaceAll('"', '')],
    ['zero-width characters', (key) => key.replaceAll(/[\u200b-\u200d]/g, '')],
    ['only a joiner', (key) => key.replaceAll('\u200d', '')],
    ['Cyrillic letters', (key) => key.replaceAll('\u0430', 'a')],
    ['compatibility forms', (key) => key.normalize('NFKC')],
  ])('should not be taken for another by %s', async (_what, key) => {
    expect(await broken(storeContract(createSharedStore({ key })))).toEqual([alike])
  })

  test.each<[string, (key: string, asked: string) => boolean]>([
    ['begins', (key, asked) => key.startsWith(asked)],
    ['ends', (key, asked) => key.endsWith(asked)],
    ['holds', (key, asked) => key.includes(asked)],
  ])('should not be found by what it %s with', async (_how, fits) => {
    const store = createSharedStore({
      get: (rows, owner, asked) => {
        const own = rows.filter((row) => row.owner === owner)
        return own.find(({ key }) => key === asked) ?? own.find(({ key }) => fits(key, asked))
      },
    })
    expect(await broken(storeContract(store))).toEqual([alike])
  })
})

describe('what is already there', () => {
  test('should not be changed for all who have the key', async () => {
    const store = leakyStore((table, _owner, own) => ({
      async set(key, value) {
        if ((await own.get(key)) === undefined) await own.set(key, value)
        else table.rows = table.rows.map((row) => (row.key === key ? { ...row, value } : row))
      },
    }))
    expect(await broken(storeContract(store))).toContain('should give everybody their own under the same key')
  })

  test('should not be changed for all who have the document', async () => {
    const index = leakyRetrieval((table, owner, own) => ({
      async add({ id, text }) {
        if (table.rows.some((row) => row.owner === owner && row.key === id))
          table.rows = table.rows.map((row) => (row.key === id ? { ...row, value: text } : row))
        else await own.add({ id, text })
      },
    }))
    expect(await broken(retrievalContract(index))).toContain(
      'should find the documents of its owner alone, also under one id',
    )
  })
})

describe('who has nothing', () => {
  test('should delete nothing of others', async () => {
    const store = leakyStore((table, _owner, own) => ({
      async delete(key) {
        if ((await own.get(key)) !== undefined) return own.delete(key)
        const other = table.rows.find((row) => row.key === key)
        table.rows = table.rows.filter((row) => row !== other)
        return undefined
      },
    }))
    expect(await broken(storeContract(store))).toContain('should delete for nobody else')
  })

  test('should remove no documents of others', async () => {
    const index = leakyRetrieval((table, owner, own) => ({
      async remove(id) {
        if (table.rows.some((row) => row.owner === owner && row.key === id)) return own.remove(id)
        table.rows = table.rows.filter(({ key }) => key !== id)
        return undefined
      },
    }))
    expect(await broken(retrievalContract(index))).toEqual(['should remove for nobody else'])
  })

  test('should clear nothing of others', async () => {
    const clearsAll = leakyStore((table, _owner, own) => ({
      async clear() {
        if ((await own.list()).length > 0) await own.clear()
        else table.rows = []
      },
    }))
    expect(await broken(storeContract(clearsAll))).toEqual(['should clear for nobody else'])
    expect(await broken(cacheContract(clearsAll))).toEqual(['should clear for nobody else'])
    expect(await broken(memoryContract(clearingMemory()))).toEqual(['should clear for nobody else'])
  })

  test('should not learn by deleting what others have', async () => {
    const title = 'should tell a missing key and one that only a look-alike has in one way'
    const throws = leakyStore((table, owner, own) => ({
      async delete(key) {
        if (isForeign(table, owner, key)) throw new TypeError('Forbidden.')
        await own.delete(key)
      },
    }))
    const returns = leakyStore((table, owner, own) => ({
      async delete(key) {
        const foreign = isForeign(table, owner, key)
        await own.delete(key)
        return foreign
      },
    }))
    const words = leakyStore((table, owner, own) => ({
      async delete(key) {
        if ((await own.get(key)) === undefined)
          throw new Error(isForeign(table, owner, key) ? 'It is not yours.' : 'It is missing.')
        await own.delete(key)
      },
    }))
    for (const store of [throws, returns, words]) expect(await broken(storeContract(store))).toEqual([title])
  })

  test('should be allowed to be refused in one way, whatever is told beside', async () => {
    let requests = 0
    const store = leakyStore((_table, _owner, own) => ({
      async delete(key) {
        if ((await own.get(key)) === undefined) throw new Error(`Request ${(requests += 1)} found nothing.`)
        await own.delete(key)
      },
    }))
    expect(await broken(storeContract(store))).toEqual([])
  })
})

describe('a cache', () => {
  test('should not load what somebody else has under the key', async () => {
    const cache = leakyCache((table, _owner, own) => ({
      load: async (key, compute) =>
        (await own.get(key)) ?? table.rows.find((row) => row.key === key)?.value ?? (await own.load(key, compute)),
    }))
    expect(await broken(cacheContract(cache))).toContain('should compute what only a look-alike has')
  })

  test('should not give somebody else’s where computing fails', async () => {
    const cache = leakyCache((table, _owner, own) => ({
      async load(key, compute) {
        try {
          return await own.load(key, compute)
        } catch (error) {
          const stale = table.rows.find((row) => row.key === key)
          if (stale === undefined) throw error
          return stale.value
        }
      },
    }))
    expect(await broken(cacheContract(cache))).toEqual([
      'should give nobody what a look-alike has where computing fails',
    ])
  })
})

describe('at the same time', () => {
  test.each(['get', 'set', 'list', 'delete', 'clear'] as const)(
    'should not mix up %s of a store',
    async (operation) => {
      expect(await broken(storeContract(mixedUp(createSharedStore().open, operation)))).not.toEqual([])
    },
  )

  test.each(['get', 'set', 'delete', 'clear', 'load'] as const)(
    'should not mix up %s of a cache',
    async (operation) => {
      expect(await broken(cacheContract(mixedUp(createSharedCache().open, operation)))).not.toEqual([])
    },
  )

  test.each(['add', 'find', 'remove', 'search', 'list', 'clear'] as const)(
    'should not mix up %s of a memory',
    async (operation) => {
      const { open } = mixedUp(createSharedItems().openMemory, operation)
      expect(await broken(memoryContract({ open }))).not.toEqual([])
    },
  )

  test.each(['add', 'search', 'remove'] as const)('should not mix up %s of an index', async (operation) => {
    const { open } = mixedUp(createSharedItems().openRetrieval, operation)
    expect(await broken(retrievalContract({ open }))).not.toEqual([])
  })

  test.each(['add', 'find', 'remove', 'take'] as const)('should not mix up %s of a queue', async (operation) => {
    const { open } = mixedUp(createSharedItems().openJobs, operation)
    expect(await broken(jobsContract({ open }))).not.toEqual([])
  })

  test('should not share a list that is under way', async () => {
    expect(await broken(storeContract(sharedListing()))).toEqual([
      'should list for each its own where all list at the same time',
    ])
  })
})

describe('a backend that refuses ids', () => {
  const refusing = (isRefused: (id: string) => boolean) =>
    createSharedStore({
      owner: (person) => {
        const ids = [person.tenantId, person.workspaceId, person.userId]
        if (ids.some(isRefused)) throw new TypeError('The id is refused.')
        return JSON.stringify(ids)
      },
    })

  test('should be kept where only odd ones are refused, in opening or in writing', async () => {
    expect(await broken(storeContract(refusing((id) => id.includes('\0') || id.length > 64)))).toEqual([])
    const { open } = createSharedStore()
    const late = (person: Person) => {
      const own = open(person)
      const set = async (key: string, value: string) => {
        if (person.userId.length > 255) throw new RangeError('The value is too long.')
        await own.set(key, value)
      }
      return { ...own, set }
    }
    expect(await broken(storeContract({ open: late }))).toEqual([])
  })

  test('should be broken where plain ones are', async () => {
    expect(await broken(storeContract(refusing((id) => id.includes('-'))))).not.toEqual([])
  })
})

test('should name who was found, in a failure', async () => {
  const cases = storeContract(createSharedStore({ lists: () => true }))
  const list = cases.find(({ title }) => title === 'should list the keys of its owner alone')
  await expect(list?.run()).rejects.toThrow('listed for who has nothing')
  const owner = ({ tenantId, workspaceId, userId }: Person) => [tenantId, workspaceId, userId].join('\t')
  const run = storeContract(createSharedStore({ owner })).find(({ title }) => title.includes('run into each other'))
  await expect(run?.run()).rejects.toThrow(String.raw`found by the owner with "\t" in the`)
})

const gluedDocument = 'should keep an owner and a document apart from those that are glued to the same'
const glued = 'should keep an owner and a key apart from those that are glued to the same'

// The key beside each part of an owner, whose other parts are kept apart exactly.
function gluesWith(separator: string): readonly ((person: Person, key: string) => string)[] {
  return [
    ({ tenantId, workspaceId, userId }, key) => JSON.stringify([tenantId, workspaceId, `${userId}${separator}${key}`]),
    ({ tenantId, workspaceId, userId }, key) => JSON.stringify([tenantId, userId, `${workspaceId}${separator}${key}`]),
    ({ tenantId, workspaceId, userId }, key) => JSON.stringify([workspaceId, userId, `${tenantId}${separator}${key}`]),
  ]
}

function isForeign(table: { readonly rows: readonly { owner: string; key: string }[] }, owner: string, key: string) {
  const owners = table.rows.filter((row) => row.key === key).map((row) => row.owner)
  return owners.length > 0 && !owners.includes(owner)
}

/** The promises that are broken, by their titles: of all, or of one. */
async function broken(cases: readonly ContractCase[], only?: string): Promise<readonly string[]> {
  const titles: string[] = []
  for (const { title, run } of cases.filter((each) => only === undefined || each.title === only))
    await run().catch(() => titles.push(title))
  return titles
}
