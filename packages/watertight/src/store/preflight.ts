import type { Authority } from '../boundary/index.ts'
import { BoundaryRefused, Forbidden, KeysRefused, Refusal, ServeRefused } from '../errors.ts'
import { withClient } from './checkout.ts'
import type { ClientLike, Engine, Row } from './client.ts'
import { learnClock } from './learn-clock.ts'
import { latestVersion } from './migrate.ts'
import { operate } from './operator.ts'
import { toStoreRefusal } from './refusal.ts'
import type { TokenMint } from './token.ts'

/** The policies that each built-in table must have. A test compares this list with what the migrations create. */
export const expectedPolicies: Readonly<Record<string, readonly string[]>> = {
  'wt.run': ['finish', 'floor', 'read', 'start'],
  'wt.run_state': ['floor', 'own'],
  'wt.audit_event': ['append', 'floor', 'read'],
  'wt.user_memory': ['floor', 'own'],
  'wt.workspace_memory': ['floor', 'read', 'write'],
  'wt.tenant_memory': ['floor', 'read', 'write'],
  'wt.document': ['floor', 'granted', 'read', 'write'],
  'wt.chunk': ['floor', 'granted', 'read', 'write'],
  'wt.segment': ['floor', 'granted', 'read', 'write'],
  'wt.generation': ['floor', 'granted', 'read', 'write'],
}

export interface PreflightOptions {
  /** tables that this login may read without row security because they hold nobody's data, as `schema.table` */
  readonly unprotectedTables: readonly string[]
}

/**
 * Asks the database whether isolation would hold for this login, and refuses to serve if not. Runs on the very pool
 * that will serve: what matters is what this login may do, not what a document says of it.
 *
 * @throws {ServeRefused} `SERVE_REFUSED` with one finding for each thing to mend
 * @throws {KeysRefused} `KEYS_REFUSED` when the database does not know the signing key
 */
export async function preflight(
  engine: Engine,
  mint: TokenMint,
  authority: Authority,
  options: PreflightOptions,
): Promise<void> {
  const findings = await inspect(engine, options)
  if (findings.length > 0) throw new ServeRefused(findings)
  await checkKeysSchemaAndClock(engine, mint, authority)
}

async function inspect(engine: Engine, options: PreflightOptions): Promise<readonly string[]> {
  try {
    return await withClient(engine, async (client) => {
      const server = [...(await findPooler(engine, client)), ...(await findVersion(client))]
      // PGlite's session is the superuser by nature, which SECURITY.md says; the role it was left in is checked like a login.
      const login = engine.name === 'postgres' ? await findLogin(client) : []
      // What the wrong login can reach says nothing of what the right one could.
      if (login.length > 0) return [...server, ...login]
      return [...server, ...(await findUnguarded(client, options)), ...(await findChangedPolicies(client))]
    })
  } catch (error) {
    if (isPoolersRefusal(error)) throw new ServeRefused([poolerFound])
    throw toStoreRefusal(error)
  }
}

const poolerFound = "a pooler stands between this process and the database; set the option pooling: 'transaction'"

// PgBouncer takes few of the settings that a connection can start with, and says so before anything else shows it.
function isPoolersRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('unsupported startup parameter')
}

// A pooler answers the connection itself, with a process number of its own; the server tells the true one. That shows on
// the first connection, before any boundary is at stake.
async function findPooler(engine: Engine, client: ClientLike): Promise<readonly string[]> {
  if (!engine.steady || client.processID === null || client.processID === undefined) return []
  const { rows } = await client.query({ text: 'select pg_backend_pid() as pid' })
  if (Number(rows[0]?.['pid']) === client.processID) return []
  return [poolerFound]
}

async function findVersion(client: ClientLike): Promise<readonly string[]> {
  const { rows } = await client.query({ text: "select current_setting('server_version_num')::int as version" })
  return Number(rows[0]?.['version']) >= 150_000 ? [] : ['the server is older than PostgreSQL 15']
}

// Who logged in, whom the session goes by since (`set session authorization` can be reset) and the role it acts as, with
// everything that they are members of: rights arrive by inheritance too.
async function findLogin(client: ClientLike): Promise<readonly string[]> {
  const { rows } = await client.query({
    text: `with recursive held as (
        select oid, rolname from pg_roles where rolname in (session_user, current_user)
          or oid = (select usesysid from pg_stat_activity where pid = pg_backend_pid())
        union select r.oid, r.rolname from held join pg_auth_members m on m.member = held.oid join pg_roles r on r.oid = m.roleid)
      select bool_or(r.rolsuper) as superuser, bool_or(r.rolbypassrls) as bypass, bool_or(r.rolcreaterole or r.rolreplication) as elevated,
        bool_or(r.rolname ~ '^pg_(read_all|write_all|read_server|write_server|execute_server)') as predefined,
        exists (select from pg_class c join held on held.oid = c.relowner
                where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text !~ '^pg_') as owner,
        exists (select from pg_namespace n join held on held.oid = n.nspowner where n.nspname = 'wt')
          or exists (select from pg_proc p join held on held.oid = p.proowner where p.pronamespace = (select oid from pg_namespace where nspname = 'wt'))
          or exists (select from pg_namespace n, held where n.nspname = 'wt' and has_schema_privilege(held.oid, n.oid, 'CREATE')) as schema_owner
      from held join pg_roles r using (oid)`,
  })
  const found = rows[0] ?? {}
  const names: Readonly<Record<string, string>> = {
    superuser: 'the login is a superuser, which no row security binds',
    bypass: 'the login has BYPASSRLS',
    elevated: 'the login has CREATEROLE or REPLICATION',
    predefined: 'the login is a member of a role that reads or writes all data',
    owner: 'the login owns tables, and an owner can switch row security off',
    schema_owner: 'the login owns the schema wt or may create in it',
  }
  return Object.entries(names).flatMap(([name, finding]) => (found[name] === true ? [finding] : []))
}

