import { openTestDatabase } from '../../packages/watertight/test/support/postgres.ts'
import type { TestDatabase } from '../../packages/watertight/test/support/postgres.ts'
import type { Services } from './stack.ts'

/** Opens what stacks ask for, when they ask. Each address is that of a new database; all go when this is disposed of. */
export function openServices(): Services & AsyncDisposable {
  const databases: TestDatabase[] = []
  return {
    async postgres() {
      const database = await openTestDatabase()
      databases.push(database)
      return database.adminUrl
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases) await database.drop()
    },
  }
}
