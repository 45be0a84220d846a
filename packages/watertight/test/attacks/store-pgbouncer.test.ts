import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import type { AgentBoundary } from '../../src/boundary/index.ts'
import { createDirectoryAdmin } from '../../src/services/directory/index.ts'
import { openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/index.ts'
import { openPgBouncer } from '../support/pgbouncer.ts'
import type { PgBouncer } from '../support/pgbouncer.ts'
import { openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'
import { migrateAsOwner, rowsOf, settle } from './store-fixture.ts'

const keys = Keyring.generate()
const operations = 1_200

whenReachable('postgres', (adminUrl) => {
  whenReachable('pgbouncer', (program) => {
    let database: TestDatabase
    let pooler: PgBouncer
    beforeAll(async () => {
      database = await openTestDatabase({ adminUrl })
      await migrateAsOwner(database, Keyring.parse(keys))
      await withClient(database.adminUrl, (client) =>
        client.query(`grant temporary on database ${database.database} to public`),
      )
      pooler = await openPgBouncer({ program, urls: [database.appUrl], poolMode: 'transaction', poolSize: 3 })
    })
    afterAll(async () => {
      await pooler.stop()
      await database.drop()
    })

    test('should refuse to serve behind a transaction pooler that it was not told of, and name the option', async () => {
      const opening = openStore({ database: pooler.url(database.appUrl), keys }, new Authority())
      await expect(opening).rejects.toMatchObject({
        code: 'SERVE_REFUSED',
        findings: [expect.stringContaining(`pooling: 'transaction'`)],
      })
    })

    test('should notice one that takes every setting, by the number of the session', async () => {
      const pool = new pg.Pool({ connectionString: pooler.url(database.appUrl) })
      try {
        const opening = openStore({ database: pool, keys }, new Authority())
        await expect(opening).rejects.toMatchObject({ findings: [expect.stringContaining(`pooling: 'transaction'`)] })
      } finally {
        await pool.end()
      }
    })

    test('should refuse a pooling that it does not know', async () => {
      // What a configuration file may hold.
      const pooling = 'statement' as 'transaction'
      await expect(openStore({ database: database.appUrl, keys, pooling }, new Authority())).rejects.toThrow(TypeError)
    })

    describe('told of it', () => {
      let store: Store
      let mine: AgentBoundary
      let twin: AgentBoundary
      beforeAll(async () => {
        const authority = new Authority()
        store = await openStore({ database: pooler.url(database.appUrl), keys, pooling: 'transaction' }, authority)
        const house = { store, authority, directory: createDirectoryAdmin(store) }
        mine = await settle(house, { tenantId: 'acme', workspaceId: 'ws', userId: 'u', role: 'owner' })
        twin = await settle(house, { tenantId: 'acme ', workspaceId: 'ws', userId: 'u', role: 'owner' })
      })
      afterAll(() => store.close())

      test(`should mix up none of ${operations} operations of two look-alike tenants`, async () => {
        const work = Array.from({ length: operations }, (_, at) => operate(at % 2 === 0 ? mine : twin, at))
        const outcomes = await Promise.all(work)
        expect(outcomes.filter((outcome) => !outcome)).toEqual([])
      })

      async function operate(boundary: AgentBoundary, at: number): Promise<boolean> {
        const { tenant, workspace, member, state } = rowsOf(boundary)
        const place = [tenant, workspace, member]
        const key = `k${at % 7}`
        if (at % 3 === 0) {
          await store.call(boundary, 'memory_set', [...place, 'user', key, JSON.stringify(state.tenantId), '{}', '[]'])
          return true
        }
        const rows =
          at % 3 === 1
            ? await store.call(boundary, 'memory_get_user', [...place, key])
            : await store.transact(
                boundary,
                async (tx) => (await tx.query('select value, tenant_id from wt.user_memory')).rows,
              )
        return rows.every((row) => row['value'] === state.tenantId && (row['tenant_id'] ?? tenant) === tenant)
      }

      test('should use no named statement', async () => {
        for (let round = 0; round < 10; round++) {
          const { rows } = await store.transact(mine, (tx) => tx.query('select name from pg_prepared_statements'))
          expect(rows).toEqual([])
        }
      })

      test('should sign tokens that end within ten seconds, bound to no session', async () => {
        const { rows } = await store.transact(mine, (tx) =>
          tx.query(`select split_part(current_setting('wt.token'), '|', 3) as pid,
            split_part(current_setting('wt.token'), '|', 4)::bigint - extract(epoch from clock_timestamp()) * 1000 < 10500 as soon`),
        )
        expect(rows).toEqual([{ pid: '0', soon: true }])
      })

      test.each(['returns', 'throws', 'fails in SQL'])(
        'residue: should leave nothing on the sessions that all share when the work %s',
        async (ending) => {
          const attempt = store.transact(mine, async (tx) => {
            for (const text of [
              `set statement_timeout = '1ms'`,
              'set search_path = wt',
              'set default_transaction_read_only = on',
              'reset statement_timeout',
              'declare left_over cursor with hold for select 1',
              'prepare left_over as select 1',
              'select pg_advisory_lock(7)',
              'listen left_over',
              'create temporary table left_over (a int)',
              `select set_config('wt.token', current_setting('wt.token'), false)`,
            ])
              await tx.query(text)
            if (ending === 'throws') throw new RangeError('thrown')
            if (ending === 'fails in SQL') await tx.query('select 1 / 0')
          })
          if (ending === 'returns') await attempt
          else await expect(attempt).rejects.toThrow()
          for (let round = 0; round < 10; round++) {
            const left = await withClient(pooler.url(database.appUrl), async (client) => {
              const { rows } =
                await client.query(`select (select count(*)::int from pg_cursors where name = 'left_over') as cursors,
              (select count(*)::int from pg_prepared_statements where name = 'left_over') as statements,
              (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
              (select count(*)::int from pg_listening_channels()) as listens,
              (select count(*)::int from pg_class where relname = 'left_over') as tables,
              coalesce(current_setting('wt.token', true), '') as token, current_setting('search_path') as path,
              current_setting('default_transaction_read_only') as read_only`)
              return rows
            })
            expect(left).toEqual([
              {
                cursors: 0,
                statements: 0,
                locks: 0,
                listens: 0,
                tables: 0,
                token: '',
                path: '"$user", public',
                read_only: 'off',
              },
            ])
          }
        },
      )

      test('should commit nothing that failed', async () => {
        const attempt = store.transact(mine, async (tx) => {
          await tx.query(`insert into wt.user_memory (key, value, source) values ('hidden', '1', '{}')`)
          await tx.query('select 1 / 0').catch(() => undefined)
        })
        await expect(attempt).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
        const { rows } = await store.transact(mine, (tx) =>
          tx.query(`select 1 from wt.user_memory where key = 'hidden'`),
        )
        expect(rows).toEqual([])
      })
    })

    test('should refuse every boundary when a pool hides that it is pooled', async () => {
      // Without the driver's process id a pooler cannot be noticed at start; the binding to the session then refuses, not mixes up.
      await using single = await openPgBouncer({
        program,
        urls: [database.appUrl],
        poolMode: 'transaction',
        poolSize: 3,
      })
      const pool = new pg.Pool({ connectionString: single.url(database.appUrl), max: 4 })
      pool.on('connect', (client) => Object.assign(client, { processID: null }))
      try {
        const opening = openStore({ database: pool, keys }, new Authority())
        const outcome = await opening.then(
          async (store) => {
            const pings = await Promise.allSettled(Array.from({ length: 40 }, () => store.operate('operator_ping', [])))
            return pings.flatMap((ping) =>
              ping.status === 'fulfilled' ? [Number.isFinite(Number(ping.value[0]?.['now_ms']))] : [],
            )
          },
          () => [],
        )
        expect(outcome.every(Boolean)).toBe(true)
      } finally {
        await pool.end()
      }
    })
  })
})
