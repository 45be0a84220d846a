import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openWatertight, session } from '../../../src/index.ts'
import type { Compartment, ProvedSession, Run, Watertight } from '../../../src/index.ts'
import { protectTable } from '../../../src/migrate/index.ts'
import { memory } from '../../../src/surfaces/memory/index.ts'
import { lexicalEmbedder, retrieval } from '../../../src/surfaces/retrieval/index.ts'
import { collectionOf } from '../kinds/retrieval.ts'
import { isWhole, keyOf } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { credentialTable } from './connector.ts'
import { createTicketTools, ticketToolNames } from './ticket-tools.ts'

const surfaces = () => [memory(), retrieval({ embedder: lexicalEmbedder() }), createTicketTools()] as const

type Registered = ReturnType<typeof surfaces>
type Desk = Compartment<Registered>
type DeskRun = Run<Registered>

/** Watertight itself, entered by its public face alone. */
export interface House {
  /** the compartment of whoever a request says it is: no part of it is filled in where it is missing */
  at(caller: Scope, role?: 'member' | 'owner'): Promise<Desk>
  /** does some work in the caller's run, which is a long one */
  inRun<Result>(caller: Scope, work: (run: DeskRun) => Promise<Result>): Promise<Result>
  /** the answer of one tool, called in the caller's run: a call of its own, and no retry */
  call(caller: Scope, tool: string, input: object): Promise<unknown>
  /** removes what callers have put since it was last called */
  empty(what: 'memory' | 'tickets'): Promise<void>
  close(): Promise<void>
}

const table = `create schema desk;
grant usage on schema desk to :"app";
create table desk.ticket (
  tenant_id text collate "C", workspace_id text collate "C", id text collate "C", text text not null,
  primary key (tenant_id, workspace_id, id)
);
`

export async function openHouse(): Promise<House> {
  const applicationMigrations = mkdtempSync(join(tmpdir(), 'watertight-leaky-'))
  writeFileSync(
    join(applicationMigrations, '0001-desk.sql'),
    table + credentialTable + ['desk.ticket', 'desk.credential'].map((name) => protectTable({ table: name })).join(''),
  )
  const watertight = await openWatertight({
    database: 'memory://',
    applicationMigrations,
    identity: session(),
    surfaces: surfaces(),
  })
  const known = new Set<string>()
  const callers = new Map<string, Owner>()
  const at: House['at'] = async (caller, role = 'member') => {
    if (isWhole(caller) && !known.has(keyOf(caller))) {
      await provision(watertight, caller, role)
      known.add(keyOf(caller))
    }
    if (isWhole(caller)) callers.set(keyOf(caller), caller)
    const { tenantId, workspaceId, userId } = caller
    // What is missing stays missing: the types forbid it, and a request does not heed them.
    const principal = await watertight.identify({ tenantId, userId } as ProvedSession)
    return watertight.within(await watertight.boundary(principal, { workspaceId } as { workspaceId: string }))
  }
  const runs = new Map<string, DeskRun>()
  const inRun: House['inRun'] = async (caller, work) => {
    const desk = await at(caller)
    const key = keyOf(desk.boundary)
    const run = runs.get(key) ?? (await desk.startRun({ agent: 'desk', promptVersion: 'v1' }))
    runs.set(key, run)
    return await work(run)
  }
  return {
    at,
    inRun,
    call: (caller, tool, input) =>
      inRun(caller, async (run) => (await run.tools.call(tool, input, { step: randomUUID() })).value),
    async empty(what) {
      for (const caller of callers.values()) {
        const desk = await at(caller)
        if (what === 'memory') await desk.erase()
        else await desk.transact((transaction) => transaction.query('delete from desk.ticket'))
      }
      callers.clear()
    },
    async close() {
      for (const run of runs.values()) await run.end()
      await watertight.close()
      rmSync(applicationMigrations, { recursive: true, force: true })
    },
  }
}

async function provision(
  { directory }: Watertight<ProvedSession | null | undefined, Registered>,
  owner: Owner,
  role: string,
) {
  const { tenantId, workspaceId, userId } = owner
  const datasourceId = collectionOf(owner)
  await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
  await directory.putWorkspace({ tenantId, workspaceId })
  await directory.putDatasource({ tenantId, workspaceId, datasourceId })
  await directory.putMember({
    tenantId,
    workspaceId,
    userId,
    role,
    allowedToolIds: ticketToolNames,
    allowedDatasourceIds: [datasourceId],
  })
}
