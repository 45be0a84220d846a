import { Keyring } from '../boundary/index.ts'
import { StoreUnavailable } from '../errors.ts'
import { closeLargeObjects, importPg, migrate } from '../store/index.ts'

export interface MigrateDatabaseOptions {
  /** `postgres://…` with the owner's login, which may create schemas; never the login that serves */
  readonly database: string
  /** the login that will serve: made when absent and the owner may make roles */
  readonly appRole: string
  /** keys in their written form; `WATERTIGHT_KEYS` where absent; made new when neither is there and the database has none */
  readonly keys?: string
  /** a folder of the app's own numbered `*.sql`, applied after ours; `:"app"` stands for the app role */
  readonly applicationMigrations?: string
  /** told of each file as it is applied */
  readonly onApplied?: (name: string) => void
}

export interface Migrated {
  readonly applied: readonly string[]
  /** the written form of keys that were made just now, to be set as `WATERTIGHT_KEYS`; they are stored nowhere else */
  readonly madeKeys: string | undefined
  /** whether the app role was made just now: it has no password yet */
  readonly madeRole: boolean
}

/**
 * Brings a server's database up to date and installs the keys. Run it at deployment, not in the server.
 *
 * @throws {KeysRefused} `KEYS_REFUSED` when the database has keys and none were given: new ones would end every process that has the old
 * @throws {ServeRefused} `SERVE_REFUSED` when an applied file has changed, a file has no number of its own, or the database was migrated for another role
 * @throws {Error} when a file fails: its name and what the database said, which is the cause
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` when the database is away
 */
export async function migrateDatabase(options: MigrateDatabaseOptions): Promise<Migrated> {
  const { default: pg } = await importPg()
  const client = new pg.Client({ connectionString: options.database })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new StoreUnavailable('the owner’s login could not connect', { cause: error })
  }
  try {
    const { appRole, applicationMigrations, onApplied } = options
    const written = options.keys ?? process.env['WATERTIGHT_KEYS']
    const madeKeys = written === undefined && !(await hasKeys(client)) ? Keyring.generate() : undefined
    const madeRole = !(await isMigrated(client)) && (await ensureRole(client, appRole))
    const keyring = Keyring.parse(written ?? madeKeys)
    const applied = await migrate(client, {
      appRole,
      keyring,
      ...(applicationMigrations === undefined ? {} : { applicationMigrations }),
      ...(onApplied === undefined ? {} : { onApplied }),
    })
    await client.query({ text: closeLargeObjects })
    return { applied, madeKeys, madeRole }
  } finally {
    await client.end()
  }
}

interface OwnerClient {
  query(query: { text: string; values?: unknown[] }): Promise<{ rows: unknown[] }>
}

// From then on the role is settled: another one is refused, and must not be left behind.
async function isMigrated(client: OwnerClient): Promise<boolean> {
  const { rows } = await client.query({ text: "select 1 where to_regclass('wt.setting') is not null" })
  return rows.length > 0
}

async function hasKeys(client: OwnerClient): Promise<boolean> {
  const { rows: known } = await client.query({ text: "select 1 where to_regclass('wt.key') is not null" })
  if (known.length === 0) return false
  const { rows } = await client.query({ text: 'select 1 from wt.key limit 1' })
  return rows.length > 0
}

// An owner that may not make roles says so itself, with the name of the role.
async function ensureRole(client: OwnerClient, appRole: string): Promise<boolean> {
  const { rows } = await client.query({ text: 'select 1 from pg_roles where rolname = $1', values: [appRole] })
  if (rows.length > 0) return false
  const { rows: quoted } = await client.query({ text: 'select quote_ident($1) as name', values: [appRole] })
  const [row] = quoted
  const name = typeof row === 'object' && row !== null && 'name' in row ? String(row.name) : ''
  await client.query({ text: `create role ${name} login noinherit` })
  return true
}
