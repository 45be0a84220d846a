import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openWatertight, session } from '../../../src/index.ts'
import type { Compartment, Principal, Run, Watertight } from '../../../src/index.ts'
import { memory } from '../../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../../src/surfaces/retrieval/index.ts'
import { fromTable, tools } from '../../../src/surfaces/tools/index.ts'
import type { Row } from '../../../src/store/client.ts'
import { rememberVectors } from './memo-embedder.ts'
import { deskTools, ticketTable } from './tools.ts'

const registered = () =>
  [
    memory(),
    retrieval({ embedder: rememberVectors(lexicalEmbedder()) }),
    tools(deskTools, { resolve: { ticket: fromTable('desk.ticket') } }),
  ] as const

type Registered = ReturnType<typeof registered>
type StageWatertight = Watertight<Parameters<ReturnType<typeof session>['verify']>[0], Registered>
export type StageDesk = Compartment<Registered>
export type StageRun = Run<Registered>

/** A person in a workspace of a tenant. */
export interface Seat {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
  readonly role: string
}

/** A Watertight on an embedded database of its own, as an app has it. */
export interface Stage extends AsyncDisposable {
  readonly watertight: StageWatertight
  /** makes the seat's tenant, workspace, datasource and member where they are not there, and opens it */
  seat(seat: Seat): Promise<Seated>
  /** what stands in front of the ids of a world, and no other: always of one length */
  nameWorld(): string
  /** opens a seat that is there */
  open(seat: Seat): Promise<Seated>
  /** one statement as the superuser, outside of every boundary, sent from an opened seat */
  admin(from: Seated, text: string, values?: readonly unknown[]): Promise<readonly Row[]>
  /** removes every row of every tenant, the seat's own among them */
  empty(from: Seated): Promise<void>
}

export interface Seated {
  readonly seat: Seat
  readonly principal: Principal
  readonly desk: StageDesk
}

/** The one datasource of every workspace. */
export const datasourceId = 'docs'

// The rows of nobody stay (store/migrations/0001): no table is ever empty.
const emptyAll = `do $$
declare kept record;
begin
  set local session_replication_role = replica;
  for kept in
    select c.table_schema, c.table_name, c.column_name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
     where t.table_type = 'BASE TABLE' and ((c.table_schema in ('wt', 'desk') and c.column_name = 'tenant_id')
        or (c.table_schema, c.table_name, c.column_name) = ('wt', 'tenant', 'id'))
  loop
    execute format('delete from %I.%I where %I::text <> %L', kept.table_schema, kept.table_name, kept.column_name, '00000000-0000-0000-0000-000000000000');
  end loop;
end $$`

export async function openStage(): Promise<Stage> {
  const applicationMigrations = mkdtempSync(join(tmpdir(), 'watertight-proof-'))
  writeFileSync(join(applicationMigrations, '0001-desk.sql'), ticketTable)
  const watertight = await openWatertight({
    database: 'memory://',
    applicationMigrations,
    identity: session(),
    surfaces: registered(),
  })
  const allowedToolIds = deskTools.map(({ name }) => name)
  const { directory } = watertight
  // The one session of PGlite is the superuser's: it takes the application's role off, and gets it back by itself.
  const admin: Stage['admin'] = ({ desk }, text, values = []) =>
    desk.transact(async (transaction) => {
      await transaction.query('reset role')
      return (await transaction.query(text, values)).rows
    })
  const open = async (seat: Seat) => {
    const { tenantId, workspaceId, userId } = seat
    const principal = await watertight.identify({ tenantId, userId })
    return { seat, principal, desk: watertight.within(await watertight.boundary(principal, { workspaceId })) }
  }
  let worlds = 0
  return {
    watertight,
    admin,
    open,
    nameWorld: () => `${String(++worlds).padStart(7, '0')}/`,
    async seat(seat) {
      const { tenantId, workspaceId, userId, role } = seat
      await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
      await directory.putWorkspace({ tenantId, workspaceId })
      await directory.putDatasource({ tenantId, workspaceId, datasourceId })
      await directory.putMember({
        tenantId,
        workspaceId,
        userId,
        role,
        allowedToolIds,
        allowedDatasourceIds: [datasourceId],
      })
      return await open(seat)
    },
    async empty(from) {
      await admin(from, emptyAll)
    },
    async [Symbol.asyncDispose]() {
      await watertight.close()
      rmSync(applicationMigrations, { recursive: true, force: true })
    },
  }
}
