import { deepEqual, equal } from 'node:assert/strict'

import { caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'

/** What keeps values under keys that its owner chooses. A key that is missing gives `undefined`, whoever else has it. */
export interface KeyedPort {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<unknown>
  delete(key: string): Promise<unknown>
  /** removes everything of this owner */
  clear(): Promise<unknown>
}

/** Keys that are one to a store which folds, cuts, trims or normalises them, or takes them for a pattern. */
const keysAlike = [
  'preferred-format',
  'PREFERRED-FORMAT',
  'preferred-format ',
  'preferred-format-of-reports',
  'preferred-format-of-letters',
  'preferred_format',
  'preferred%',
  'preferred*',
  'pr\u00e9f\u00e9r\u00e9',
  'pre\u0301fe\u0301re\u0301',
  'a/b',
  'a%2Fb',
  '../a',
  '__proto__',
  'constructor',
]

/** The cases of every store with keys. */
export function keyedCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(options, 'should give back what was kept, and the last of it', async ({ own }) => {
      await own.set('format', 'PDF')
      equal(await own.get('format'), 'PDF')
      await own.set('format', 'slides')
      equal(await own.get('format'), 'slides')
      await own.delete('format')
      equal(await own.get('format'), undefined)
    }),
    caseWith(options, 'should keep keys apart that look alike', async ({ own }) => {
      for (const key of keysAlike) {
        equal(await own.get(key), undefined, `${JSON.stringify(key)} is there before it was kept`)
        await own.set(key, `value of ${key}`)
      }
      for (const key of keysAlike) equal(await own.get(key), `value of ${key}`)
      await own.delete('preferred-format')
      for (const key of keysAlike.slice(1))
        equal(await own.get(key), `value of ${key}`, `${JSON.stringify(key)} was deleted too`)
    }),
    caseWith(options, 'should give everybody their own under the same key', async ({ own, others }) => {
      await own.set('format', 'own')
      for (const { name, port } of others) await port.set('format', name)
      equal(await own.get('format'), 'own')
      for (const { name, port } of others) equal(await port.get('format'), name)
    }),
    caseWith(options, 'should find nothing under a key that only a look-alike has', async ({ own, others }) => {
      await own.set('only-mine', 'own')
      for (const { name, port } of others) equal(await port.get('only-mine'), undefined, `read by ${name}`)
      for (const [at, { port }] of others.entries()) await port.set(`only-theirs-${at}`, 'theirs')
      for (const [at, { name }] of others.entries())
        equal(await own.get(`only-theirs-${at}`), undefined, `read from ${name}`)
    }),
    caseWith(options, 'should delete for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.set('format', name)
      await own.set('format', 'own')
      await own.delete('format')
      for (const { name, port } of others) equal(await port.get('format'), name, `deleted for ${name}`)
      equal(await own.get('format'), undefined)
    }),
    caseWith(options, 'should clear for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.set('format', name)
      await own.set('format', 'own')
      await own.clear()
      equal(await own.get('format'), undefined)
      for (const { name, port } of others) equal(await port.get('format'), name, `cleared for ${name}`)
      await own.set('format', 'own')
      for (const { port } of others) await port.clear()
      equal(await own.get('format'), 'own', 'cleared by a look-alike')
    }),
    caseWith(options, 'should keep apart what everybody does at the same time', async ({ own, others }) => {
      const all = [{ name: 'own', port: own }, ...others]
      await Promise.all(all.map(({ name, port }) => port.set('format', name)))
      const read = await Promise.all(all.map(({ port }) => port.get('format')))
      deepEqual(
        read,
        all.map(({ name }) => name),
      )
    }),
  ]
}
