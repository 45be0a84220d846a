import { randomUUID } from 'node:crypto'

import { NotFound } from '../../../src/index.ts'
import type { Connector } from '../kinds/connector.ts'
import type { Exchange } from '../kinds/exchange.ts'
import type { Records } from '../kinds/records.ts'
import type { Owner } from '../owners.ts'
import type { House } from './house.ts'
import { keepTask } from './ticket-tools.ts'

/** The app's own table, reached by tools. Tickets belong to a workspace: its users see the same ones. */
export function createOurTickets(house: House): Records {
  const doors = new Map<string, (id: string) => readonly [tool: string, input: object]>([
    ['read', (ticketId) => ['read_ticket', { ticketId }]],
    ['export', (ticketId) => ['export_ticket', { ticketId }]],
    ['message', (id) => ['send_message', { text: 'Sum this up.', files: [{ id }] }]],
    ['post', (ticketId) => ['post_reply', { ticketId }]],
  ])
  return {
    doors: [...doors.keys(), 'statement'],
    async add(caller, fields) {
      const id = fields.id ?? randomUUID()
      await house.call(caller, 'create_ticket', { ...fields, id })
      return id
    },
    async reach(caller, door, id) {
      const [tool, input] = doors.get(door)?.(id) ?? []
      if (tool !== undefined && input !== undefined) return await house.call(caller, tool, input)
      return await readByStatement(house, caller, id)
    },
    change: async (caller, id, fields) =>
      void (await house.call(caller, 'change_ticket', { ...withoutId(fields), ticketId: id })),
    remove: async (caller, id) => void (await house.call(caller, 'delete_ticket', { ticketId: id })),
    list: async (caller, [one, other] = ['', '']) =>
      (await house.call(caller, 'list_tickets', { one, other })) as readonly unknown[],
  }
}

function withoutId<Fields extends { readonly id?: string }>({ id: _id, ...rest }: Fields): Omit<Fields, 'id'> {
  return rest
}

// The app's own code, which has forgotten that there are tenants too.
async function readByStatement(house: House, caller: Parameters<House['at']>[0], id: string): Promise<unknown> {
  const desk = await house.at(caller)
  const { rows } = await desk.transact((transaction) =>
    transaction.query('select text from desk.ticket where id = $1', [id]),
  )
  if (rows.length === 0) throw new NotFound()
  return rows
}

/** Questions and answers over the one connection of the store. */
export function createOurConnection(house: House): Exchange {
  const read = async (caller: Owner) => textIn(await house.call(caller, 'read_ticket', { ticketId: 'kept' }))
  return {
    keep: async (owner, text) => void (await house.call(owner, 'create_ticket', { id: 'kept', text })),
    async ask(caller, { cancel = false, fail = false } = {}) {
      if (fail) await breakOff(house, caller)
      if (!cancel) return await read(caller)
      // Whoever asked is gone; what becomes of the answer is nobody's business any more.
      read(caller).catch(() => undefined)
      return undefined
    },
  }
}

// A tool's author sets something on the session, reads, and fails before it is set back.
async function breakOff(house: House, caller: Owner): Promise<void> {
  await (
    await house.at(caller)
  ).transact(async (transaction) => {
    await transaction.query("select set_config('app.tenant', $1, false)", [caller.tenantId])
    await transaction.query('select * from desk.ticket', [])
    throw new RangeError('The statement broke off.')
  })
}

/** A service outside whose login sees everybody's: its newest row is somebody else's as often as not. */
export function createOurService(house: House): Exchange {
  return {
    keep: async (owner, text) => {
      await house.at(owner)
      keepTask(owner, text)
    },
    // The careless tool first: it answers where the newest task is the caller's, and what it lets out is seen.
    ask: async (caller) =>
      textIn(
        await house.call(caller, 'find_task', {}).catch(async (error: unknown) => {
          if (!(error instanceof NotFound)) throw error
          return await house.call(caller, 'find_own_task', {})
        }),
      ),
  }
}

function textIn(rows: unknown): string | undefined {
  const [row]: readonly unknown[] = Array.isArray(rows) ? rows : [rows]
  if (typeof row !== 'object' || row === null || !('text' in row)) return undefined
  return typeof row.text === 'string' ? row.text : undefined
}

/** The login of the app, which an injected ticket makes read all that it can. */
export function createOurLogin(house: House): Connector {
  return {
    async connect(owner, account) {
      await house.call(owner, 'create_ticket', { id: 'integration-token', text: account })
      return 'integration-token'
    },
    async call(caller, { path }) {
      const desk = await house.at(caller)
      const statement = `select * from desk.ticket ${path === 'mine' ? "where id = 'integration-token'" : ''}`
      return (await desk.transact((transaction) => transaction.query(statement, []))).rows
    },
    received: () => [],
  }
}
