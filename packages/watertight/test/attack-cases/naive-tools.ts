import { compareCarelessly } from '../../src/testing/index.ts'
import type { AttackRun } from './stage.ts'

interface NaiveRow {
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
}

/** Compares two keys in any way but the exact one. */
export function matches(left: string, right: unknown): boolean {
  return left === right || (typeof right === 'string' && compareCarelessly(left, right).length > 0)
}

/** Tools that take ids as they come, and answer with what lies under them. The log keeps what they were asked. */
export function naiveTools(rows: NaiveRows, owner: string): AttackRun['tools'] {
  return {
    list: async () => [{ name: 'export_tenant', examples: rows.tickets }],
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

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
