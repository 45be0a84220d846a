import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openWatertight, session } from 'watertight'
import type { Run } from 'watertight'
import { protectTable } from 'watertight/migrate'
import { defineTool, fromTable, resource, tools } from 'watertight/tools'
import type { ToolContext } from 'watertight/tools'
import { z } from 'zod'

import { withClient } from '../../packages/watertight/test/support/postgres.ts'
import type { Queries } from '../support/raw.ts'
import { openServer } from '../support/server.ts'
import type { Server } from '../support/server.ts'

/** The types of record that a call names: each is a table of its own, which is the most that three ids can cost. */
const types = ['ticket', 'customer', 'invoice'] as const

/** The records of the one place that is measured, and of the raw tables beside. */
const recordCount = 1_000

/** The ids of one round: other records in each, the same for all ways. */
export function idsOf(round: number): { ticketId: string; customerId: string; invoiceId: string } {
  const at = (round * 7) % recordCount
  return { ticketId: `ticket-${at}`, customerId: `customer-${at}`, invoiceId: `invoice-${at}` }
}

const place = { tenantId: 'northstar-dental', workspaceId: 'front-desk' } as const
const shared = { description: 'Tells of a ticket.', role: 'member', ownerless: 'says how many' } as const
const id = (type: string) => z.string().meta(resource(type))
const threeIds = z.strictObject({ ticketId: id('ticket'), customerId: id('customer'), invoiceId: id('invoice') })

/** A tool's own work, the same in each: one statement. */
const read = async (_: unknown, { transact }: ToolContext) =>
  await transact(
    async (transaction) => (await transaction.query("select status from desk.ticket where id = 'ticket-0'")).rowCount,
  )

const update = "update desk.ticket set status = 'open' where id = 'ticket-1'"
const write = async (_: unknown, { transact }: ToolContext) =>
  await transact(async (transaction) => (await transaction.query(update)).rowCount)

const none = z.strictObject({})
const list = [
  defineTool({ ...shared, name: 'read_with_ids', risk: 'read', input: threeIds, run: read }),
  defineTool({ ...shared, name: 'read_without_ids', risk: 'read', input: none, run: read }),
  // The same work twice: only what its definition says of its risk differs, and with it the ledger.
  defineTool({ ...shared, name: 'act_as_read', risk: 'read', input: none, run: write }),
  defineTool({ ...shared, name: 'act_as_write', risk: 'write', input: none, run: write }),
  defineTool({
    ...shared,
    name: 'act_as_change',
    risk: 'write',
    input: none,
    change: async (transaction) => (await transaction.query(update)).rowCount,
  }),
]

const resolve = Object.fromEntries(types.map((type) => [type, fromTable(`desk.${type}`)]))
const surfaces = [tools(list, { resolve })] as const

export type ToolRun = Run<typeof surfaces>

export interface DeskServer extends Server {
  /** Opens a deployment and a run in it, as an application does. */
  start(url: string): Promise<{ readonly run: ToolRun } & AsyncDisposable>
}

/** A server with three tables under row security, the same without, and one member whose agent may call every tool. */
export async function openDeskServer(): Promise<DeskServer> {
  const migrations = await mkdtemp(join(tmpdir(), 'watertight-bench-'))
  try {
    await writeFile(join(migrations, '1-desk.sql'), migration())
    const server = await openServer(migrations)
    await withClient(server.database.ownerUrl, async (client) => {
      for (const text of rawTables(server.database.appRole)) await client.query(text)
    })
    return { ...server, start: (url) => start(url, server) }
  } finally {
    await rm(migrations, { recursive: true })
  }
}

function migration(): string {
  const tables = types.map(
    (type) => `create table desk.${type} (
      tenant_id text collate "C", workspace_id text collate "C", id text collate "C", status text not null default 'open',
      primary key (tenant_id, workspace_id, id));
    ${protectTable({ table: `desk.${type}` })}`,
  )
  return ['create schema desk;', 'grant usage on schema desk to :"app";', ...tables].join('\n')
}

const rawNames = [...types.map((type) => `raw_${type}`), 'raw_effect']

function rawTables(role: string): readonly string[] {
  const tables = types.flatMap((type) => [
    `create table raw_${type} (
       tenant_id text collate "C", workspace_id text collate "C", id text collate "C", status text not null default 'open',
       primary key (tenant_id, workspace_id, id))`,
    `insert into raw_${type} select '${place.tenantId}', '${place.workspaceId}', '${type}-' || n from generate_series(0, ${recordCount - 1}) n`,
    `grant select on raw_${type} to ${role}`,
  ])
  const ledger = 'create table raw_effect (key text collate "C" primary key, state text not null, value json)'
  return [...tables, ledger, `grant select, insert, update on raw_effect to ${role}`]
}

async function start(url: string, { options }: Server): Promise<{ readonly run: ToolRun } & AsyncDisposable> {
  const unprotectedTables = [...options.unprotectedTables, ...rawNames.map((name) => `public.${name}`)]
  const watertight = await openWatertight({
    database: url,
    ...options,
    unprotectedTables,
    identity: session(),
    surfaces,
  })
  await watertight.directory.putTenant({ ...place, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(place)
  const member = { ...place, userId: 'dana', role: 'member' }
  const allowedToolIds = list.map(({ name }) => name)
  await watertight.directory.putMember({ ...member, allowedToolIds, allowedDatasourceIds: [] })
  const principal = await watertight.identify({ tenantId: place.tenantId, userId: 'dana' })
  const desk = watertight.within(await watertight.boundary(principal, place))
  await desk.transact(async (transaction) => {
    for (const type of types)
      await transaction.query(
        `insert into desk.${type} (id) select '${type}-' || n from generate_series(0, ${recordCount - 1}) n on conflict do nothing`,
      )
  })
  const run = await desk.startRun({ agent: 'bench', promptVersion: 'v1' })
  return {
    run,
    async [Symbol.asyncDispose]() {
      await run.end()
      await watertight.close()
    },
  }
}

/** The lookups that an app without Watertight makes of the same ids: one statement after the other, each by its key. */
export async function lookUpRaw(client: Queries, round: number): Promise<void> {
  const ids = Object.values(idsOf(round))
  for (const [at, type] of types.entries()) {
    const { rows } = await client.query({
      name: `raw_${type}`,
      text: `select * from raw_${type} where tenant_id = $1 and workspace_id = $2 and id = $3`,
      values: [place.tenantId, place.workspaceId, ids[at]],
    })
    if (rows.length !== 1) throw new Error('The raw lookup found nothing: the benchmark would compare with nothing.')
  }
}

/** The ledger that an app without Watertight keeps: a row before the effect, and its result after. */
export async function keepRawLedger(client: Queries, key: string): Promise<void> {
  const begin = "insert into raw_effect (key, state) values ($1, 'started')"
  await client.query({ name: 'raw_begin', text: begin, values: [key] })
  const finish = "update raw_effect set state = 'done', value = $2 where key = $1"
  await client.query({ name: 'raw_finish', text: finish, values: [key, '1'] })
}
