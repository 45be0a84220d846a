import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { findPgBouncer, openPgBouncer, type PgBouncerOptions } from './pgbouncer.ts'
import { openTestDatabase, withClient, type TestDatabase } from './postgres.ts'
import { whenReachable } from './require.ts'

whenReachable('postgres', (serverUrl) => {
  whenReachable('pgbouncer', (program) => {
    let db: TestDatabase
    beforeAll(async () => {
      db = await openTestDatabase({ adminUrl: serverUrl })
    })
    afterAll(() => db.drop())

    const openPooler = (options: Pick<PgBouncerOptions, 'poolMode' | 'poolSize'>) =>
      openPgBouncer({ program, urls: [db.appUrl, db.ownerUrl], ...options })

    test('should lead each login to its database', async () => {
      await using pooler = await openPooler({ poolMode: 'session' })
      for (const [url, role] of [
        [db.appUrl, db.appRole],
        [db.ownerUrl, db.ownerRole],
      ] as const) {
        await withClient(pooler.url(url), async (client) => {
          const { rows } = await client.query('select current_database() as database, session_user::text as role')
          expect(rows).toEqual([{ database: db.database, role }])
        })
      }
    })

    test('should hand one server connection to many clients in transaction mode', async () => {
      await using pooler = await openPooler({ poolMode: 'transaction', poolSize: 1 })
      await withClient(pooler.url(db.appUrl), (first) =>
        withClient(pooler.url(db.appUrl), async (second) => {
          expect(await backendOf(first)).toBe(await backendOf(second))
        }),
      )
    })

    test('should keep a server connection for each client in session mode', async () => {
      await using pooler = await openPooler({ poolMode: 'session', poolSize: 2 })
      await withClient(pooler.url(db.appUrl), (first) =>
        withClient(pooler.url(db.appUrl), async (second) => {
          expect(await backendOf(first)).not.toBe(await backendOf(second))
        }),
      )
    })

    test('should show a process id that is not the one of the backend', async () => {
      await using pooler = await openPooler({ poolMode: 'session' })
      await withClient(pooler.url(db.appUrl), async (client) => {
        expect(processIdOf(client)).not.toBe(await backendOf(client))
      })
      await withClient(db.appUrl, async (client) => {
        expect(processIdOf(client)).toBe(await backendOf(client))
      })
    })

    test('should find the program that the tests were given', () => {
      expect(findPgBouncer()).toBe(program)
    })

    test('should refuse connections once stopped, and stop twice', async () => {
      const pooler = await openPooler({ poolMode: 'session' })
      await pooler.stop()
      await pooler.stop()
      await expect(withClient(pooler.url(db.appUrl), backendOf)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    })

    test('should tell the log of a PgBouncer that cannot start', async () => {
      const opening = openPgBouncer({ program, urls: [db.appUrl], poolMode: 'session', poolSize: Number.NaN })
      await expect(opening).rejects.toThrow('default_pool_size')
    })
  })
})

async function backendOf(client: Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid
}

/** Read from the wire by `pg`, which does not declare it. */
function processIdOf(client: Client): unknown {
  return Reflect.get(client, 'processID')
}
