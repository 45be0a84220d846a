import { afterAll, describe } from 'vitest'

import { Keyring } from '../../src/boundary/index.ts'
import { migrate } from '../../src/store/index.ts'
import { openTestDatabase, withClient } from './postgres.ts'
import type { TestDatabase } from './postgres.ts'
import { whenReachable } from './require.ts'

/** What `openWatertight()` needs of a database. On a server `install` changes the keys, as `watertight migrate` does. */
export interface TestStore {
  readonly database: string
  readonly keys: string
  /** the server's superuser in this database; undefined on PGlite */
  readonly adminUrl?: string
  install?(keys: string): Promise<void>
}

/**
 * Declares the same tests for each engine: embedded, and a server logged in as the plain app role where one is reachable.
 *
 * @param declare receives a function that gives an empty, migrated database of its own at each call
 */
export function onEachEngine(declare: (create: () => Promise<TestStore>, engine: 'pglite' | 'postgres') => void): void {
  describe('pglite', () => declare(async () => ({ database: 'memory://', keys: Keyring.generate() }), 'pglite'))
  whenReachable('postgres', (adminUrl) => {
    const databases: TestDatabase[] = []
    afterAll(async () => {
      for (const database of databases) await database.drop()
    })
    declare(async () => {
      const database = await openTestDatabase({ adminUrl })
      databases.push(database)
      const install = (keys: string) => installKeys(database, keys)
      const keys = Keyring.generate()
      await install(keys)
      return { database: database.appUrl, adminUrl: database.adminUrl, keys, install }
    }, 'postgres')
  })
}

async function installKeys({ ownerUrl, appRole }: TestDatabase, keys: string): Promise<void> {
  await withClient(ownerUrl, (client) => migrate(client, { appRole, keyring: Keyring.parse(keys) }))
}
