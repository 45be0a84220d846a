import type pg from 'pg'

import { withClient } from '../../packages/watertight/test/support/postgres.ts'
import { keyOf, openDeployment, openDesk, startRun, value } from '../support/desk.ts'
import type { DeskRun, Deployment } from '../support/desk.ts'
import { interleave } from '../support/interleave.ts'
import { toRow } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { openServer } from '../support/server.ts'

/** A read among few tenants against a read among many, in as many rows: what a tenant more costs the others. */
export async function measureTenants(scale: Scale): Promise<readonly Row[]> {
  const [few, many] = scale.tenants
  await using small = await openServer()
  await using large = await openServer()
  await withClient(small.database.adminUrl, (client) => fill(client, few, scale.rows))
  await withClient(large.database.adminUrl, (client) => fill(client, many, scale.rows))
  await using one = await openDeployment({ database: small.url, ...small.options })
  await using other = await openDeployment({ database: large.url, ...large.options })
  const among = {
    few: await openRuns(one, few, scale.compartments),
    many: await openRuns(other, many, scale.compartments),
  }
  const medians = await interleave(
    {
      ways: {
        few: (round) => read(among.few, round, scale.rows / few),
        many: (round) => read(among.many, round, scale.rows / many),
      },
      between: async (round) => {
        if (round % 1_000 === 999) await flushAll([...among.few, ...among.many])
      },
    },
    scale.reads,
  )
  return [toRow('tenants-10-to-10000', 1.1, medians, { ours: 'many', unit: 'few' })]
}

/** Tenants of one workspace and one person each, who share out the rows. Set-based, past triggers: a million take seconds. */
async function fill(admin: pg.Client, tenants: number, rows: number): Promise<void> {
  await admin.query('set session_replication_role = replica')
  await admin.query(
    `create temporary table person as
     select n, 'tenant-' || n as name, gen_random_uuid() as tenant, gen_random_uuid() as workspace, gen_random_uuid() as member
     from generate_series(1, ${tenants}) n`,
  )
  const inserts = [
    "insert into wt.tenant (id, external_id, plan, region) select tenant, name, 'pro', 'us' from person",
    "insert into wt.workspace (tenant_id, id, external_id) select tenant, workspace, 'desk' from person",
    `insert into wt.member (tenant_id, workspace_id, id, issuer, subject, role)
     select tenant, workspace, member, 'session', 'dana', 'member' from person`,
  ]
  for (const text of inserts) await admin.query(text)
  await admin.query(
    `insert into wt.user_memory (tenant_id, workspace_id, member_id, key, value, source)
     select tenant, workspace, member, 'key-' || k, $2, '{"kind":"set"}' from generate_series(0, $1::int - 1) k, person`,
    [rows / tenants, JSON.stringify(value)],
  )
  for (const table of ['tenant', 'workspace', 'member', 'user_memory'])
    await admin.query(`vacuum (analyze) wt.${table}`)
}

/** As many runs in both tables, over as many tenants as there are, so that only what lies around them differs. */
async function openRuns(watertight: Deployment, tenants: number, count: number): Promise<readonly DeskRun[]> {
  const runs: DeskRun[] = []
  for (let at = 0; at < count; at++) {
    const tenantId = `tenant-${1 + Math.floor((at * tenants) / count)}`
    const run = await startRun(await openDesk(watertight, { tenantId, workspaceId: 'desk', userId: 'dana' }))
    await run.memory.get(keyOf(0)) // once unmeasured: a compartment signs its token at its first read
    runs.push(run)
  }
  return runs
}

async function read(runs: readonly DeskRun[], round: number, keys: number): Promise<void> {
  // Strides that share no factor with the counts: neighbours in time are none in the table.
  const run = runs[(round * 37) % runs.length]
  const found = await run?.memory.get(`key-${(round * 7_919) % keys}`)
  if (found === undefined) throw new Error('The scoped read found nothing: the benchmark would compare nothing.')
}

async function flushAll(runs: readonly DeskRun[]): Promise<void> {
  for (const run of runs) {
    const item = await run.memory.get('key-0')
    if (item !== undefined) await run.context.add(item)
  }
}
