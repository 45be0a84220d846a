import type { Keyring } from '../boundary/index.ts'
import { ServeRefused } from '../errors.ts'
import type { QueryLike, Row } from './client.ts'
import { readMigrations } from './read-migrations.ts'
import type { Migration } from './read-migrations.ts'

/** What migrating needs of a connection: the owner's. */
export interface MigratingClient {
  query(query: QueryLike): Promise<{ rows: Row[] }>
}

export interface MigrateOptions {
  /** the login that the server will use: it exists, and owns nothing */
  readonly appRole: string
  /** the keys to install; keys in the database that are not among them are removed */
  readonly keyring: Keyring
  /** a folder of the app's own numbered `*.sql`, run after ours by the same owner; `:"app"` stands for the app role */
  readonly applicationMigrations?: string
  /** told of each file as it is applied */
  readonly onApplied?: (name: string) => void
}

/**
 * Brings the schema up to date and installs the keys, as the owner. Each file runs in a transaction of its own and is
 * recorded with its SHA-256; a file that changed after it was applied is refused.
 *
 * @returns the names of the files that were applied, in order
 * @throws {ServeRefused} when an applied file has changed, a file has no number of its own, or the database was migrated for another role
 * @throws {Error} when a file fails: its name and what the database said, which is the cause
 */
export async function migrate(client: MigratingClient, options: MigrateOptions): Promise<readonly string[]> {
  // One migration at a time: two servers that start together would otherwise create the same table.
  await client.query({ text: 'select pg_advisory_lock(7784610413)' })
  try {
    const applied = await findApplied(client)
    await requireSameRole(client, applied.size > 0, options.appRole)
    const names: string[] = []
    for (const migration of await readMigrations(options.applicationMigrations)) {
      if (requireUnchanged(applied, migration)) continue
      await apply(client, migration, options.appRole)
      names.push(migration.name)
      options.onApplied?.(migration.name)
    }
    await installKeys(client, options.keyring)
    return names
  } finally {
    await client.query({ text: 'select pg_advisory_unlock(7784610413)' })
  }
}

async function findApplied(client: MigratingClient): Promise<ReadonlyMap<number, string>> {
  const { rows: known } = await client.query({ text: "select to_regclass('wt.migration') is not null as known" })
  if (known[0]?.['known'] !== true) return new Map()
  const { rows } = await client.query({ text: 'select version, sha256 from wt.migration' })
  return new Map(rows.map((row) => [Number(row['version']), String(row['sha256'])]))
}

// The policies name the role: a second one would be let into nothing, and look like an empty database.
async function requireSameRole(client: MigratingClient, migrated: boolean, appRole: string): Promise<void> {
  if (!migrated) return
  const { rows } = await client.query({ text: "select value from wt.setting where name = 'app-role'" })
  if (rows[0]?.['value'] !== appRole)
    throw new ServeRefused(['the database was migrated for another application role'], 'migrate')
}

function requireUnchanged(applied: ReadonlyMap<number, string>, migration: Migration): boolean {
  const sha256 = applied.get(migration.version)
  if (sha256 !== undefined && sha256 !== migration.sha256)
    throw new ServeRefused([`the migration ${migration.name} changed after it was applied`], 'migrate')
  return sha256 !== undefined
}

async function apply(client: MigratingClient, migration: Migration, appRole: string): Promise<void> {
  try {
    await run(client, migration, appRole)
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new Error(`The migration ${migration.name} failed, and nothing of it is kept: ${said}`, { cause: error })
  }
}

async function run(client: MigratingClient, migration: Migration, appRole: string): Promise<void> {
  await transactAsOwner(client, async () => {
    // Without values the simple protocol takes a whole file.
    await client.query({
      text: migration.sql
        .replaceAll(':"app"', () => quoteIdentifier(appRole))
        .replaceAll(":'app'", () => quoteLiteral(appRole)),
    })
    const values = [migration.version, migration.name, migration.sha256]
    await client.query({ text: 'insert into wt.migration (version, name, sha256) values ($1, $2, $3)', values })
  })
}

async function transactAsOwner(client: MigratingClient, work: () => Promise<void>): Promise<void> {
  await client.query({ text: 'begin' })
  try {
    await work()
    await client.query({ text: 'commit' })
  } catch (error) {
    await client.query({ text: 'rollback' })
    throw error
  }
}

// In one transaction: servers that run meanwhile find the old keys or the new ones, never none.
async function installKeys(client: MigratingClient, keyring: Keyring): Promise<void> {
  await transactAsOwner(client, async () => {
    await client.query({ text: 'delete from wt.key where not kid = any ($1)', values: [keyring.kids] })
    for (const kid of keyring.kids) {
      const key = keyring.derive('database-token', kid)
      await client.query({
        text: 'insert into wt.key (kid, ipad, opad) values ($1, $2, $3) on conflict (kid) do update set ipad = excluded.ipad, opad = excluded.opad',
        values: [kid, pad(key, 0x36), pad(key, 0x5c)],
      })
    }
  })
}

/** Says whether the database has keys, all of them other than these. A database that was not migrated yet has none. */
export async function hasOtherKeys(client: MigratingClient, keyring: Keyring): Promise<boolean> {
  const { rows: known } = await client.query({ text: "select to_regclass('wt.key') is not null as known" })
  if (known[0]?.['known'] !== true) return false
  const { rows } = await client.query({ text: 'select kid, ipad from wt.key' })
  const isOurs = ({ kid, ipad }: Row) =>
    keyring.kids.some(
      (ours) => ours === kid && Buffer.isBuffer(ipad) && ipad.equals(pad(keyring.derive('database-token', ours), 0x36)),
    )
  return rows.length > 0 && !rows.some(isOurs)
}

// HMAC's two padded keys (RFC 2104): the database needs no extension to compute the rest.
function pad(key: Buffer, byte: number): Buffer {
  const block = Buffer.alloc(64)
  key.copy(block)
  return Buffer.from(block.map((value) => value ^ byte))
}

/** Quotes a name for SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
