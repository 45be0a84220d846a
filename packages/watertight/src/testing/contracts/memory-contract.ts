import { deepEqual, ok } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { mintedCases, probeMinted } from './minted-cases.ts'
import type { MintedPort } from './minted-cases.ts'
import { fewOf } from './neighbours.ts'
import { atOnce, ownerCases } from './owner-cases.ts'

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
    ...ownerCases(options, {
      keep: (port, name) => port.add(name),
      read: (port) => port.list(),
      probe: probeMinted,
    }),
    caseWith(options, 'should list and find the memories of its owner alone', async ({ own, others }) => {
      for (const { name, port } of others) await port.add(`${name} ${fact}`)
      deepEqual([await own.list(), await own.search(fact)], [[], []], 'listed or found for who has nothing')
      await own.add(`The owner ${fact}`)
      const mine = [`The owner ${fact}`]
      deepEqual([await own.list(), await own.search(fact)], [mine, mine], 'listed or found for own')
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
      await own.clear()
      for (const { name, port } of others)
        deepEqual(await port.list(), [name], `cleared for ${name} by who had nothing`)
      await own.add('own')
      await own.clear()
      deepEqual(await own.list(), [], 'not cleared')
      for (const { name, port } of others) deepEqual(await port.list(), [name], `cleared for ${name}`)
      await own.add('own')
      for (const { port } of others) await port.clear()
      deepEqual(await own.list(), ['own'], 'cleared by a look-alike')
      for (const { port } of others) await port.clear()
      deepEqual(await own.list(), ['own'], 'cleared by a look-alike who had nothing')
    }),
    caseWith(
      options,
      'should list, find and clear for each its own where all do at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        const textOf = (name: string) => [`${name} ${fact}`]
        await Promise.all(all.map(({ name, port }) => port.add(`${name} ${fact}`)))
        await atOnce(all, (port) => port.list(), 'listed', textOf)
        await atOnce(all, (port) => port.search(fact), 'found', textOf)
        await Promise.all(all.map(({ port }) => port.clear()))
        for (const { name, port } of all) deepEqual(await port.list(), [], `left after all cleared theirs, for ${name}`)
      },
      fewOf,
    ),
  ]
}
