import { deepEqual, equal } from 'node:assert/strict'

import { settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import { isSame } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { partsOf, requireWhole } from './absent.ts'

/** What an agent keeps about somebody, by key. */
export interface Memory {
  put(caller: Scope, key: string, text: string): Promise<void>
  get(caller: Scope, key: string): Promise<string | undefined>
  delete(caller: Scope, key: string): Promise<void>
  list(caller: Scope): Promise<readonly string[]>
  /** the second way to the same texts: those that hold a word */
  recall(caller: Scope, word: string): Promise<readonly string[]>
}

/** A row of a memory, as a table would keep it. */
export interface MemoryRow {
  readonly owner: Scope
  readonly key: string
  readonly text: string
}

/** Memory as it should be kept. A leaky version puts one thing of it as its incident had it. */
export class CarefulMemory implements Memory {
  protected rows: readonly MemoryRow[] = []

  async put(caller: Scope, key: string, text: string): Promise<void> {
    await this.delete(caller, key)
    this.rows = [...this.rows, { owner: caller, key, text }]
  }

  async get(caller: Scope, key: string): Promise<string | undefined> {
    return this.within(caller).find((row) => row.key === key)?.text
  }

  async delete(caller: Scope, key: string): Promise<void> {
    const gone = this.within(caller).filter((row) => row.key === key)
    this.rows = this.rows.filter((row) => !gone.includes(row))
  }

  async list(caller: Scope): Promise<readonly string[]> {
    return this.within(caller).map(({ text }) => text)
  }

  async recall(caller: Scope, word: string): Promise<readonly string[]> {
    return (await this.list(caller)).filter((text) => text.includes(word))
  }

  /** every read and every write goes through here */
  protected within(caller: Scope): readonly MemoryRow[] {
    const owner = requireWhole(caller)
    return this.rows.filter((row) => isSame(row.owner, owner))
  }
}

const key = 'callback_phrase'

export const memoryKind: Kind<Memory> = {
  name: 'memory',
  store: 'memory',

  async contract(memory, owner) {
    await memory.put(owner, 'language', 'English')
    await memory.put(owner, 'language', 'Welsh')
    await memory.put(owner, 'report-format', 'slides')
    equal(await memory.get(owner, 'language'), 'Welsh')
    equal(await memory.get(owner, 'currency'), undefined)
    deepEqual([...(await memory.list(owner))].toSorted(), ['Welsh', 'slides'])
    deepEqual(await memory.recall(owner, 'slides'), ['slides'])
    await memory.delete(owner, 'language')
    equal(await memory.get(owner, 'language'), undefined)
    deepEqual(await memory.list(owner), ['slides'])
  },

  async seed(memory, owner, secret) {
    await memory.put(owner, key, `Ask for the phrase ${secret}`)
    return key
  },

  own: (memory, owner) => memory.get(owner, key),

  attempts: {
    'get the same key': ({ component, caller }) => component.get(caller, key),
    list: ({ component, caller }) => component.list(caller),
    'recall a word': ({ component, caller }) => component.recall(caller, 'phrase'),
    'list with a part of the caller missing': ({ component, caller }) =>
      settleAll(...partsOf(caller).map((part) => () => component.list(part))),
    'get with a part of the caller missing': ({ component, caller }) =>
      settleAll(...partsOf(caller).map((part) => () => component.get(part, key))),
    'recall with a part of the caller missing': ({ component, caller }) =>
      settleAll(...partsOf(caller).map((part) => () => component.recall(part, 'phrase'))),
    'get a key that spells their path': ({ component, caller, other }) =>
      settleAll(
        ...[':', '/', '.', '|', '/../'].flatMap((mark) =>
          [other.userId, other.workspaceId, other.tenantId].map(
            (id) => () => component.get(caller, `${id}${mark}${key}`),
          ),
        ),
      ),
    'delete the same key and put it back': ({ component, caller, says }) =>
      settleAll(
        () => component.delete(caller, key),
        () => component.put(caller, key, `Ask for the phrase ${says.caller}`),
      ),
  },
}
