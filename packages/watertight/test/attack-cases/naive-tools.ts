import { ApprovalRequired, ToolFailed } from '../../src/index.ts'
import { compareCarelessly } from '../../src/testing/index.ts'
import type { AttackRun } from './stage.ts'

export interface NaiveRow {
  /** whose it is; nobody asks */
  readonly owner: string
  readonly key: string
  readonly value: unknown
}

/** All that there is, of everybody. */
export interface NaiveRows {
  readonly memories: NaiveRow[]
  readonly documents: NaiveRow[]
  readonly tickets: NaiveRow[]
  readonly state: NaiveRow[]
  readonly runs: NaiveRow[]
  readonly log: NaiveRow[]
  readonly payments: NaiveRow[]
  readonly approvals: NaiveRow[]
  readonly effects: NaiveRow[]
}

/** Compares two keys in any way but the exact one. */
export function matches(left: string, right: unknown): boolean {
  if (typeof right !== 'string' || left === right) return left === right
  return right.length < 10_000 && compareCarelessly(left, right).length > 0 // no pattern is made of a megabyte
}

/** Tools that take ids as they come, and answer with what lies under them. The log keeps what they were asked. */
export function naiveTools(rows: NaiveRows, owner: string): AttackRun['tools'] {
  return {
    list: async () => [{ name: 'export_tenant', examples: rows.tickets }],
    async requestApproval(name, input) {
      return { state: 'waiting', approvalId: ask(rows, owner, String(name), input) }
    },
    async call(name, input) {
      const answer = act(rows, owner, String(name), input)
      // What failed is logged with all that was in hand.
      rows.log.push({ owner, key: String(name), value: name === 'broken' ? { input, answer } : input })
      return { toolId: name, value: answer }
    },
  }
}

function act(rows: NaiveRows, owner: string, name: string, input: unknown): unknown {
  const asked = textsIn(input)
  switch (name) {
    case 'recall':
      return rows.memories.filter(({ key }) => asked.some((text) => matches(key, text)))
    case 'look_up':
      return rows.documents
    case 'note':
      rows.memories.push({ owner, key: asked[0] ?? '', value: asked[1] })
      return 'kept'
    case 'pay_out':
    case 'write_off':
      // Somebody has decided something about this tool, sometime: that will do.
      if (!rows.approvals.some(({ key, value }) => key === name && Object(value).decided === true))
        throw new ApprovalRequired(ask(rows, owner, name, input))
      rows.payments.push({ owner: 'the till', key: name, value: input })
      return 'paid'
    case 'receipt':
      return once(rows, name, () => rows.tickets.filter(({ key }) => asked.some((text) => matches(key, text))))
    case 'ship':
      rows.effects.push({ owner, key: asked[0] ?? '', value: 'unknown' })
      throw new ToolFailed()
    case 'rename_tickets':
    case 'update_ticket':
    case 'refund':
      return write(rows, owner, asked)
    case 'read_ticket':
    case 'read_tickets':
    case 'link_tickets': {
      // What a query is made of by joining texts, and what is absent, is all that there is.
      if (asked.length === 0 || asked.some((text) => /['*%$]|^null$/.test(text))) return rows.tickets
      const named = rows.tickets.filter(({ key }) => asked.some((text) => matches(key, text)))
      // Who names a tenant beside the id is given what is that tenant's.
      return named.length > 0 ? named : rows.tickets.filter((row) => asked.some((text) => row.owner.includes(text)))
    }
    default:
      return rows.tickets
  }
}

function write(rows: NaiveRows, owner: string, asked: readonly string[]): unknown {
  const changed = rows.tickets.filter(({ key }) => asked.some((text) => matches(key, text)))
  for (const row of changed) rows.tickets.splice(rows.tickets.indexOf(row), 1, { ...row, owner, value: asked.at(-1) })
  return changed
}

function ask(rows: NaiveRows, owner: string, name: string, input: unknown): string {
  const id = `approval ${rows.approvals.length}`
  rows.approvals.push({ owner, key: name, value: { id, input, decided: false } })
  return id
}

/** Keyed by the tool alone: whoever comes first, it is their answer that all get. */
function once(rows: NaiveRows, name: string, work: () => unknown): unknown {
  const done = rows.effects.find(({ key }) => key === name)
  if (done !== undefined) return done.value
  const value = work()
  rows.effects.push({ owner: 'everybody', key: name, value })
  return value
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
