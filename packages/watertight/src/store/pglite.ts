import { mkdir, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

import { Keyring } from '../boundary/index.ts'
import { FolderRefused, PeerMissing } from '../errors.ts'
import type { ClientLike, Engine } from './client.ts'
import { lockFolder } from './folder-lock.ts'
import { openKeyFile } from './key-file.ts'
import { migrate } from './migrate.ts'
import { importPg } from './postgres.ts'

/** A checkout waits this long, in milliseconds: PGlite has one connection, and everybody takes turns. */
const connectionTimeout = 30_000

/** The roles of an embedded database, by the same names that a server's documentation uses. */
export const embeddedRoles = { owner: 'wt_owner', app: 'wt_app' } as const

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
    const keyring = given ?? (await openKeyFile(`${folder}.keys`, await hasData(folder)))
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
  const db = folder === undefined ? await PGlite.create() : await PGlite.create(folder)
  // `idleTimeoutMillis: 0`: the one connection stays, and with it the role that the session was left in.
  const pool = new pg.Pool({
    ...createPgConfig(db),
    max: 1,
    pipeline: true,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: connectionTimeout,
  })
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
  return { engine: { name: 'pglite', pool, steady: true, baseline: `set role ${embeddedRoles.app}`, close }, keyring }
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
  await migrate(client, {
    appRole: embeddedRoles.app,
    keyring,
    ...(applicationMigrations === undefined ? {} : { applicationMigrations }),
  })
  // The baseline: whatever rolls back later falls back to "no token, nothing readable", not to the superuser.
  await client.query({ text: `set role ${embeddedRoles.app}` })
}

// Two spellings of one folder must be one lock.
async function resolveFolder(address: string): Promise<string> {
  const path = resolve(address)
  try {
    await mkdir(dirname(path), { recursive: true })
    return join(await realpath(dirname(path)), basename(path))
  } catch (error) {
    throw new FolderRefused('it cannot be created', 'Check the path and its permissions.', { cause: error })
  }
}

async function hasData(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0
  } catch {
    return false
  }
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
