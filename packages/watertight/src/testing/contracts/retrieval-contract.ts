import { deepEqual, equal, ok } from 'node:assert/strict'

import { caseAmong, caseWith } from './contract.ts'
import type { ContractCase, ContractOptions, Opened } from './contract.ts'
import { fewOf, keyGluedOf, nobody } from './neighbours.ts'
import { outcomeOf } from './outcome.ts'
import { atOnce, ownerCases } from './owner-cases.ts'

/** One document that a search found. */
export interface RetrievalHit {
  readonly id: string
  readonly text: string
  /** as the index gives it; where there is one, what others hold must not change it */
  readonly score?: number
}

/** An index of documents, as a contract sees it. */
export interface RetrievalPort {
  add(document: { readonly id: string; readonly text: string }): Promise<unknown>
  /** the documents that fit a query best, best first, and at most `limit` of them */
  search(query: string, limit: number): Promise<readonly RetrievalHit[]>
  remove(id: string): Promise<unknown>
}

const terms = 'The renewal terms of the contract ask for a notice of thirty days'
const query = 'renewal terms of the contract'

/** The promises of an index that keeps owners apart. */
export function retrievalContract(options: ContractOptions<RetrievalPort>): readonly ContractCase[] {
  return [
    caseWith(
      options,
      'should find what was added, until it is removed',
      async ({ own }) => {
        await own.add({ id: 'terms', text: terms })
        deepEqual(
          (await own.search(query, 3)).map(({ id, text }) => ({ id, text })),
          [{ id: 'terms', text: terms }],
        )
        await own.remove('terms')
        deepEqual(await own.search(query, 3), [])
      },
      nobody,
    ),
    ...ownerCases(options, {
      keep: (port, name) => port.add({ id: 'terms', text: `${terms} from ${name}` }),
      read: async (port) => (await textsOf(port)).map((text) => text.replace(`${terms} from `, '')),
      probe,
    }),
    caseWith(options, 'should find the documents of its owner alone, also under one id', async ({ own, others }) => {
      for (const { name, port } of others) await port.add({ id: 'terms', text: `${terms} from ${name}` })
      deepEqual(await own.search(query, 3), [], 'found without having any')
      await own.add({ id: 'terms', text: terms })
      deepEqual(await textsOf(own), [terms], 'found by own')
      const intact = async (what: string) => {
        for (const { name, port } of others)
          deepEqual(await textsOf(port), [`${terms} from ${name}`], `${what} ${name}`)
      }
      await intact('found by')
      // What is there already may be changed in another way than what is new is added.
      await own.add({ id: 'terms', text: `${terms}, at least` })
      await intact('changed for')
    }),
    caseAmong(options, 'should keep an owner and a document apart from those that are glued to the same', {
      circle: keyGluedOf,
      async work({ own, others }) {
        for (const ids of inBatches([...new Set(others.map(({ glued }) => glued))]))
          await keptFrom(
            own,
            ids,
            others.filter(({ glued }) => ids.includes(glued)),
          )
      },
    }),
    // Of what is ranked first and filtered then, others' better documents leave less, or none.
    caseWith(options, 'should find and score as if nobody else had documents', async ({ own, others }) => {
      await own.add({ id: 'terms', text: terms })
      await own.add({ id: 'lunch', text: 'The canteen serves soup on the day of the renewal' })
      const before = await own.search(query, 2)
      ok(before.length > 0, 'nothing was found to compare')
      for (const { port } of others)
        for (const number of [1, 2, 3]) await port.add({ id: `copy-${number}`, text: `${query} ${number}` })
      deepEqual(await own.search(query, 2), before)
    }),
    caseWith(options, 'should remove for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.add({ id: 'terms', text: `${terms} from ${name}` })
      const intact = async (what: string) => {
        for (const { name, port } of others)
          equal((await port.search(query, 3)).length, 1, `removed for ${name}${what}`)
      }
      await outcomeOf(() => own.remove('terms'))
      await intact(' by who had nothing')
      await own.add({ id: 'terms', text: terms })
      await own.remove('terms')
      await intact('')
    }),
    caseWith(
      options,
      'should add, find and remove for each its own where all do at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        await Promise.all(all.map(({ name, port }) => port.add({ id: 'terms', text: `${terms} from ${name}` })))
        await atOnce(all, textsOf, 'found', (name) => [`${terms} from ${name}`])
        await Promise.all(all.map(({ port }) => port.remove('terms')))
        for (const { name, port } of all)
          deepEqual(await textsOf(port), [], `left after all removed theirs, for ${name}`)
      },
      fewOf,
    ),
  ]
}

async function textsOf(port: RetrievalPort): Promise<readonly string[]> {
  return (await port.search(query, 3)).map(({ text }) => text)
}

async function probe(port: RetrievalPort): Promise<void> {
  await port.add({ id: 'terms', text: 'probe' })
  await port.remove('terms')
}

// So few documents at a time that every index gives them all.
function inBatches(ids: readonly string[]): readonly (readonly string[])[] {
  return ids.length === 0 ? [] : [ids.slice(0, 8), ...inBatches(ids.slice(8))]
}

// An odd id may be refused: no document of anybody is then found under it.
async function keptFrom(own: RetrievalPort, ids: readonly string[], others: readonly Opened<RetrievalPort>[]) {
  const kept: string[] = []
  for (const id of ids) if ('returned' in (await outcomeOf(() => own.add({ id, text: terms })))) kept.push(id)
  const intact = async (what: string) => {
    const hits = (await own.search(query, ids.length)).map(({ id, text }) => `${JSON.stringify(id)}: ${text}`)
    deepEqual(hits.toSorted(), kept.map((id) => `${JSON.stringify(id)}: ${terms}`).toSorted(), what)
  }
  await intact('not found')
  // An odd owner may be refused here: plain ones are served in the other tests, or those fail.
  for (const { name, port } of others) await outcomeOf(() => port.add({ id: 'key', text: `${terms} from ${name}` }))
  await intact(`changed by one of: ${others.map(({ name }) => name).join(', ')}`)
  for (const { port } of others) await outcomeOf(() => port.remove('key'))
  await intact(`removed by one of: ${others.map(({ name }) => name).join(', ')}`)
  for (const id of kept) await own.remove(id)
}