// Every relation that this login can reach, whoever made it.
async function findUnguarded(client: ClientLike, options: PreflightOptions): Promise<readonly string[]> {
  const { rows } = await client.query({
    text: `select n.nspname || '.' || c.relname as name, c.relkind::text as kind, c.relrowsecurity and c.relforcerowsecurity as secured,
        exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive and p.polcmd = '*'
                and (p.polroles = '{0}' or p.polroles && array(select oid from pg_roles where pg_has_role(current_user, oid, 'MEMBER')))
                and pg_get_expr(p.polqual, p.polrelid) ~ 'wt\\.(application_)?boundary\\(\\)') as floored,
        coalesce((select bool_or(o.option_value in ('true', 'on', '1', 'yes')) from pg_options_to_table(c.reloptions) o where o.option_name = 'security_invoker'), false) as invoker,
        has_table_privilege(c.oid, 'TRUNCATE') or has_table_privilege(c.oid, 'TRIGGER') or has_table_privilege(c.oid, 'REFERENCES') as excessive
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and has_schema_privilege(n.oid, 'USAGE')
        and (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') or has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE'))
      order by 1`,
  })
  return rows.filter((row) => !options.unprotectedTables.includes(String(row['name']))).flatMap(judgeRelation)
}

function judgeRelation(row: Row): readonly string[] {
  const name = String(row['name'])
  if (row['kind'] === 'm' || row['kind'] === 'f')
    return [`${name} is a materialized view or foreign table, which row security does not reach`]
  if (row['kind'] === 'v')
    return row['invoker'] === true ? [] : [`the view ${name} lacks security_invoker, so it reads as its owner`]
  const findings: string[] = []
  if (row['secured'] !== true) findings.push(`the table ${name} has no forced row security`)
  if (row['floored'] !== true) findings.push(`the table ${name} has no restrictive policy on the boundary`)
  if (row['excessive'] === true)
    findings.push(`the login has TRUNCATE, TRIGGER or REFERENCES on ${name}, which row security does not bind`)
  return findings
}

// Those that apply to this login: a missing one opens or closes what it should not, and so does one too many.
async function findChangedPolicies(client: ClientLike): Promise<readonly string[]> {
  const { rows } = await client.query({
    text: `select n.nspname || '.' || c.relname as name, p.polname::text as policy from pg_policy p
      join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'wt'
        and (p.polroles = '{0}' or p.polroles && array(select oid from pg_roles where pg_has_role(current_user, oid, 'MEMBER')))`,
  })
  const found = rows.map((row) => [String(row['name']), String(row['policy'])] as const)
  const missing = Object.entries(expectedPolicies).flatMap(([table, policies]) =>
    policies
      .filter((policy) => !found.some(([on, name]) => on === table && name === policy))
      .map((policy) => [table, policy]),
  )
  const unknown = found.filter(([table, policy]) => expectedPolicies[table]?.includes(policy) !== true)
  return [
    ...missing.map(([table, policy]) => `the policy ${policy} of ${table} is missing; run: watertight migrate`),
    ...unknown.map(([table, policy]) => `the policy ${policy} of ${table} is none of ours; drop it`),
  ]
}

async function checkKeysSchemaAndClock(engine: Engine, mint: TokenMint, authority: Authority): Promise<void> {
  const sentAt = Date.now()
  const row = await ping(engine, mint)
  const version = await latestVersion()
  if (Number(row['schema_version']) < version)
    throw new ServeRefused(['the schema is older than this version; run: watertight migrate'])
  learnClock(authority, row['now_ms'], sentAt)
}

async function ping(engine: Engine, mint: TokenMint): Promise<Row> {
  try {
    const [row] = await operate(engine, mint, 'operator_ping', [])
    return row ?? {}
  } catch (error) {
    if (error instanceof Forbidden)
      throw new ServeRefused(['the database was migrated for another application role than this login'])
    if (!(error instanceof BoundaryRefused)) throw error instanceof Refusal ? error : toStoreRefusal(error)
    throw new KeysRefused(
      'the database was set up under other keys',
      'Use the keys that `watertight migrate` installed.',
      { cause: error },
    )
  }
}
