import { randomUUID } from 'node:crypto'

import pg from 'pg'

import { keyCount, keyOf, value } from './desk.ts'

const [tenant, workspace, member] = [randomUUID(), randomUUID(), randomUUID()]

/** What sends statements: a pool or a client of the driver. */
export type Queries = Pick<pg.Pool, 'query'>

/** The same time-outs and pipelining as the pool that Watertight opens: what they cost is the driver's, not the guard's. */
export const poolOptions = { pipeline: true, connectionTimeoutMillis: 5_000, query_timeout: 60_000 } as const

export function openRawPool(url: string): pg.Pool {
  return new pg.Pool({ connectionString: url, ...poolOptions })
}

/** The tables of memory and audit without their guard: the same columns, keys and rows. */
export async function createRawTables(owner: Queries, role: string): Promise<void> {
  const statements = [
    `create table raw_memory (
       tenant_id uuid not null, workspace_id uuid not null, member_id uuid not null, key text collate "C" not null,
       value json not null, source json not null, updated_at timestamptz not null default clock_timestamp(),
       primary key (tenant_id, workspace_id, member_id, key))`,
    `create table raw_audit (
       tenant_id uuid not null, workspace_id uuid not null, id uuid not null default gen_random_uuid(), member_id uuid not null,
       at timestamptz not null default clock_timestamp(), position int not null, event json not null,
       primary key (tenant_id, workspace_id, id))`,
    `grant select on raw_memory to ${role}`,
    `grant insert on raw_audit to ${role}`,
  ]
  for (const text of statements) await owner.query(text)
  await owner.query(
    `insert into raw_memory (tenant_id, workspace_id, member_id, key, value, source)
     select $1, $2, $3, k, $5, '{"kind":"set"}' from unnest($4::text[]) k`,
    [tenant, workspace, member, Array.from({ length: keyCount }, (_, at) => keyOf(at)), JSON.stringify(value)],
  )
}

/** The statement that a scoped read runs inside, sent as an app without Watertight sends it: named, on the same driver. */
export async function readRaw(pool: Queries, key: string): Promise<void> {
  const { rows } = await pool.query({
    name: 'raw_read',
    text: `select tenant_id, workspace_id, member_id, value, source, extract(epoch from updated_at)::double precision * 1000 as updated_ms
           from raw_memory where tenant_id = $1 and workspace_id = $2 and member_id = $3 and key = $4`,
    values: [tenant, workspace, member, key],
  })
  if (rows.length !== 1) throw new Error('The raw read found nothing: the benchmark would compare with nothing.')
}

/** One statement that keeps as many events as a flush of as many reads: what a log costs an app without Watertight. */
export async function logRaw(pool: Queries, keys: readonly string[]): Promise<void> {
  const events = keys.map((key) => ({ event: 'memory-read', surface: 'memory', tenant, workspace, member, key }))
  await pool.query({
    name: 'raw_log',
    text: `insert into raw_audit (tenant_id, workspace_id, member_id, position, event)
           select $1, $2, $3, e.position, e.value from json_array_elements($4) with ordinality as e (value, position)`,
    values: [tenant, workspace, member, JSON.stringify(events)],
  })
}
