import { chmod, mkdir, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { Keyring } from '../boundary/index.ts'
import { FolderRefused, KeysRefused, PeerMissing } from '../errors.ts'
import type { ClientLike, Engine } from './client.ts'
import { lockFolder } from './folder-lock.ts'
import { openKeyFile } from './key-file.ts'
import { hasOtherKeys, migrate } from './migrate.ts'
import { importPg } from './postgres.ts'
import { codeOf } from './refusal.ts'

/** A checkout waits this long, in milliseconds: PGlite has one connection, and everybody takes turns. */
const connectionTimeout = 30_000

/** The roles of an embedded database, by the same names that a server's documentation uses. */
export const embeddedRoles = { owner: 'wt_owner', app: 'wt_app' } as const

// The first undoes what only hostile SQL could have done; the second is where everything falls back to.
const baseline = ['set session authorization postgres', `set role ${embeddedRoles.app}`]

/** The address of a database that is gone when it closes. */
export const inMemory = 'memory://'

export interface OpenedPglite {
  readonly engine: Engine
  readonly keyring: Keyring
}

/**
 * Opens an embedded database: takes the folder's lock, finds its keys, migrates it, and leaves the session in the role
 * that owns nothing. After this, only the pool touches the database: a second door would run inside somebody's transaction.
 *
 * PGlite's session is always the superuser, so the role guards our own code against its own bugs, not against hostile SQL.
 *
 * @param address a folder, made when absent, or `memory://`
 * @param given keys to use instead of the folder's key file
 * @param applicationMigrations a folder of the app's own `*.sql`
 */
export async function openPglite(
  address: string,
  given: Keyring | undefined,
  applicationMigrations: string | undefined,
): Promise<OpenedPglite> {
  if (address === inMemory)
    return await start(
      undefined,
      given ?? Keyring.parse(Keyring.generate()),
      applicationMigrations,
      async () => undefined,
    )
  const folder = await resolveFolder(address)
  const unlock = await lockFolder(`${folder}.lock`)
  try {
    const found = await hasData(folder)
    const keyring = given ?? (await openKeyFile(`${folder}.keys`, found))
    await closeToOthers(folder)
    return await start(folder, keyring, applicationMigrations, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

async function start(
  folder: string | undefined,
  keyring: Keyring,
  applicationMigrations: string | undefined,
  unlock: () => Promise<void>,
): Promise<OpenedPglite> {
  const { PGlite, createPgConfig } = await importPglite()
  const { default: pg } = await importPg()
  const db = folder === undefined ? await PGlite.create() : await openFolder(() => PGlite.create(folder))
  // `idleTimeoutMillis: 0`: the one connection stays, and with it the role that the session was left in.
  const pool = new pg.Pool(
    Object.assign(createPgConfig(db), {
      max: 1,
      pipeline: true,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: connectionTimeout,
    }),
  )
  pool.on('error', () => undefined)
  const close = async () => {
    await pool.end() // an unclosed instance keeps the process alive
    await db.close()
    await unlock()
  }
  try {
    const client = await pool.connect()
    try {
      await prepare(client, keyring, applicationMigrations)
    } finally {
      client.release()
    }
  } catch (error) {
    await pool.end()
    await db.close()
    throw error
  }
  return { engine: { name: 'pglite', pool, steady: true, baseline, close }, keyring }
}

async function prepare(client: ClientLike, keyring: Keyring, applicationMigrations: string | undefined): Promise<void> {
  const { rows } = await client.query({
    text: 'select 1 from pg_roles where rolname = $1',
    values: [embeddedRoles.app],
  })
  if (rows.length === 0) {
    await client.query({ text: `create role ${embeddedRoles.owner} nologin` })
    await client.query({ text: `create role ${embeddedRoles.app} nologin noinherit` })
    await client.query({ text: 'revoke create on schema public from public' })
    await client.query({ text: `grant create on database postgres to ${embeddedRoles.owner}` })
  }
  await client.query({ text: `set role ${embeddedRoles.owner}` })
  // On a server whoever migrates decides about keys; here it happens at every opening, and must not swap them.
  if (await hasOtherKeys(client, keyring))
    throw new KeysRefused('the data folder was made under other keys', 'Use the .keys file that was made with it.')
  await migrate(client, {
    appRole: embeddedRoles.app,
    keyring,
    ...(applicationMigrations === undefined ? {} : { applicationMigrations }),
  })
  // The baseline: whatever rolls back later falls back to "no token, nothing readable", not to the superuser.
  for (const text of baseline) await client.query({ text })
}

async function openFolder<Database>(open: () => Promise<Database>): Promise<Database> {
  try {
    return await open()
  } catch (error) {
    throw new FolderRefused(
      'its database does not start',
      'Open it with the version that made it, or restore a copy.',
      {
        cause: error,
      },
    )
  }
}

// PGlite makes its files readable and writable by everybody: the folder around them is what keeps other users out.
async function closeToOthers(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
}

// Two spellings of one folder must be one lock, a link to it among them.
async function resolveFolder(address: string): Promise<string> {
  const path = resolve(address)
  try {
    await mkdir(dirname(path), { recursive: true })
    return await realpath(path).catch(async () => join(await realpath(dirname(path)), basename(path)))
  } catch (error) {
    throw new FolderRefused('it cannot be created', 'Check the path and its permissions.', { cause: error })
  }
}

// A folder that holds something else is no place for a database: nothing of it is touched.
async function hasData(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (codeOf(error) === 'ENOENT') return []
    throw new FolderRefused('it cannot be read', 'Check the path and its permissions.', { cause: error })
  })
  // Also one that was killed while it was made: what Postgres writes first tells it, and PGlite makes it anew.
  if (names.length > 0 && !names.some((name) => /^(PG_VERSION|base|global|pg_\w+)$/.test(name)))
    throw new FolderRefused(
      'it holds something else than a database',
      'Name an empty folder, or one that is not there yet.',
    )
  return names.length > 0
}

async function importPglite() {
  try {
    const [{ PGlite }, { createPgConfig }] = await Promise.all([
      import('@electric-sql/pglite'),
      import('@electric-sql/pglite/node-postgres'),
    ])
    return { PGlite, createPgConfig }
  } catch (error) {
    throw new PeerMissing('An embedded database', ['@electric-sql/pglite', 'pg'], { cause: error })
  }
}
