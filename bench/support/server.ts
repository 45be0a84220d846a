import { migrateDatabase } from 'watertight/migrate'

import { openTestDatabase, withClient } from '../../packages/watertight/test/support/postgres.ts'
import type { TestDatabase } from '../../packages/watertight/test/support/postgres.ts'
import { createRawTables } from './raw.ts'

export interface Server extends AsyncDisposable {
  readonly database: TestDatabase
  /** the plain app login's */
  readonly url: string
  readonly options: { readonly keys: string; readonly unprotectedTables: readonly string[] }
}

/**
 * A database of its own on the test server, migrated, with the raw tables beside; removed when it is disposed of.
 *
 * @param applicationMigrations a folder of migrations of an app's own
 */
export async function openServer(applicationMigrations?: string): Promise<Server> {
  const database = await openTestDatabase()
  try {
    const { madeKeys: keys = '' } = await migrateDatabase({
      database: database.ownerUrl,
      appRole: database.appRole,
      ...(applicationMigrations === undefined ? {} : { applicationMigrations }),
    })
    await withClient(database.ownerUrl, (client) => createRawTables(client, database.appRole))
    return {
      database,
      url: database.appUrl,
      options: { keys, unprotectedTables: ['public.raw_memory', 'public.raw_audit'] },
      [Symbol.asyncDispose]: () => database.drop(),
    }
  } catch (error) {
    await database.drop()
    throw error
  }
}
