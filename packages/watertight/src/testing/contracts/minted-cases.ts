import { deepEqual, equal, notEqual } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { fewOf, nobody } from './neighbours.ts'
import { outcomeOf, tellsNothing } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { atOnce } from './owner-cases.ts'

/** What gives each thing an id of its own. An id that is missing gives `undefined`, whoever else has it. */
export interface MintedPort {
  /** keeps a text, and gives its id */
  add(text: string): Promise<string>
  find(id: string): Promise<string | undefined>
  /** removes it; of an id that is missing, or somebody else's, nothing happens, or it is refused in one and the same way */
  remove(id: string): Promise<unknown>
}

/** The cases of everything that makes ids itself. */
export function mintedCases<Port extends MintedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(
      options,
      'should find what was added by its id, until it is removed',
      async ({ own }) => {
        const [first, second] = [await own.add('one'), await own.add('two')]
        notEqual(first, second)
        deepEqual([await own.find(first), await own.find(second)], ['one', 'two'])
        await own.remove(first)
        deepEqual([await own.find(first), await own.find(second)], [undefined, 'two'])
      },
      nobody,
    ),
    caseWith(options, 'should find nothing by an id that somebody else was given', async ({ own, others }) => {
      const mine = await own.add('own')
      for (const { name, port } of others) {
        const theirs = await port.add(name)
        equal(await port.find(theirs), name, `found by ${name}`)
        // Ids that are counted for each owner may be equal: each then has their own under it.
        const [seenByThem, seenByMe] = [await port.find(mine), await own.find(theirs)]
        notEqual(seenByThem, 'own', `read by ${name}`)
        notEqual(seenByMe, name, `read from ${name}`)
      }
      equal(await own.find(mine), 'own')
    }),
    caseWith(options, 'should remove nothing by an id that somebody else was given', async ({ own, others }) => {
      for (const { name, port } of others) {
        const theirs = await port.add(name)
        if ((await own.find(theirs)) === undefined) await outcomeOf(() => own.remove(theirs))
        equal(await port.find(theirs), name, `removed from ${name}`)
      }
    }),
    caseWith(options, 'should tell a missing id and somebody else’s in one way', async ({ own, others }) => {
      const removed = await own.add('gone')
      await own.remove(removed)
      const missing = [await removing(own, removed), await removing(own, removed)] as const
      for (const { name, port } of others) {
        const theirs = await port.add(name)
        if ((await own.find(theirs)) !== undefined) continue // an id that is counted for each owner
        tellsNothing(await removing(own, theirs), missing, `removing from ${name}`)
      }
    }),
    caseWith(
      options,
      'should find and remove for each its own where all do at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        const ids = await Promise.all(all.map(({ name, port }) => port.add(name)))
        const find = (port: Port, _name: string, at: number) => port.find(ids[at] ?? '')
        await atOnce(all, find, 'found', (name) => name)
        await Promise.all(all.map(({ port }, at) => port.remove(ids[at] ?? '')))
        for (const [at, { name, port }] of all.entries())
          equal(await find(port, name, at), undefined, `left after all removed theirs, for ${name}`)
      },
      fewOf,
    ),
  ]
}

/** Adds something and removes it again. */
export async function probeMinted(port: MintedPort): Promise<void> {
  await port.remove(await port.add('probe'))
}

function removing(port: MintedPort, id: string): Promise<Outcome> {
  return outcomeOf(() => port.remove(id), id)
}
