import { deepEqual, ok } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { mintedCases } from './minted-cases.ts'
import type { MintedPort } from './minted-cases.ts'

/** A memory of texts, as a contract sees it. */
export interface MemoryPort extends MintedPort {
  /** the texts that fit a query, best first */
  search(query: string): Promise<readonly string[]>
  /** every text of this owner, in any order */
  list(): Promise<readonly string[]>
  /** removes everything of this owner */
  clear(): Promise<unknown>
}

/** The promises of a memory that keeps owners apart. */
export function memoryContract(options: ContractOptions<MemoryPort>): readonly ContractCase[] {
  const fact = 'prefers reports as slides'
  return [
    ...mintedCases(options),
    caseWith(options, 'should list and find the memories of its owner alone', async ({ own, others }) => {
      for (const { name, port } of others) await port.add(`${name} ${fact}`)
      deepEqual([await own.list(), await own.search(fact)], [[], []])
      await own.add(`The owner ${fact}`)
      deepEqual([await own.list(), await own.search(fact)], [[`The owner ${fact}`], [`The owner ${fact}`]])
      for (const { name, port } of others) {
        deepEqual(await port.list(), [`${name} ${fact}`], `listed for ${name}`)
        ok(
          (await port.search(fact)).every((text) => text === `${name} ${fact}`),
          `found by ${name}`,
        )
      }
    }),
    caseWith(options, 'should clear for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.add(name)
      await own.add('own')
      await own.clear()
      deepEqual(await own.list(), [])
      for (const { name, port } of others) deepEqual(await port.list(), [name], `cleared for ${name}`)
      await own.add('own')
      for (const { port } of others) await port.clear()
      deepEqual(await own.list(), ['own'], 'cleared by a look-alike')
    }),
  ]
}
