import { deepEqual } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { keyedCases, probeKeyed } from './keyed-cases.ts'
import type { KeyedPort } from './keyed-cases.ts'
import { fewOf } from './neighbours.ts'
import { atOnce, ownerCases } from './owner-cases.ts'

/** A store of values under keys, as a contract sees it. */
export interface StorePort extends KeyedPort {
  /** every key of this owner, in any order */
  list(): Promise<readonly string[]>
}

/** The promises of a store that keeps owners apart. */
export function storeContract(options: ContractOptions<StorePort>): readonly ContractCase[] {
  return [
    ...keyedCases(options),
    ...ownerCases(options, {
      keep: (port, name) => port.set('format', name),
      read: async (port) => [await port.get('format'), ...(await port.list()).slice(1)],
      probe: probeKeyed,
    }),
    caseWith(options, 'should list the keys of its owner alone', async ({ own, others }) => {
      for (const [at, { port }] of others.entries()) await port.set(`theirs-${at}`, 'theirs')
      deepEqual(await own.list(), [], 'listed for who has nothing')
      await own.set('mine', 'own')
      deepEqual(await own.list(), ['mine'], 'listed for own')
      for (const [at, { name, port }] of others.entries())
        deepEqual(await port.list(), [`theirs-${at}`], `listed for ${name}`)
    }),
    caseWith(
      options,
      'should list for each its own where all list at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        for (const [at, { port }] of all.entries()) await port.set(`key-${at}`, 'kept')
        await atOnce(
          all,
          (port) => port.list(),
          'listed',
          (_name, at) => [`key-${at}`],
        )
      },
      fewOf,
    ),
  ]
}
