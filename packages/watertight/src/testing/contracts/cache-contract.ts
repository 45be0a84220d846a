import { equal, notEqual } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { keyedCases, probeKeyed } from './keyed-cases.ts'
import type { KeyedPort } from './keyed-cases.ts'
import { outcomeOf } from './outcome.ts'
import { atOnce, ownerCases } from './owner-cases.ts'

/** A cache, as a contract sees it. */
export interface CachePort extends KeyedPort {
  /** gives what is kept, or computes it once for all who ask at the same time; left out by a cache that does not */
  load?(key: string, compute: () => Promise<string>): Promise<string>
}

/** The promises of a cache that keeps owners apart. */
export function cacheContract(options: ContractOptions<CachePort>): readonly ContractCase[] {
  return [
    ...keyedCases(options),
    ...ownerCases(options, {
      keep: (port, name) => port.set('format', name),
      read: async (port) => [await port.get('format')],
      probe: probeKeyed,
    }),
    caseWith(
      options,
      'should give nobody what is computed for a look-alike at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        await atOnce(all, (port, name) => loadFrom(port, 'answer', slowly(name)), 'loaded', itself)
        await atOnce(all, (port) => port.get('answer'), 'kept', itself)
      },
    ),
    caseWith(options, 'should compute what only a look-alike has', async ({ own, others }) => {
      for (const { name, port } of others) await port.set('answer', name)
      equal(await loadFrom(own, 'answer', slowly('own')), 'own', 'loaded from a look-alike')
      await own.set('only-mine', 'own')
      for (const { name, port } of others)
        equal(await loadFrom(port, 'only-mine', slowly(name)), name, `loaded by ${name}`)
    }),
    // A value that is kept for when computing fails is somebody's too.
    caseWith(options, 'should give nobody what a look-alike has where computing fails', async ({ own, others }) => {
      const fail = () => Promise.reject(new Error('The model is away.'))
      for (const { name, port } of others) await loadFrom(port, 'answer', slowly(name))
      const outcome = await outcomeOf(() => loadFrom(own, 'answer', fail))
      for (const { name } of others)
        notEqual('returned' in outcome ? outcome.returned : undefined, name, `loaded from ${name}`)
      await loadFrom(own, 'only-mine', slowly('own'))
      for (const { name, port } of others) {
        const theirs = await outcomeOf(() => loadFrom(port, 'only-mine', fail))
        notEqual('returned' in theirs ? theirs.returned : undefined, 'own', `loaded by ${name}`)
      }
    }),
  ]
}

function itself(name: string): string {
  return name
}

// The others ask before this is done.
function slowly(value: string): () => Promise<string> {
  return async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return value
  }
}

async function loadFrom(port: CachePort, key: string, compute: () => Promise<string>): Promise<string> {
  if (port.load !== undefined) return port.load(key, compute)
  const value = (await port.get(key)) ?? (await compute())
  await port.set(key, value)
  return value
}
