import { deepEqual, equal } from 'node:assert/strict'
import { randomUUID } from 'node:crypto'

import { keyPatterns, keysAlike, longKeys, partsOfKeys } from './alike-keys.ts'
import { caseAmong, caseWith } from './contract.ts'
import type { ContractCase, ContractOptions } from './contract.ts'
import { fewOf, keyGluedOf, nobody } from './neighbours.ts'
import { outcomeOf, tellsNothing } from './outcome.ts'
import { atOnce } from './owner-cases.ts'

/** What keeps values under keys that its owner chooses. A key that is missing gives `undefined`, whoever else has it. */
export interface KeyedPort {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<unknown>
  /** removes it; of a key that is missing nothing happens, or it is refused in one and the same way, whoever else has it */
  delete(key: string): Promise<unknown>
  /** removes everything of this owner */
  clear(): Promise<unknown>
}

/** The cases of every store with keys. */
export function keyedCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [...aloneCases(options), ...sharedCases(options), ...removalCases(options), ...concurrentCases(options)]
}

/** Keeps something under a key and deletes it again. */
export async function probeKeyed(port: KeyedPort): Promise<void> {
  await port.set('format', 'probe')
  await port.delete('format')
}

function aloneCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(
      options,
      'should give back what was kept, and the last of it',
      async ({ own }) => {
        await own.set('format', 'PDF')
        equal(await own.get('format'), 'PDF')
        await own.set('format', 'slides')
        equal(await own.get('format'), 'slides')
        await own.delete('format')
        equal(await own.get('format'), undefined)
      },
      nobody,
    ),
    caseWith(
      options,
      'should keep keys apart that look alike',
      async ({ own }) => {
        const kept = await keepEach(own, keysAlike)
        for (const key of partsOfKeys) equal(await own.get(key), undefined, `${told(key)} is there and was never kept`)
        for (const pattern of keyPatterns) {
          await own.delete(pattern)
          kept.delete(pattern)
          equal(await own.get(pattern), undefined, `${told(pattern)} is there after it was deleted`)
          for (const key of kept)
            equal(await own.get(key), `value of ${key}`, `${told(key)} was deleted with ${told(pattern)}`)
        }
      },
      nobody,
    ),
    caseWith(
      options,
      'should keep long keys apart that differ at the end',
      async ({ own }) => void (await keepEach(own, longKeys)),
      nobody,
    ),
  ]
}

// Keeps a value under each key, and gives the keys that were not refused.
async function keepEach(own: KeyedPort, keys: readonly string[]): Promise<Set<string>> {
  const kept = new Set<string>()
  for (const key of keys) {
    if (!(await isTaken(own, key))) continue
    equal(await own.get(key), undefined, `${told(key)} is there before it was kept`)
    await own.set(key, `value of ${key}`)
    kept.add(key)
  }
  for (const key of kept)
    equal(await own.get(key), `value of ${key}`, `${told(key)} is lost, or holds the value of another key`)
  return kept
}

// An odd or long key may be refused, in reading or in writing: the value of another key is then given to nobody.
async function isTaken(own: KeyedPort, key: string): Promise<boolean> {
  if (/^[a-z-]{1,24}$/.test(key)) return true
  const before = await outcomeOf(() => own.get(key))
  if (!('returned' in before) || before.returned !== undefined) return 'returned' in before
  if (!('returned' in (await outcomeOf(() => own.set(key, `value of ${key}`))))) return false
  await own.delete(key)
  return true
}

function sharedCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(options, 'should give everybody their own under the same key', async ({ own, others }) => {
      await own.set('format', 'own')
      for (const { name, port } of others) await port.set('format', name)
      equal(await own.get('format'), 'own', 'overwritten by a look-alike')
      for (const { name, port } of others) equal(await port.get('format'), name, `read by ${name}`)
      // What is there already is changed in another way than what is new.
      await own.set('format', 'own again')
      for (const { name, port } of others) equal(await port.get('format'), name, `changed for ${name}`)
      for (const { name, port } of others) await port.set('format', `${name} again`)
      equal(await own.get('format'), 'own again', 'changed by a look-alike')
    }),
    caseWith(options, 'should find nothing under a key that only a look-alike has', async ({ own, others }) => {
      await own.set('only-mine', 'own')
      for (const { name, port } of others) equal(await port.get('only-mine'), undefined, `read by ${name}`)
      for (const [at, { port }] of others.entries()) await port.set(`only-theirs-${at}`, 'theirs')
      for (const [at, { name }] of others.entries())
        equal(await own.get(`only-theirs-${at}`), undefined, `read from ${name}`)
    }),
    caseAmong(options, 'should keep an owner and a key apart from those that are glued to the same', {
      circle: keyGluedOf,
      probe: probeKeyed,
      async work({ own, others }) {
        const keys = new Set<string>()
        for (const key of new Set(others.map(({ glued }) => glued))) if (await isTaken(own, key)) keys.add(key)
        for (const key of keys) await own.set(key, 'own')
        const taken = others.filter(({ glued }) => keys.has(glued))
        for (const { name, port } of taken) equal(await port.get('key'), undefined, `read by ${name}`)
        for (const { name, port } of taken) await port.set('key', name)
        for (const { name, glued } of taken) equal(await own.get(glued), 'own', `overwritten by ${name}`)
        for (const { port } of taken) await port.delete('key')
        for (const { name, glued } of taken) equal(await own.get(glued), 'own', `deleted by ${name}`)
      },
    }),
  ]
}

function removalCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(options, 'should delete for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.set('format', name)
      await outcomeOf(() => own.delete('format'))
      for (const { name, port } of others)
        equal(await port.get('format'), name, `deleted for ${name} by who had nothing`)
      await own.set('format', 'own')
      await own.delete('format')
      for (const { name, port } of others) equal(await port.get('format'), name, `deleted for ${name}`)
      equal(await own.get('format'), undefined, 'not deleted')
      await own.set('only-mine', 'own')
      for (const { port } of others) await outcomeOf(() => port.delete('only-mine'))
      equal(await own.get('only-mine'), 'own', 'deleted by a look-alike who had nothing')
    }),
    caseWith(
      options,
      'should tell a missing key and one that only a look-alike has in one way',
      async ({ own, others }) => {
        const key = `format-${randomUUID()}` // owners of another case have nothing under it either
        const missing = [await outcomeOf(() => own.delete(key)), await outcomeOf(() => own.delete(key))] as const
        for (const { name, port } of others) {
          await port.set(key, name)
          tellsNothing(await outcomeOf(() => own.delete(key)), missing, `deleting what ${name} has`)
        }
      },
      fewOf,
    ),
    caseWith(options, 'should clear for nobody else', async ({ own, others }) => {
      for (const { name, port } of others) await port.set('format', name)
      await own.clear()
      for (const { name, port } of others)
        equal(await port.get('format'), name, `cleared for ${name} by who had nothing`)
      await own.set('format', 'own')
      await own.clear()
      equal(await own.get('format'), undefined, 'not cleared')
      for (const { name, port } of others) equal(await port.get('format'), name, `cleared for ${name}`)
      await own.set('format', 'own')
      for (const { port } of others) await port.clear()
      equal(await own.get('format'), 'own', 'cleared by a look-alike')
      for (const { port } of others) await port.clear()
      equal(await own.get('format'), 'own', 'cleared by a look-alike who had nothing')
    }),
  ]
}

function concurrentCases<Port extends KeyedPort>(options: ContractOptions<Port>): readonly ContractCase[] {
  return [
    caseWith(options, 'should keep apart what everybody does at the same time', async ({ own, others }) => {
      const all = [{ name: 'own', port: own }, ...others]
      await Promise.all(all.map(({ name, port }) => port.set('format', name)))
      await atOnce(
        all,
        (port) => port.get('format'),
        'read',
        (name) => name,
      )
    }),
    caseWith(
      options,
      'should keep apart what is removed at the same time',
      async ({ own, others }) => {
        const all = [{ name: 'own', port: own }, ...others]
        for (const remove of [(port: Port) => port.delete('format'), (port: Port) => port.clear()]) {
          for (const { name, port } of all) await port.set('format', name)
          await Promise.all(all.map(({ port }) => remove(port)))
          const left: (string | undefined)[] = []
          for (const { port } of all) left.push(await port.get('format'))
          deepEqual(
            left,
            all.map(() => undefined),
            `left after all removed theirs: ${told(left)}`,
          )
        }
      },
      fewOf,
    ),
  ]
}

// As JSON, so that blanks and separators are seen.
function told(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 40)}… of ${text.length - 2} characters` : text
}
