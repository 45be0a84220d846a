import { setTimeout as sleep } from 'node:timers/promises'

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openWatertight, session } from '../../src/index.ts'
import { Authority, Keyring } from '../../src/boundary/index.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import { openStore } from '../../src/store/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { openDelayProxy } from '../support/proxy.ts'
import type { DelayProxy } from '../support/proxy.ts'
import { whenReachable } from '../support/require.ts'
import { migrateAsOwner } from './store-fixture.ts'

const keys = Keyring.generate()

whenReachable('postgres', (adminUrl) => {
  let database: TestDatabase
  let proxy: DelayProxy
  beforeAll(async () => {
    database = await openTestDatabase({ adminUrl })
    await migrateAsOwner(database, Keyring.parse(keys))
    const { hostname, port } = new URL(adminUrl)
    proxy = await openDelayProxy({ target: { host: hostname, port: Number(port || 5432) } })
  })
  afterAll(async () => {
    await proxy.close()
    await database.drop()
  })

  describe('a database that is away at the start', () => {
    test.each([
      ['nobody listens', (url: URL) => Object.assign(url, { port: '1' })],
      ['there is no such host', (url: URL) => Object.assign(url, { hostname: 'no-such-host.invalid' })],
      ['there is no such database', (url: URL) => Object.assign(url, { pathname: '/no_such_database' })],
      ['there is no such login', (url: URL) => Object.assign(url, { username: 'no_such_login' })],
    ])('should be a refusal that names no address when %s', async (_title, change) => {
      const url = change(new URL(database.appUrl)).href
      const opening = openStore({ database: url, keys }, new Authority())
      const refusal = await opening.then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(refusal).toBeInstanceOf(StoreUnavailable)
      expect(JSON.stringify(refusal)).not.toMatch(/127\.0\.0\.1|no[-_]such|postgres:/)
    })

    test.each(['mysql://host/db', 'http://host', 'memory://somewhere', 'POSTGRES://host/db', 'idb://x'])(
      'should not take the address %s for a folder',
      async (address) => {
        await expect(openStore({ database: address, keys }, new Authority())).rejects.toThrow(TypeError)
      },
    )
  })

  describe('a database that goes away', () => {
    const open = async (url: string) => {
      const house = await openWatertight({ database: url, keys, identity: session(), surfaces: [memory()] })
      await house.directory.putTenant({ tenantId: 'acme', plan: 'pro', region: 'us' })
      await house.directory.putWorkspace({ tenantId: 'acme', workspaceId: 'ws' })
      await house.directory.putMember({
        tenantId: 'acme',
        workspaceId: 'ws',
        userId: 'u',
        role: 'owner',
        allowedToolIds: [],
        allowedDatasourceIds: [],
      })
      const boundary = await house.boundary(await house.identify({ tenantId: 'acme', userId: 'u' }), {
        workspaceId: 'ws',
      })
      return { house, desk: house.within(boundary) }
    }

    test('should refuse, and serve again when it is back', async () => {
      const { house, desk } = await open(proxy.url(database.appUrl))
      await desk.memory.set('before', 1)
      await withClient(database.adminUrl, (client) =>
        client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [database.appRole]),
      )
      await sleep(50)
      proxy.cut()
      // Whatever an operation meets first is a refusal or the answer, never a driver's error.
      const outcome = await desk.memory.get('before').catch((error: unknown) => error)
      if (outcome instanceof Error)
        expect(outcome).toMatchObject({ code: expect.stringMatching(/STORE_UNAVAILABLE|EVIDENCE_REFUSED/) })
      expect((await desk.memory.get('before'))?.value).toBe(1)
      await house.close()
    })

    test('should refuse inside a transaction that loses its connection, and give the connection to nobody', async () => {
      const { house, desk } = await open(proxy.url(database.appUrl))
      const attempt = desk.transact(async (tx) => {
        await tx.query(`insert into wt.user_memory (key, value, source) values ('cut', '1', '{}')`)
        proxy.cut()
        await tx.query('select 1')
      })
      await expect(attempt).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(await desk.memory.get('cut')).toBeUndefined()
      await house.close()
    })

    test('should write nothing half: each acknowledged memory has its event, and no event stands alone', async () => {
      const { house, desk } = await open(proxy.url(database.appUrl))
      const acknowledged: string[] = []
      let failed = 0
      const end = new AbortController()
      const writer = async (name: string) => {
        for (let at = 0; !end.signal.aborted; at++) {
          const key = `${name}-${at}`
          const done = await desk.memory.set(key, { key }).then(
            () => true,
            () => false,
          )
          if (done) acknowledged.push(key)
          else failed++
        }
      }
      const writers = ['a', 'b', 'c', 'd'].map(writer)
      for (let round = 0; round < 12; round++) {
        const enough = acknowledged.length + 8
        while (acknowledged.length < enough) await sleep(3)
        await sleep(round) // never at the same moment of a write
        proxy.cut()
      }
      end.abort()
      await Promise.all(writers)
      expect(acknowledged.length).toBeGreaterThan(50)
      expect(failed).toBeGreaterThan(0)

      const { rows, events } = await withClient(database.adminUrl, async (client) => ({
        rows: (await client.query(`select key from wt.user_memory where key ~ '^[abcd]-'`)).rows.map((row) =>
          String(row['key']),
        ),
        events: (
          await client.query(
            `select k.key from wt.audit_event e, json_array_elements_text(e.detail -> 'keys') k (key) where e.event = 'memory-written' and k.key ~ '^[abcd]-'`,
          )
        ).rows.map((row) => String(row['key'])),
      }))
      expect(new Set(rows)).toEqual(new Set(events))
      expect(events).toHaveLength(rows.length)
      expect(acknowledged.filter((key) => !rows.includes(key))).toEqual([])
      await house.close()
    })

    test('should not wait for ever for an answer that never comes', async () => {
      const pool = new pg.Pool({
        connectionString: proxy.url(database.appUrl),
        pipeline: true,
        max: 2,
        query_timeout: 400,
        connectionTimeoutMillis: 400,
      })
      pool.on('error', () => undefined)
      const store = await openStore({ database: pool, keys }, new Authority())
      try {
        proxy.pause()
        const waiting = await Promise.allSettled(Array.from({ length: 3 }, () => store.operate('operator_ping', [])))
        for (const outcome of waiting)
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } })
      } finally {
        proxy.resume()
      }
      await expect.poll(() => store.operate('operator_ping', []).catch(() => []), { timeout: 5_000 }).toHaveLength(1)
      await pool.end()
    })
  })

  test('should refuse once it was closed', async () => {
    const store = await openStore({ database: database.appUrl, keys }, new Authority())
    await store.close()
    await expect(store.operate('operator_ping', [])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
