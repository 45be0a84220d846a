import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { migrateDatabase } from '../../src/migrate/index.ts'
import { openTestDatabase, withClient } from '../support/postgres.ts'

export type EngineName = 'pglite' | 'postgres'

/** A store that outlives its victims. */
export interface Target extends AsyncDisposable {
  readonly database: string
  readonly keys: string | undefined
  /** resolves when nothing that a dead process had sent is still being worked on */
  settled(): Promise<void>
}

/** @param applicationMigrations a folder with the app's own tables: a server's are made here, a data folder's by who opens it */
export async function openTarget(engine: EngineName, applicationMigrations?: string): Promise<Target> {
  return engine === 'pglite' ? await openFolder() : await openServer(applicationMigrations)
}

/** The engines to soak: both, or the one that was asked for; a server that is not there is left out, or required. */
export async function chooseEngines(asked: string | undefined): Promise<readonly EngineName[]> {
  if (asked === 'pglite' || asked === 'postgres') return [asked]
  if (asked !== undefined) throw new TypeError('--engine takes pglite or postgres.')
  const url = process.env['WATERTIGHT_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  try {
    await withClient(url, (client) => client.query('select 1'))
    return ['pglite', 'postgres']
  } catch (error) {
    const missing = `no server at ${new URL(url).host}; set WATERTIGHT_POSTGRES or start one` // the URL may hold a password
    if ((process.env['WATERTIGHT_REQUIRE'] ?? '').split(',').includes('postgres'))
      throw new Error(missing, { cause: error })
    console.log(`left out: postgres (${missing})`)
    return ['pglite']
  }
}

async function openFolder(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'watertight-soak-'))
  return {
    database: join(folder, 'data'),
    keys: undefined,
    settled: async () => undefined, // the database died with its process
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function openServer(applicationMigrations: string | undefined): Promise<Target> {
  const database = await openTestDatabase()
  const { madeKeys } = await migrateDatabase({
    database: database.ownerUrl,
    appRole: database.appRole,
    ...(applicationMigrations === undefined ? {} : { applicationMigrations }),
  })
  return {
    database: database.appUrl,
    keys: madeKeys,
    // A server goes on with what it was sent before it notices that nobody listens.
    settled: () =>
      withClient(database.adminUrl, async (client) => {
        for (;;) {
          const { rows } = await client.query('select 1 from pg_stat_activity where usename = $1', [database.appRole])
          if (rows.length === 0) return
          await wait(5)
        }
      }),
    [Symbol.asyncDispose]: () => database.drop(),
  }
}
