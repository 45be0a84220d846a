import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openWatertight, session } from 'watertight'
import { migrateDatabase, protectTable } from 'watertight/migrate'
import { defineTool, fromTable, tools } from 'watertight/tools'
import { resourceId } from 'watertight/zod'
import { z } from 'zod'

import { openTestDatabase } from '../../packages/watertight/test/support/postgres.ts'
import type { TestDatabase } from '../../packages/watertight/test/support/postgres.ts'

const rest = { description: 'a tool', role: 'member', ownerless: 'says what it counted' } as const

/** One statement of the tool's own: it is part of every call that is measured. */
const count = 'select count(*)::int as count from desk.ticket where status = $1'

const defined = (name: string, risk: 'read' | 'write', input: z.ZodObject) =>
  defineTool({
    ...rest,
    name,
    risk,
    input,
    async run(_input, { transact }) {
      return (await transact((transaction) => transaction.query(count, ['open']))).rows
    },
  })

/** A tool without ids, the same with three, and the same that writes. */
const list = [
  defined('count', 'read', z.strictObject({ round: z.number() })),
  defined('count_of_three', 'read', z.strictObject({ round: z.number(), ids: z.array(resourceId('ticket')) })),
  defined('count_once', 'write', z.strictObject({ round: z.number() })),
]

const table = `create schema desk;
grant usage on schema desk to :"app";
create table desk.ticket (
  tenant_id text collate "C", workspace_id text collate "C", id text collate "C", status text not null default 'open',
  primary key (tenant_id, workspace_id, id));
`

const dana = { tenantId: 'northstar-dental', workspaceId: 'front-desk', userId: 'dana' }

export interface TicketDatabase extends AsyncDisposable {
  readonly database: TestDatabase
  readonly keys: string
}

/** A database of its own with a protected table of tickets; removed when it is disposed of. */
export async function openTicketDatabase(): Promise<TicketDatabase> {
  const database = await openTestDatabase()
  const applicationMigrations = mkdtempSync(join(tmpdir(), 'watertight-bench-'))
  try {
    writeFileSync(join(applicationMigrations, '1-ticket.sql'), table + protectTable({ table: 'desk.ticket' }))
    const { ownerUrl, appRole } = database
    const { madeKeys: keys = '' } = await migrateDatabase({ database: ownerUrl, appRole, applicationMigrations })
    return { database, keys, [Symbol.asyncDispose]: () => database.drop() }
  } catch (error) {
    await database.drop()
    throw error
  } finally {
    rmSync(applicationMigrations, { recursive: true })
  }
}

/** A run with the tools, over an address of the database with the plain app login. */
export async function openTicketDesk(url: string, keys: string) {
  const surfaces = [tools(list, { resolve: { ticket: fromTable('desk.ticket') } })] as const
  const watertight = await openWatertight({ database: url, keys, identity: session(), surfaces })
  await watertight.directory.putTenant({ tenantId: dana.tenantId, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(dana)
  const allowedToolIds = list.map(({ name }) => name)
  await watertight.directory.putMember({ ...dana, role: 'member', allowedToolIds, allowedDatasourceIds: [] })
  const boundary = await watertight.boundary(await watertight.identify(dana), dana)
  const desk = watertight.within(boundary)
  const insert = "insert into desk.ticket (id) select 'T-' || n from generate_series(1, 200) n on conflict do nothing"
  await desk.transact((transaction) => transaction.query(insert))
  const run = await desk.startRun({ agent: 'bench', promptVersion: 'v1' })
  const ids = ['T-1', 'T-42', 'T-200']
  return {
    count: (round: number) => run.tools.call('count', { round }),
    countOfThree: (round: number) => run.tools.call('count_of_three', { round, ids }),
    countOnce: (round: number) => run.tools.call('count_once', { round }),
    async [Symbol.asyncDispose]() {
      await run.end()
      await watertight.close()
    },
  }
}
