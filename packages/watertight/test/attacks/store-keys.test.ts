import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import type { AgentBoundary } from '../../src/boundary/index.ts'
import { createDirectoryAdmin } from '../../src/services/directory/index.ts'
import { migrate, openStore } from '../../src/store/index.ts'
import type { Store } from '../../src/store/index.ts'
import { createRole, openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'
import { migrateAsOwner, refusalOf, settle } from './store-fixture.ts'

const first = Keyring.generate()
const second = Keyring.generate().replace('1:', '2:')

whenReachable('postgres', (adminUrl) => {
  describe('rotating keys', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await openTestDatabase({ adminUrl })
    })
    afterAll(() => database.drop())

    test('should let two keys live, and end the old one when it is left out', async () => {
      await migrateAsOwner(database, Keyring.parse(first))
      await using old = await openServer(database, first)
      await old.read()

      await migrateAsOwner(database, Keyring.parse(`${second},${first}`))
      await using next = await openServer(database, `${second},${first}`)
      await next.read()
      await old.read() // a server that was not restarted yet goes on

      await migrateAsOwner(database, Keyring.parse(second))
      await next.read()
      await expect(old.read()).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'forged' })
      await expect(openServer(database, first)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
      await expect(openServer(database, `${first},${second}`)).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    })

    test('should never leave the database without keys while they change', async () => {
      await migrateAsOwner(database, Keyring.parse(second))
      await using server = await openServer(database, `${second},${first}`)
      const changes = new AbortController()
      const reads = (async () => {
        const refusals: string[] = []
        while (!changes.signal.aborted) refusals.push(await refusalOf(server.read()))
        return refusals
      })()
      for (let round = 0; round < 10; round++)
        await migrateAsOwner(database, Keyring.parse(round % 2 === 0 ? `${second},${first}` : second))
      changes.abort()
      expect((await reads).filter((refusal) => refusal !== '')).toEqual([])
    })
  })

  describe('migrating', () => {
    let database: TestDatabase
    beforeAll(async () => {
      database = await openTestDatabase({ adminUrl })
    })
    afterAll(() => database.drop())

    const rows = (text: string) => withClient(database.adminUrl, async (client) => (await client.query(text)).rows)

    test('should apply each file once when several start together', async () => {
      const applied = await Promise.all(Array.from({ length: 4 }, () => migrateAsOwner(database, Keyring.parse(first))))
      const [counted] = await rows('select count(*)::int as files from wt.migration')
      expect(applied.filter((names) => names.length > 0).map((names) => names.length)).toEqual([counted?.files])
    })

    test('should do nothing the second time', async () => {
      const before = await rows('select * from wt.migration order by version')
      expect(await migrateAsOwner(database, Keyring.parse(first))).toEqual([])
      expect(await rows('select * from wt.migration order by version')).toEqual(before)
    })

    test('should refuse a file that changed after it was applied', async () => {
      await rows(`update wt.migration set sha256 = 'changed' where version = 2`)
      await expect(migrateAsOwner(database, Keyring.parse(first))).rejects.toMatchObject({
        code: 'SERVE_REFUSED',
        findings: [expect.stringMatching(/0002-boundary\.sql changed/)],
      })
      await rows('delete from wt.migration where version = 2')
      await expect(migrateAsOwner(database, Keyring.parse(first))).rejects.toThrow(/already exists/)
    })

    test('should refuse another application role than the one it was made for', async () => {
      const other = await createRole(database.adminUrl, {})
      const attempt = withClient(database.ownerUrl, (client) =>
        migrate(client, { appRole: other.role, keyring: Keyring.parse(first) }),
      )
      await expect(attempt).rejects.toMatchObject({ code: 'SERVE_REFUSED' })
    })

    test('should leave nothing of a file that fails, and no lock', async () => {
      await using empty = await openTestDatabase({ adminUrl })
      const attempt = withClient(empty.ownerUrl, (client) =>
        migrate(client, { appRole: 'no_such_role', keyring: Keyring.parse(first) }),
      )
      await expect(attempt).rejects.toThrow(/no_such_role/)
      const left = await withClient(empty.adminUrl, async (client) => ({
        schema: (await client.query(`select 1 from pg_namespace where nspname = 'wt'`)).rows,
        locks: (
          await client.query(
            `select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
          )
        ).rows,
      }))
      expect(left).toEqual({ schema: [], locks: [] })
    })

    test('should quote a role whose name holds what SQL reads', async () => {
      await using odd = await openTestDatabase({ adminUrl })
      const role = `${odd.appRole}_"; drop schema wt; --'$&`
      await withClient(odd.adminUrl, (client) =>
        client.query(`create role ${JSON.stringify(role).replaceAll('\\"', '""')} nologin`),
      )
      await withClient(odd.ownerUrl, (client) => migrate(client, { appRole: role, keyring: Keyring.parse(first) }))
      const kept = await withClient(
        odd.adminUrl,
        async (client) => (await client.query(`select value from wt.setting where name = 'app-role'`)).rows,
      )
      expect(kept).toEqual([{ value: role }])
    })

    test('should keep the secret itself out of the database', async () => {
      await using fresh = await openTestDatabase({ adminUrl })
      await migrateAsOwner(fresh, Keyring.parse(first))
      const secret = Buffer.from(first.split(':')[1] ?? '', 'base64url')
      const stored = await withClient(
        fresh.adminUrl,
        async (client) => (await client.query('select ipad, opad from wt.key')).rows,
      )
      for (const { ipad, opad } of stored)
        for (const pad of [ipad, opad])
          expect(Buffer.from(pad.map((byte: number) => byte ^ (pad === ipad ? 0x36 : 0x5c))).includes(secret)).toBe(
            false,
          )
    })
  })
})

interface Server extends AsyncDisposable {
  read(): Promise<unknown>
}

async function openServer(database: TestDatabase, keys: string): Promise<Server> {
  const authority = new Authority()
  const store: Store = await openStore({ database: database.appUrl, keys }, authority)
  const boundary: AgentBoundary = await settle(
    { store, authority, directory: createDirectoryAdmin(store) },
    { tenantId: 'acme', workspaceId: 'ws', userId: 'u', role: 'owner' },
  )
  return {
    read: () => store.transact(boundary, (tx) => tx.query('select * from wt.user_memory')),
    [Symbol.asyncDispose]: () => store.close(),
  }
}
