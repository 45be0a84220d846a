import { afterAll, beforeAll, expect, test } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import { ServeRefused } from '../../src/errors.ts'
import { openStore } from '../../src/store/index.ts'
import type { StoreOptions } from '../../src/store/index.ts'
import { openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { migrateAsOwner } from './store-fixture.ts'

/** A migrated database on a server, and what start-up says of it. `@app`, `@owner` and `@database` stand for names. */
export interface Started {
  readonly database: TestDatabase
  readonly keys: string
  /** as the superuser */
  admin(text: string): Promise<unknown>
  /** what start-up finds wrong; empty when it serves */
  findings(options?: Partial<StoreOptions>): Promise<readonly string[]>
  /** what it would better be told, when it serves */
  advice(options?: Partial<StoreOptions>): Promise<readonly string[]>
}

/** A defect: its name, the SQL that plants it, the SQL that takes it away, and what start-up must say. */
export type Defect = readonly [title: string, harm: string, mend: string, finding: RegExp]

/** Declares a database for the tests of a block; ready when they run. */
export function useStarted(adminUrl: string): () => Started {
  let started: Started
  beforeAll(async () => {
    const database = await openTestDatabase({ adminUrl })
    const keys = Keyring.generate()
    await migrateAsOwner(database, Keyring.parse(keys))
    started = createStarted(database, keys)
  })
  afterAll(() => started.database.drop())
  return () => started
}

function createStarted(database: TestDatabase, keys: string): Started {
  const named = (text: string) =>
    text
      .replaceAll('@app', database.appRole)
      .replaceAll('@owner', database.ownerRole)
      .replaceAll('@database', database.database)
  const open = (options: Partial<StoreOptions>) =>
    openStore({ database: database.appUrl, keys, ...options }, new Authority())
  return {
    database,
    keys,
    admin: (text) => withClient(database.adminUrl, (client) => client.query(named(text))),
    async findings(options = {}) {
      try {
        const store = await open(options)
        await store.close()
        return []
      } catch (error) {
        if (error instanceof ServeRefused) return error.findings
        throw error
      }
    },
    async advice(options = {}) {
      const store = await open(options)
      await store.close()
      return store.advice
    },
  }
}

/** Declares a test for each defect: served without it, refused with it by its name, served again when it is gone. */
export function refuseEach(started: () => Started, defects: readonly Defect[]): void {
  test.each(defects)('should refuse to serve when %s', async (_title, harm, mend, finding) => {
    const { admin, findings } = started()
    expect(await findings()).toEqual([])
    await admin(harm)
    try {
      expect(await findings()).toContainEqual(expect.stringMatching(finding))
    } finally {
      await admin(mend)
    }
    expect(await findings()).toEqual([])
  })
}
