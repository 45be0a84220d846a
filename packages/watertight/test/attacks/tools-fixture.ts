import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import pg from 'pg'
import { describe } from 'vitest'

import { Keyring } from '../../src/boundary/index.ts'
import { openWatertight, Refusal, session } from '../../src/index.ts'
import type { Compartment, LoggedEvent, Policy, Run, Watertight } from '../../src/index.ts'
import { migrateDatabase, protectTable } from '../../src/migrate/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { fromTable, tools } from '../../src/surfaces/tools/index.ts'
import type { Tool, ToolsOptions } from '../../src/surfaces/tools/index.ts'
import { openTestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'

/** A member in a workspace of a tenant. */
export interface Person {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly role?: string
}

export const alice = { tenantId: 'acme', workspaceId: 'support', userId: 'alice' } as const
export const otherTenant = { tenantId: 'acme-eu', workspaceId: 'support', userId: 'alice' } as const
export const otherWorkspace = { tenantId: 'acme', workspaceId: 'support2', userId: 'alice' } as const
export const otherUser = { tenantId: 'acme', workspaceId: 'support', userId: 'alice2' } as const
const everybody: readonly Person[] = [alice, otherTenant, otherWorkspace, otherUser]

/** Who is kept apart, in each pair. */
export const twins = [
  { apart: 'two tenants', other: otherTenant },
  { apart: 'two workspaces of one tenant', other: otherWorkspace },
] as const

/** The tickets of each place: one id that all have, and one that is theirs alone. */
export const sharedId = 'T-1'
export const ownIdOf = ({ tenantId, workspaceId }: Person) => `T-${tenantId}-${workspaceId}`
export const canaryOf = ({ tenantId, workspaceId }: Person) => `canary:${tenantId}/${workspaceId}`

/** Ids that look like one that exists, and are none. */
export const lookAlikesOf = (id: string): readonly string[] => [
  id.toLowerCase(),
  `${id} `,
  ` ${id}`,
  `${id}.`,
  `${id}\u200b`,
  id.slice(0, -1),
  `${id}0`,
  id.replace('-', '%2D'),
  id.replace('-', '\u2011'),
  `acme/${id}`,
  `../${id}`,
  '%',
  '*',
  "' or '1'='1",
]

export const composed = 'T-caf\u00e9'
export const decomposed = 'T-cafe\u0301'

const memories = memory()
type Registered = readonly [typeof memories, ReturnType<typeof tools>]
export type Desk = Compartment<Registered>
export type DeskRun = Run<Registered>
export type Session = Watertight<Parameters<ReturnType<typeof session>['verify']>[0], Registered>

/** A desk with tickets of its own, under row security, on one engine. */
export interface ToolHouse extends AsyncDisposable {
  readonly watertight: Session
  readonly memories: typeof memories
  readonly tools: ReturnType<typeof tools>
  within(person: Person): Promise<Desk>
  start(person: Person): Promise<DeskRun>
  /** every ticket of a place, as its own people see them */
  tickets(person: Person): Promise<readonly Ticket[]>
}

export interface Ticket {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly id: string
  readonly title: string
  readonly status: string
}

/** The owner of a ticket, as `owner` of a tool takes it. */
export const ownerOf = (ticket: Ticket) => ({ tenantId: ticket.tenant_id, workspaceId: ticket.workspace_id })

const table = `create schema desk;
grant usage on schema desk to :"app";
create table desk.ticket (
  tenant_id text collate "C",
  workspace_id text collate "C",
  id text collate "C",
  title text not null,
  status text not null default 'open',
  primary key (tenant_id, workspace_id, id)
);
`

/** Declares the same tests for PGlite and, where there is a server, for Postgres as the plain application login. */
export function onEachDesk(
  declare: (open: (list: readonly Tool[], options?: ToolsOptions, policy?: Policy) => Promise<ToolHouse>) => void,
): void {
  describe('pglite', () => declare((...house) => openDesk(undefined, ...house)))
  whenReachable('postgres', (adminUrl) => declare((...house) => openDesk(adminUrl, ...house)))
}

/** @param adminUrl a server's superuser; embedded without it */
export async function openDesk(
  adminUrl: string | undefined,
  list: readonly Tool[],
  options: ToolsOptions = {},
  policy?: Policy,
): Promise<ToolHouse> {
  const applicationMigrations = mkdtempSync(join(tmpdir(), 'watertight-tools-'))
  writeFileSync(join(applicationMigrations, '0001-desk.sql'), table + protectTable({ table: 'desk.ticket' }))
  const place = await prepare(adminUrl, applicationMigrations)
  const registered = tools(list, { resolve: { ticket: fromTable('desk.ticket') }, ...options })
  const watertight: Session = await openWatertight({
    ...place.store,
    identity: session(),
    surfaces: [memories, registered],
    ...(policy && { policy }),
  })
  const house = furnish(watertight, registered, async () => {
    await watertight.close()
    await place.drop()
    rmSync(applicationMigrations, { recursive: true, force: true })
  })
  const allowedToolIds = list.map((tool) => tool.name).filter((name) => name !== 'forbidden')
  for (const person of everybody) await provision(watertight, person, allowedToolIds)
  for (const person of [alice, otherTenant, otherWorkspace]) await addTickets(house, person)
  return house
}

async function prepare(adminUrl: string | undefined, applicationMigrations: string) {
  if (adminUrl === undefined)
    return { store: { database: 'memory://', applicationMigrations }, drop: async () => undefined }
  const database = await openTestDatabase({ adminUrl })
  const keys = Keyring.generate()
  await migrateDatabase({ database: database.ownerUrl, appRole: database.appRole, keys, applicationMigrations })
  return { store: { database: database.appUrl, keys }, drop: () => database.drop() }
}

export async function provision(
  { directory }: Session,
  { role = 'owner', ...person }: Person,
  allowedToolIds: readonly string[],
): Promise<void> {
  await directory.putTenant({ tenantId: person.tenantId, plan: 'pro', region: 'eu' })
  await directory.putWorkspace(person)
  await directory.putMember({ ...person, role, allowedToolIds, allowedDatasourceIds: [] })
}

function furnish(watertight: Session, registered: ReturnType<typeof tools>, close: () => Promise<void>): ToolHouse {
  const within = async ({ tenantId, workspaceId, userId }: Person) =>
    watertight.within(await watertight.boundary(await watertight.identify({ tenantId, userId }), { workspaceId }))
  return {
    watertight,
    memories,
    tools: registered,
    within,
    start: async (person) => (await within(person)).startRun({ agent: 'desk', promptVersion: '1' }),
    async tickets(person) {
      const { rows } = await (
        await within(person)
      ).transact((transaction) => transaction.query('select * from desk.ticket order by id'))
      return rows as unknown as readonly Ticket[]
    },
    [Symbol.asyncDispose]: close,
  }
}

async function addTickets(house: ToolHouse, person: Person): Promise<void> {
  await (
    await house.within(person)
  ).transact(async (transaction) => {
    for (const id of [sharedId, ownIdOf(person), ...(person === alice ? [composed] : [])])
      await transaction.query('insert into desk.ticket (id, title) values ($1, $2)', [id, canaryOf(person)])
  })
}

/** What an attempt came to: the whole of a refusal, or the value. */
export async function outcomeOf(attempt: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await attempt }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { refused: JSON.stringify(error), message: error.message, own: Object.entries(error) }
  }
}

/** The statements that the driver sends while work runs, as their texts. */
export async function statementsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const sent: string[] = []
  const prototype: { query: unknown } = pg.Client.prototype
  const { query } = pg.Client.prototype
  prototype.query = function spied(this: pg.Client, ...given: unknown[]): unknown {
    const [first] = given
    sent.push(typeof first === 'object' && first !== null && 'text' in first ? String(first.text) : String(first))
    return Reflect.apply(query, this, given)
  }
  try {
    await work()
    return sent
  } finally {
    prototype.query = query
  }
}

/** The events of a run that the tools surface left, without what differs from event to event. */
export async function toolEventsOf(desk: Desk, runId: string): Promise<readonly Partial<LoggedEvent>[]> {
  const events = await eventsOf(desk, runId)
  return events.filter((event) => event.surface === 'tools')
}

async function eventsOf(desk: Desk, runId: string): Promise<readonly Partial<LoggedEvent>[]> {
  const { rows } = await desk.transact((transaction) =>
    transaction.query(
      `select event, decision, surface, reason, tool_ids, blocked_cross_boundary_resources, detail
       from wt.audit_event where agent_run_id = $1 order by at, age(xmin) desc, position`,
      [runId],
    ),
  )
  return rows
}
