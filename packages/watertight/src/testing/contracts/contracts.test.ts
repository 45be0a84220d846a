import { describe, expect, test } from 'vitest'

import { createSharedCache, createSharedItems, createSharedStore } from '../../../test/support/shared-backend.ts'
import type { ItemFaults, StoreFaults } from '../../../test/support/shared-backend.ts'
import { cacheContract } from './cache-contract.ts'
import type { ContractCase } from './contract.ts'
import { jobsContract } from './jobs-contract.ts'
import { memoryContract } from './memory-contract.ts'
import { retrievalContract } from './retrieval-contract.ts'
import { storeContract } from './store-contract.ts'

/** The promises that are broken, by their titles. */
async function broken(cases: readonly ContractCase[]): Promise<readonly string[]> {
  const titles: string[] = []
  for (const { title, run } of cases) await run().catch(() => titles.push(title))
  return titles
}

const idOf = ({ tenantId, workspaceId, userId }: { tenantId: string; workspaceId: string; userId: string }) =>
  JSON.stringify([tenantId, workspaceId, userId])

describe('the contract of a store', () => {
  // Six mutants that two published suites for checkpoints and for key-value stores let live, three of each.
  test.each<[string, StoreFaults, string]>([
    ['threads folded to lower case', { owner: (person) => idOf(person).toLowerCase() }, 'under the same key'],
    [
      'a checkpoint found by its id in any thread',
      {
        get: (rows, owner, key) =>
          rows.find((row) => row.owner === owner && row.key === key) ?? rows.find((row) => row.key === key),
      },
      'only a look-alike has',
    ],
    [
      'a thread deleted by its beginning',
      { owner: gluedOf, clears: (row, owner) => row.owner.startsWith(owner) },
      'clear for nobody else',
    ],
    ['keys folded to lower case', { key: (key) => key.toLowerCase() }, 'keys apart that look alike'],
    ['keys cut after sixteen characters', { key: (key) => key.slice(0, 16) }, 'keys apart that look alike'],
    [
      'a namespace cleared by its beginning',
      { owner: gluedOf, clears: (row, owner) => `${row.owner}:${row.key}`.startsWith(owner) },
      'clear for nobody else',
    ],
  ])('should kill what published suites let live: %s', async (_mutant, faults, promise) => {
    const titles = await broken(storeContract(createSharedStore(faults)))
    expect(titles.join()).toContain(promise)
  })

  test.each<[string, StoreFaults]>([
    ['the tenant forgotten', { owner: (person) => idOf({ ...person, tenantId: '' }) }],
    ['the workspace forgotten', { owner: (person) => idOf({ ...person, workspaceId: '' }) }],
    ['the user forgotten', { owner: (person) => idOf({ ...person, userId: '' }) }],
    ['owners glued with a colon', { owner: (person) => `${person.tenantId}:${person.workspaceId}:${person.userId}` }],
    ['owners trimmed', { owner: (person) => idOf(person).replaceAll(/\s+"/g, '"') }],
    ['owners normalised', { owner: (person) => idOf(person).normalize('NFC') }],
    ['owners without compatibility forms', { owner: (person) => idOf(person).normalize('NFKC') }],
    ['owners decoded', { owner: (person) => decodeURIComponent(idOf(person).replaceAll(/%(?![0-9A-F]{2})/g, '%25')) }],
    ['keys listed for all', { lists: () => true }],
    ['everything cleared', { clears: () => true }],
    ['nothing cleared', { clears: () => false }],
  ])('should kill %s', async (_mutant, faults) => {
    expect(await broken(storeContract(createSharedStore(faults)))).not.toEqual([])
  })

  test('should be kept by a store that keeps owners apart', async () => {
    expect(await broken(storeContract(createSharedStore()))).toEqual([])
  })

  test('should be kept level by level, by a store that has only that one', async () => {
    const { open } = createSharedStore({ owner: ({ tenantId }) => tenantId })
    expect(await broken(storeContract({ open, levels: ['tenant'] }))).toEqual([])
    expect(await broken(storeContract({ open, levels: ['tenant', 'user'] }))).not.toEqual([])
    expect(() => storeContract({ open, levels: [] })).toThrow(TypeError)
  })
})

describe('the contract of a cache', () => {
  test('should be kept by a cache that keeps owners apart', async () => {
    expect(await broken(cacheContract(createSharedCache()))).toEqual([])
  })

  test('should kill a flight that all who ask at once share', async () => {
    const titles = await broken(cacheContract(createSharedCache((_owner, key) => key)))
    expect(titles).toEqual(['should give nobody what is computed for a look-alike at the same time'])
  })
})

describe.each([
  ['memory', (faults?: ItemFaults) => memoryContract({ open: createSharedItems(faults).openMemory })],
  ['jobs', (faults?: ItemFaults) => jobsContract({ open: createSharedItems(faults).openJobs })],
])('the contract of %s', (_name, contractOf) => {
  test('should be kept by what keeps owners apart', async () => {
    expect(await broken(contractOf())).toEqual([])
  })

  test.each<[string, ItemFaults]>([
    ['an id that finds in any place', { finds: () => true }],
    ['an id that removes in any place', { removes: () => true }],
    ['a refusal that tells somebody else’s from missing', { forbids: true }],
    ['owners folded to lower case', { owner: (person) => idOf(person).toLowerCase() }],
    ['the user forgotten', { owner: (person) => idOf({ ...person, userId: '' }) }],
  ])('should kill %s', async (_mutant, faults) => {
    expect(await broken(contractOf(faults))).not.toEqual([])
  })
})

test('the contract of memory should kill a search of all memories', async () => {
  const { openMemory } = createSharedItems({ searches: () => true })
  expect(await broken(memoryContract({ open: openMemory }))).not.toEqual([])
})

test('the contract of jobs should kill a worker who takes what comes first', async () => {
  const { openJobs } = createSharedItems({ takes: () => true })
  expect(await broken(jobsContract({ open: openJobs }))).not.toEqual([])
})

describe('the contract of retrieval', () => {
  test('should be kept by an index that keeps owners apart', async () => {
    expect(await broken(retrievalContract({ open: createSharedItems().openRetrieval }))).toEqual([])
  })

  test.each<[string, ItemFaults, string]>([
    ['a search of all documents', { searches: () => true }, 'its owner alone'],
    ['a filter after the ranking', { rankedFirst: 5 }, 'as if nobody else'],
    ['a removal by id alone', { removes: () => true }, 'remove for nobody else'],
    [
      'tenants compared by their beginning',
      { searches: ({ owner: one }, two) => one.slice(0, 8) === two.slice(0, 8) },
      'its owner alone',
    ],
  ])('should kill %s', async (_mutant, faults, promise) => {
    const titles = await broken(retrievalContract({ open: createSharedItems(faults).openRetrieval }))
    expect(titles.join()).toContain(promise)
  })
})

// A beginning without an end: the name of one is the beginning of another.
function gluedOf({ tenantId, workspaceId, userId }: { tenantId: string; workspaceId: string; userId: string }): string {
  return `${workspaceId}/${userId}/${tenantId}`
}
