import { deepEqual } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { keyedCases } from './keyed-cases.ts'
import type { KeyedPort } from './keyed-cases.ts'

/** A store of values under keys, as a contract sees it. */
export interface StorePort extends KeyedPort {
  /** every key of this owner, in any order */
  list(): Promise<readonly string[]>
}

/** The promises of a store that keeps owners apart. */
export function storeContract(options: ContractOptions<StorePort>): readonly ContractCase[] {
  return [
    ...keyedCases(options),
    caseWith(options, 'should list the keys of its owner alone', async ({ own, others }) => {
      for (const [at, { port }] of others.entries()) await port.set(`theirs-${at}`, 'theirs')
      deepEqual(await own.list(), [])
      await own.set('mine', 'own')
      deepEqual(await own.list(), ['mine'])
      for (const [at, { name, port }] of others.entries())
        deepEqual(await port.list(), [`theirs-${at}`], `listed for ${name}`)
    }),
  ]
}
