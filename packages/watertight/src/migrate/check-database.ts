import { existsSync } from 'node:fs'

import { Authority } from '../boundary/index.ts'
import { FolderRefused, ServeRefused } from '../errors.ts'
import { openStore } from '../store/index.ts'

export interface CheckDatabaseOptions {
  /** `postgres://…` with the login that serves, or a data folder */
  readonly database: string
  /** keys in their written form; `WATERTIGHT_KEYS`, or the key file of a folder, where absent */
  readonly keys?: string
  /** `transaction` behind a transaction pooler */
  readonly pooling?: 'transaction'
  /** tables that hold nobody's data, as `schema.table`: what `openWatertight()` is told */
  readonly unprotectedTables?: readonly string[]
}

export interface Checked {
  /** each prevents a start: what is wrong, and what to do */
  readonly findings: readonly string[]
  /** what prevents no start and would better be mended; empty where there are findings */
  readonly advice: readonly string[]
}

/**
 * Asks the database what every start asks: whether isolation would hold for the login that serves. Serves nothing.
 *
 * @throws {KeysRefused} `KEYS_REFUSED` when there are no keys, or not the database's
 * @throws {FolderRefused} `FOLDER_REFUSED` when there is no such folder, or another process has it open
 * @throws {StoreUnavailable} `STORE_UNAVAILABLE` when the database is away
 */
export async function checkDatabase(options: CheckDatabaseOptions): Promise<Checked> {
  // To look is not to make: opening a folder that is not there would.
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(options.database) && !existsSync(options.database))
    throw new FolderRefused('there is none at this path', 'Name the folder that the server opens.')
  try {
    const store = await openStore(options, new Authority())
    await store.close()
    return { findings: [], advice: store.advice }
  } catch (error) {
    if (error instanceof ServeRefused) return { findings: error.findings, advice: [] }
    throw error
  }
}
