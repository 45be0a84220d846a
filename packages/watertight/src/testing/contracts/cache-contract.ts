import { deepEqual } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { keyedCases } from './keyed-cases.ts'
import type { KeyedPort } from './keyed-cases.ts'

/** A cache, as a contract sees it. */
export interface CachePort extends KeyedPort {
  /** gives what is kept, or computes it once for all who ask at the same time; left out by a cache that does not */
  load?(key: string, compute: () => Promise<string>): Promise<string>
}

/** The promises of a cache that keeps owners apart. */
export function cacheContract(options: ContractOptions<CachePort>): readonly ContractCase[] {
  return [
    ...keyedCases(options),
    caseWith(
      options,
      'should give nobody what is computed for a look-alike at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        const loaded = await Promise.all(
          all.map(({ name, port }) =>
            loadFrom(port, 'answer', async () => {
              await new Promise((resolve) => setImmediate(resolve)) // the others ask before this is done
              return name
            }),
          ),
        )
        deepEqual(
          loaded,
          all.map(({ name }) => name),
        )
        const kept = await Promise.all(all.map(({ port }) => port.get('answer')))
        deepEqual(
          kept,
          all.map(({ name }) => name),
        )
      },
    ),
  ]
}

async function loadFrom(port: CachePort, key: string, compute: () => Promise<string>): Promise<string> {
  if (port.load !== undefined) return port.load(key, compute)
  const value = (await port.get(key)) ?? (await compute())
  await port.set(key, value)
  return value
}
