import { deepEqual, equal, ok } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'

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
    caseWith(options, 'should find what was added, until it is removed', async ({ own }) => {
      await own.add({ id: 'terms', text: terms })
      deepEqual(
        (await own.search(query, 3)).map(({ id, text }) => ({ id, text })),
        [{ id: 'terms', text: terms }],
      )
      await own.remove('terms')
      deepEqual(await own.search(query, 3), [])
    }),
    caseWith(options, 'should find the documents of its owner alone, also under one id', async ({ own, others }) => {
      for (const { name, port } of others) await port.add({ id: 'terms', text: `${terms} from ${name}` })
      deepEqual(await own.search(query, 3), [], 'found without having any')
      await own.add({ id: 'terms', text: terms })
      deepEqual(
        (await own.search(query, 3)).map(({ text }) => text),
        [terms],
      )
      for (const { name, port } of others)
        deepEqual(
          (await port.search(query, 3)).map(({ text }) => text),
          [`${terms} from ${name}`],
          `found by ${name}`,
        )
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
      await own.add({ id: 'terms', text: terms })
      await own.remove('terms')
      for (const { name, port } of others) equal((await port.search(query, 3)).length, 1, `removed for ${name}`)
    }),
  ]
}
