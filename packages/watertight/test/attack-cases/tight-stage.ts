import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { narrow, openWatertight, session } from '../../src/index.ts'
import type { AgentBoundary, RefusedEvent } from '../../src/index.ts'
import { protectTable } from '../../src/migrate/index.ts'
import { fromTable, tools } from '../../src/surfaces/tools/index.ts'
import type { Person, Stage } from './stage.ts'
import { createTools, documents, memories } from './tight-tools.ts'
import type { Ticket } from './tight-tools.ts'

const table = `create schema desk; grant usage on schema desk to :"app";
create table desk.ticket (tenant_id text collate "C", workspace_id text collate "C", id text collate "C", title text not null,
  primary key (tenant_id, workspace_id, id));
create table desk.payment (tenant_id text collate "C", workspace_id text collate "C", id uuid default gen_random_uuid(),
  ticket_id text not null, amount text not null, primary key (tenant_id, workspace_id, id));
`

/** Watertight itself on an embedded database, as an app opens it. */
export async function openTightStage(): Promise<Stage> {
  const elsewhere: Ticket[] = []
  const heard: RefusedEvent[] = []
  const watertight = await open(elsewhere, heard)
  const openBoundary = async (proved: unknown, place: unknown) =>
    // What a caller sends has no type yet; the run time is what judges it here.
    watertight.boundary(await watertight.identify(proved as never), place as never)
  const operator = await openOperator(watertight.directory, openBoundary)
  // The one session of PGlite is the superuser's: it takes the application's role off, and gets it back by itself.
  const sql = (text: string, values: readonly unknown[]) =>
    watertight.within(operator).transact(async (transaction) => {
      await transaction.query('reset role')
      return (await transaction.query(text, values)).rows
    })
  return {
    openBoundary,
    narrow: (boundary, to) => narrow(boundary as AgentBoundary, to as never),
    within: (boundary) => watertight.within(boundary as AgentBoundary),
    directory: watertight.directory,
    async addTicket(boundary, id, title) {
      const { tenantId, workspaceId } = boundary as AgentBoundary
      elsewhere.push({ tenant_id: tenantId, workspace_id: workspaceId, id, title })
      await watertight
        .within(boundary as AgentBoundary)
        .transact((transaction) =>
          transaction.query('insert into desk.ticket (id, title) values ($1, $2) on conflict do nothing', [id, title]),
        )
    },
    async letApprovalsExpire() {
      // Not those of nobody, without which the table would be empty.
      await sql('update wt.approval set expires_at = clock_timestamp() where expires_at < $1', ['infinity'])
    },
    async fingerprint(person) {
      const [row] = await sql(fingerprint, valuesOf(person))
      const all: unknown = row?.['all']
      // Without the person's own rows there is nothing that the others' could be told from.
      if (typeof all !== 'string') throw new TypeError('There is no such person, or nothing of anybody else.')
      return all
    },
    heard: () => heard.splice(0),
    [Symbol.asyncDispose]: () => watertight.close(),
  }
}

async function open(elsewhere: readonly Ticket[], heard: RefusedEvent[]) {
  const applicationMigrations = mkdtempSync(join(tmpdir(), 'watertight-attacks-'))
  writeFileSync(
    join(applicationMigrations, '0001-desk.sql'),
    table + protectTable({ table: 'desk.ticket' }) + protectTable({ table: 'desk.payment' }),
  )
  try {
    return await openWatertight({
      database: 'memory://',
      applicationMigrations,
      identity: session(),
      surfaces: [
        memories,
        documents,
        tools(createTools(elsewhere), { resolve: { ticket: fromTable('desk.ticket') } }),
      ] as const,
      onRefused: (event) => void heard.push(event),
    })
  } finally {
    rmSync(applicationMigrations, { recursive: true, force: true })
  }
}

// A tenant of its own, so that looking never adds to what is looked at.
async function openOperator(
  directory: Stage['directory'],
  openBoundary: (proved: unknown, place: unknown) => Promise<AgentBoundary>,
): Promise<AgentBoundary> {
  const place = { tenantId: 'operators-of-the-test', workspaceId: 'operators', userId: 'operator' }
  await directory.putTenant({ tenantId: place.tenantId, plan: 'pro', region: 'eu' })
  await directory.putWorkspace(place)
  await directory.putMember({ ...place, role: 'viewer', allowedToolIds: [], allowedDatasourceIds: [] })
  return await openBoundary(place, { workspaceId: place.workspaceId })
}

function valuesOf({ tenantId, workspaceId, userId, datasourceId, ownDatasourceId }: Person): readonly unknown[] {
  return [tenantId, workspaceId, userId, [datasourceId, ownDatasourceId]]
}

const rowsOf = (name: string, own: string) =>
  `select '${name}' || (t.*)::text as row from ${name} t, mine where (${own}) is not true`
const ofPerson = '(t.tenant_id, t.workspace_id, t.member_id) = (mine.tenant, mine.workspace, mine.member)'
const ofWorkspace = '(t.tenant_id, t.workspace_id) = (mine.tenant, mine.workspace)'
const ofDatasource = `${ofWorkspace} and t.datasource_id = any (mine.datasources)`

const fingerprint = `
with mine as (
  select t.id as tenant, w.id as workspace, m.id as member,
    array(select d.id from wt.datasource d where (d.tenant_id, d.workspace_id) = (t.id, w.id) and d.external_id = any ($4)) as datasources
  from wt.tenant t join wt.workspace w on w.tenant_id = t.id join wt.member m on (m.tenant_id, m.workspace_id) = (t.id, w.id)
  where t.external_id = $1 and w.external_id = $2 and m.subject = $3
), everything as (
  ${[
    rowsOf('wt.user_memory', ofPerson),
    rowsOf('wt.workspace_memory', ofWorkspace),
    rowsOf('wt.tenant_memory', 't.tenant_id = mine.tenant'),
    rowsOf('wt.run', ofPerson),
    rowsOf('wt.run_state', ofPerson),
    rowsOf('wt.effect', ofPerson),
    rowsOf('wt.effect_result', ofPerson),
    rowsOf('wt.approval', ofPerson),
    rowsOf('wt.document', ofDatasource),
    rowsOf('wt.chunk', ofDatasource),
    rowsOf('wt.segment', ofDatasource),
    rowsOf('wt.member', '(t.tenant_id, t.workspace_id, t.id) = (mine.tenant, mine.workspace, mine.member)'),
    rowsOf('desk.ticket', '(t.tenant_id, t.workspace_id) = ($1, $2)'),
    // The till is nobody's: whatever is paid in an attack is harm.
    rowsOf('desk.payment', 'false'),
  ].join('\n  union all ')}
)
select count(*) || ':' || md5(string_agg(row, chr(10) order by row)) as "all" from everything`
