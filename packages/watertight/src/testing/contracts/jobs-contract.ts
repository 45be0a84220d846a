import { deepEqual, equal } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { mintedCases, probeMinted } from './minted-cases.ts'
import type { MintedPort } from './minted-cases.ts'
import { nobody } from './neighbours.ts'
import { atOnce, ownerCases } from './owner-cases.ts'

/** A queue of jobs, as a contract sees it: `add` queues one, `find` gives what is waiting, `remove` cancels it. */
export interface JobsPort extends MintedPort {
  /** takes the next job of this owner, and `undefined` where none is waiting */
  take(): Promise<{ readonly id: string; readonly text: string } | undefined>
}

/** The promises of a queue that keeps owners apart. */
export function jobsContract(options: ContractOptions<JobsPort>): readonly ContractCase[] {
  return [
    ...mintedCases(options),
    ...ownerCases(options, {
      keep: (port, name) => port.add(name),
      read: async (port) => [(await port.take())?.text],
      probe: probeMinted,
    }),
    caseWith(
      options,
      'should take a job once',
      async ({ own }) => {
        const id = await own.add('one')
        deepEqual(await Promise.all([own.take(), own.take()]).then(sorted), [{ id, text: 'one' }, undefined])
      },
      nobody,
    ),
    caseWith(options, 'should let a worker take the jobs of its owner alone', async ({ own, others }) => {
      for (const { name, port } of others) await port.add(name)
      equal(await own.take(), undefined, 'a job was taken where none was queued')
      await own.add('own')
      // Not in the order in which they came: what is taken from one queue in that order would be everybody's own.
      for (const { name, port } of others.toReversed()) equal((await port.take())?.text, name, `taken by ${name}`)
      for (const { name, port } of others) equal(await port.take(), undefined, `taken once more by ${name}`)
      equal((await own.take())?.text, 'own', 'taken by own')
    }),
    caseWith(options, 'should give everybody their own where all take at the same time', async ({ own, others }) => {
      const all = [{ name: 'own', port: own }, ...others]
      await Promise.all(all.map(({ name, port }) => port.add(name)))
      await atOnce(
        all,
        async (port) => (await port.take())?.text,
        'taken',
        (name) => name,
      )
    }),
  ]
}

function sorted<Job>(jobs: readonly (Job | undefined)[]): readonly (Job | undefined)[] {
  return jobs.toSorted((one, other) => Number(one === undefined) - Number(other === undefined))
}
