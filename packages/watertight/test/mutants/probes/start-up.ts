import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Keyring } from '../../../src/boundary/index.ts'
import { protectTable } from '../../../src/migrate/index.ts'
import { openDesks } from '../../support/desks.ts'
import { openHouse } from '../house.ts'
import type { Probe } from '../probe.ts'

/** Opens a house on a database to which the app has migrated something of its own. */
async function openWith(sql: string) {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-mutants-'))
  try {
    writeFileSync(join(folder, '0001-app.sql'), sql)
    return await openHouse({ surfaces: [], applicationMigrations: folder })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const refusedWith = (name: string, step: string, sql: string): Probe => ({
  name,
  surface: 'start-up',
  ownDatabase: true,
  async run(script) {
    await script.refused(step, async () => await (await openWith(sql))[Symbol.asyncDispose](), 'SERVE_REFUSED')
  },
})

export const probes: readonly Probe[] = [
  refusedWith(
    'changed-policy',
    'start on a database in which somebody opened a policy',
    'alter policy floor on wt.user_memory using (true);',
  ),
  refusedWith(
    'unprotected-table',
    'start on a database with a table of the app’s own that nothing protects',
    'create schema desk; grant usage on schema desk to :"app"; create table desk.ticket (id text); grant select on desk.ticket to :"app";',
  ),
  {
    name: 'other-keys',
    surface: 'start-up',
    ownDatabase: true,
    async run(script) {
      const start = async () => {
        const desks = await openDesks(
          { database: 'memory://', keys: Keyring.generate() },
          { surfaces: [], tenants: [] },
        )
        await desks[Symbol.asyncDispose]()
      }
      await script.refused('start on a database that was made under other keys', start, 'KEYS_REFUSED')
    },
  },
  {
    name: 'protected-table',
    surface: 'database',
    ownDatabase: true,
    async run(script) {
      const columns = ['tenant_id', 'workspace_id', 'id'].map((name) => `${name} text collate "C"`)
      await using house = await openWith(
        `create schema desk; grant usage on schema desk to :"app";
         create table desk.ticket (${columns.join(', ')}, primary key (tenant_id, workspace_id, id));
         ${protectTable({ table: 'desk.ticket' })}`,
      )
      const { own, twin } = house.names
      const places = [
        [own, 'ws'],
        [own, 'ws2'],
        [twin, 'ws'],
        [own.toUpperCase(), 'ws'],
      ]
      for (const [tenant, workspace] of places)
        await house.admin("insert into desk.ticket values ($1, $2, $1 || '/' || $2)", [tenant, workspace])
      const boundary = await house.boundary(house.seats.own)
      await script.do(`the table has a row of each of ${JSON.stringify(places)}`, () => undefined)
      await script.see('SQL of the first reads all', () => house.sql(boundary, 'select id from desk.ticket'), [
        { id: `${own}/ws` },
      ])
    },
  },
]
