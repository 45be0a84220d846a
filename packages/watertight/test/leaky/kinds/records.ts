import { ok, rejects } from 'node:assert/strict'

import { NotFound } from '../../../src/index.ts'
import { settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import { isSame } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { partsOf, requireWhole } from './absent.ts'

/** What a client sends of a record. Its id and its owner are not the client's to say. */
export interface Fields {
  readonly text: string
  readonly id?: string
  readonly owner?: Owner
}

/** Records that are named by an id: tickets, conversations, scheduled jobs, files, flows. */
export interface Records {
  /** every way that leads from an id to the record */
  readonly doors: readonly string[]
  add(caller: Scope, fields: Fields): Promise<string>
  reach(caller: Scope, door: string, id: string): Promise<unknown>
  change(caller: Scope, id: string, fields: Fields): Promise<void>
  remove(caller: Scope, id: string): Promise<void>
  /** the records that hold the first word or the second */
  list(caller: Scope, words?: readonly [string, string]): Promise<readonly unknown[]>
  /** lets somebody read one record, and no more */
  share?(owner: Owner, id: string, reader: Owner): Promise<void>
}

export interface Row {
  readonly id: string
  readonly owner: Owner | undefined
  readonly text: string
  readonly readers: readonly Owner[]
}

/** Records as they should be kept. A leaky version puts one thing of it as its incident had it. */
export class CarefulRecords implements Records {
  readonly doors: readonly string[] = ['read']
  protected readonly rows = new Map<string, Row>()
  #made = 0

  async add(caller: Scope, fields: Fields): Promise<string> {
    const owner = requireWhole(caller)
    const id = this.newId()
    this.rows.set(id, { id, owner, text: fields.text, readers: [] })
    return id
  }

  async reach(caller: Scope, _door: string, id: string): Promise<unknown> {
    return this.requireOwn(caller, id).text
  }

  async change(caller: Scope, id: string, fields: Fields): Promise<void> {
    this.rows.set(id, { ...this.requireOwn(caller, id), text: fields.text })
  }

  async remove(caller: Scope, id: string): Promise<void> {
    this.rows.delete(this.requireOwn(caller, id).id)
  }

  async list(caller: Scope, words?: readonly [string, string]): Promise<readonly unknown[]> {
    const owner = requireWhole(caller)
    return [...this.rows.values()]
      .filter((row) => this.isOf(row, owner) && (words === undefined || words.some((word) => row.text.includes(word))))
      .map(({ text }) => text)
  }

  protected newId(): string {
    this.#made++
    return `T-${2000 + this.#made}`
  }

  protected isOf(row: Row, caller: Scope): boolean {
    return row.owner !== undefined && isSame(row.owner, caller)
  }

  protected requireOwn(caller: Scope, id: string): Row {
    const row = this.requireAny(id)
    if (!this.isOf(row, caller)) throw new NotFound()
    return row
  }

  protected requireAny(id: string): Row {
    const row = this.rows.get(id)
    if (row === undefined) throw new NotFound()
    return row
  }
}

export const recordsKind: Kind<Records> = {
  name: 'records',
  store: 'tickets',

  async contract(records, owner) {
    const id = await records.add(owner, { text: 'Export is empty' })
    for (const door of records.doors)
      ok(JSON.stringify(await records.reach(owner, door, id)).includes('Export is empty'), door)
    await records.change(owner, id, { text: 'Export has a header' })
    ok(JSON.stringify(await records.list(owner)).includes('Export has a header'))
    ok((await records.list(owner, ['header', 'nothing'])).length === 1)
    ok((await records.list(owner, ['nothing', 'neither'])).length === 0)
    await records.share?.(owner, id, owner)
    await records.remove(owner, id)
    ok(!JSON.stringify(await records.list(owner)).includes('Export'))
    for (const door of records.doors) await rejects(records.reach(owner, door, id))
  },

  seed: (records, owner, secret) => records.add(owner, { text: `The reference of this case is ${secret}.` }),

  own: (records, owner, id) =>
    settleAll(
      () => records.reach(owner, 'read', id),
      () => records.list(owner),
    ),

  attempts: {
    list: ({ component, caller }) => component.list(caller),
    'reach their id by every door': ({ component, caller, theirs }) =>
      settleAll(...component.doors.map((door) => () => component.reach(caller, door, theirs))),
    'change their id': ({ component, caller, theirs }) => component.change(caller, theirs, { text: 'Overwritten.' }),
    'remove their id': ({ component, caller, theirs }) => component.remove(caller, theirs),
    'create under their id': ({ component, caller, theirs }) =>
      component.add(caller, { id: theirs, text: 'A new case.' }),
    'create as theirs': ({ component, caller, other, says }) =>
      component.add(caller, { owner: other, text: `Planted, with ${says.caller}.` }),
    'change the owner': ({ component, caller, other, mine, says }) =>
      component.change(caller, mine, { owner: other, text: `Handed over, with ${says.caller}.` }),
    'list by either of two words': ({ component, caller }) => component.list(caller, ['nothing', 'reference']),
    'list with a part of the caller missing': ({ component, caller }) =>
      settleAll(...partsOf(caller).map((part) => () => component.list(part))),
    'remove what was shared for reading': async ({ component, caller, other, theirs }) => {
      await component.share?.(other, theirs, caller)
      await component.remove(caller, theirs)
    },
  },
}
