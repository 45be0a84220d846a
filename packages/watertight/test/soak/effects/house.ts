import { Recorder } from '../../../src/audit/index.ts'
import { openWatertight, session } from '../../../src/index.ts'
import { protectTable } from '../../../src/migrate/index.ts'
import type { RunSurface } from '../../../src/surfaces/surface.ts'
import { tools } from '../../../src/surfaces/tools/index.ts'
import type { RunTools } from '../../../src/surfaces/tools/index.ts'
import { plant } from './plant.ts'
import { kinds, lease, people, tenantIds, workspaceId } from './protocol.ts'
import type { Fault } from './protocol.ts'
import { defineTools } from './tools.ts'
import type { ToolEnds } from './tools.ts'

/** The app's own table, as a migration: a second row for one call is a second effect. */
export const book = `create schema book;
grant usage on schema book to :"app";
create table book.entry (
  tenant_id text collate "C",
  workspace_id text collate "C",
  number bigint generated always as identity,
  memo text not null,
  primary key (tenant_id, workspace_id, number)
);
${protectTable({ table: 'book.entry' })}`

export interface HouseOptions {
  readonly database: string
  readonly keys: string | undefined
  /** the folder that has `book` in it */
  readonly applicationMigrations: string
  readonly fault: Fault | undefined
}

export type House = Awaited<ReturnType<typeof openHouse>>

/** Opens Watertight as an application does, with two tenants whose people and calls have the same names. */
export async function openHouse({ database, keys, applicationMigrations, fault }: HouseOptions, ends: ToolEnds) {
  const house = await openWatertight({
    database,
    ...(keys === undefined ? {} : { keys }),
    ...(database.startsWith('postgres') ? {} : { applicationMigrations }),
    identity: session(),
    surfaces: [resumable(tools(defineTools(ends), { effectLease: lease, timeLimit: 8_000 }), fault)],
  })
  for (const tenantId of tenantIds) {
    await house.directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
    await house.directory.putWorkspace({ tenantId, workspaceId })
    for (const [userId, role] of [
      [people.caller, 'member'],
      [people.approver, 'admin'],
    ] as const)
      await house.directory.putMember({
        tenantId,
        workspaceId,
        userId,
        role,
        allowedToolIds: kinds,
        allowedDatasourceIds: [],
      })
  }
  return house
}

/** What a person of a tenant can reach. */
export async function openDesk(house: House, tenantId: string, userId: string) {
  return house.within(await house.boundary(await house.identify({ tenantId, userId }), { workspaceId }))
}

/**
 * The tools of a run, and those of a run that an earlier process began. The public face has no way back into a run, so a
 * retry after a crash is made here: the process starts a run of its own for the same person, whose boundary lives, and the
 * tools are bound to it under the id of the earlier run. From there down, the scope of its recorder and all, each call is
 * the library's, as it would be could the run be opened again.
 */
function resumable(surface: RunSurface<'tools', RunTools>, fault: Fault | undefined) {
  const wrapped: RunSurface<'tools', { of(runId: string): RunTools }> = {
    name: 'tools',
    within: 'run',
    async open(house) {
      const opened = await surface.open({ ...house, store: plant(house.store, fault) })
      return {
        ...opened,
        bindRun(scope) {
          const bound = new Map([[scope.run.id, opened.bindRun(scope)]])
          return {
            of(runId) {
              const run = { ...scope.run, id: runId }
              const recorder = new Recorder(house.audit, run)
              const known = bound.get(runId) ?? opened.bindRun({ ...scope, run, recorder })
              bound.set(runId, known)
              return known
            },
          }
        },
      }
    },
  }
  return wrapped
}
