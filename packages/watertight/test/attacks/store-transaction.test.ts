import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { onBothEngines, refusalOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const insert = 'insert into wt.user_memory (key, value, source) values ($1, $2, $3)'

onBothEngines((open, engine) => {
  let house: House
  let mine: AgentBoundary
  let twin: AgentBoundary
  beforeAll(async () => {
    house = await open()
    mine = await house.boundary('acme', 'ws', 'u')
    twin = await house.boundary('acme2', 'ws', 'u')
  })
  afterAll(() => house[Symbol.asyncDispose]())

  const keys = async (boundary = mine) =>
    await house.store.transact(boundary, async (tx) =>
      (await tx.query('select key from wt.user_memory order by key')).rows.map((row) => row['key']),
    )

  test.each([
    'copy wt.user_memory (key, value, source) from stdin',
    ';/* a /* b */ */--\nCOPY(select key from wt.user_memory) to stdout',
    `do $$begin execute 'copy wt.user_memory (key, value, source) from stdin'; end$$`,
    `prepare held as copy wt.user_memory from stdin`,
  ])('should not have its connection held by %j', async (text) => {
    const started = performance.now()
    await expect(house.store.transact(mine, (tx) => tx.query(text))).rejects.toThrow()
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(await keys()).toEqual([])
  })

  describe('a transaction that fails', () => {
    test('should say that a right is missing, to every boundary alike, and not so of a row that is refused', async () => {
      const say = (boundary: AgentBoundary, text: string) =>
        house.store.transact(boundary, (tx) => tx.query(text)).catch(String)
      const [denied, ...others] = await Promise.all([mine, twin].map((one) => say(one, 'select * from wt.key')))
      expect(denied).toMatch(/^Forbidden: .* grant it in a migration\.$/)
      expect(others).toEqual([denied])
      const row = `insert into wt.user_memory (tenant_id, key, value, source) values (gen_random_uuid(), 'k', '1', '{}')`
      expect(await say(mine, row)).toMatch(/^Forbidden: .* Ask an admin of the workspace\.$/)
    })

    test('should keep nothing when its work throws, and give the work\u2019s own error', async () => {
      const attempt = house.store.transact(mine, async (tx) => {
        await tx.query(insert, ['thrown', '1', '{}'])
        throw new RangeError('the work failed')
      })
      await expect(attempt).rejects.toThrow(new RangeError('the work failed'))
      expect(await keys()).not.toContain('thrown')
    })

    test('should keep nothing when its work throws before it awaits anything', async () => {
      const work = () => {
        throw new RangeError('at once')
      }
      await expect(house.store.transact(mine, work)).rejects.toThrow(new RangeError('at once'))
    })

    // COMMIT of a failed transaction succeeds, with the tag ROLLBACK: to take that for a commit loses what was acknowledged.
    test.each([{ ours: true }, { ours: false }])(
      'should be refused when its work hides the error (%o)',
      async (options) => {
        const attempt = house.store.transact(
          mine,
          async (tx) => {
            await tx.query(insert, ['hidden', '1', '{}'])
            await tx.query('select 1 / 0').catch(() => undefined)
            return 'done'
          },
          options,
        )
        await expect(attempt).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
        expect(await keys()).not.toContain('hidden')
      },
    )

    test('should be refused when a statement that nobody awaits fails', async () => {
      const attempt = house.store.transact(mine, async (tx) => {
        await tx.query(insert, ['forgotten', '1', '{}'])
        tx.query('select 1 / 0').catch(() => undefined)
      })
      await expect(attempt).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(await keys()).not.toContain('forgotten')
    })
  })

  describe('the end of a transaction', () => {
    test('should include what was sent before it and not awaited', async () => {
      await house.store.transact(mine, async (tx) => {
        void tx.query(insert, ['unawaited', '1', '{}'])
        await Promise.resolve()
      })
      expect(await keys()).toContain('unawaited')
      expect(await keys(twin)).not.toContain('unawaited')
    })

    test.each(['returned', 'thrown'])('should refuse what is sent after it has %s', async (ending) => {
      let kept: Transaction | undefined
      await house.store
        .transact(mine, async (tx) => {
          kept = tx
          if (ending === 'thrown') throw new RangeError('the work failed')
          await Promise.resolve()
        })
        .catch(() => undefined)
      // The connection may be somebody else's by now, with somebody else's token.
      await house.store.transact(twin, async (tx) => {
        await tx.query('select 1')
        await expect(kept?.query('select * from wt.user_memory')).rejects.toThrow(TypeError)
      })
    })

    test.each([
      'commit',
      'COMMIT',
      ' commit',
      ';commit',
      '-- note\ncommit',
      '/* a /* nested */ comment */ commit',
      'end',
      'rollback',
      'abort',
      'begin',
      'start transaction',
      'savepoint a',
      'release savepoint a',
      'rollback to savepoint a',
      'commit and chain',
      `prepare transaction 'a'`,
    ])('should not be its work\u2019s to choose: %s', async (text) => {
      const attempt = house.store.transact(mine, async (tx) => {
        await tx.query(insert, ['ended', '1', '{}'])
        await tx.query(text)
      })
      await expect(attempt).rejects.toThrow(TypeError)
      expect(await keys()).not.toContain('ended')
    })

    test('should not be reached by a second statement in one text, nor from inside a block', async () => {
      expect(await refusalOf(house.store.transact(mine, (tx) => tx.query('select 1; commit')))).toMatch(/^42601 /)
      expect(await refusalOf(house.store.transact(mine, (tx) => tx.query('do $$ begin commit; end $$')))).toMatch(
        /^2D000 /,
      )
    })
  })

  describe('pglite-nested-checkout', () => {
    const nested: Readonly<Record<string, () => Promise<unknown>>> = {
      transact: () => house.store.transact(twin, (tx) => tx.query('select 1')),
      call: () => house.store.call(mine, 'audit_record', ['[]']),
      operate: () => house.store.operate('operator_ping', []),
      grantOf: () => house.store.grantOf({ issuer: 'session', subject: 'u', tenantId: 'acme', expiresAt: 0 }, 'ws'),
    }

    test.each(Object.keys(nested))('should refuse %s at once inside a transaction', async (name) => {
      const started = performance.now()
      await house.store.transact(mine, async (tx) => {
        await tx.query('select 1')
        await expect(nested[name]?.()).rejects.toThrow(TypeError)
      })
      expect(performance.now() - started).toBeLessThan(2_000)
    })

    test('should let go of what was started inside once the connection is back', async () => {
      let later: Promise<unknown> = Promise.resolve()
      await house.store.transact(mine, async (tx) => {
        later = sleep(20).then(() => house.store.transact(mine, (inner) => inner.query('select 1')))
        await tx.query('select 1')
      })
      await expect(later).resolves.toBeDefined()
    })
  })

  test('forgotten-release: should have every connection back after 200 failures', async () => {
    const failures: readonly (() => Promise<unknown>)[] = [
      () => house.store.transact(mine, (tx) => tx.query('select 1 / 0')),
      () => house.store.transact(mine, () => Promise.reject(new RangeError('thrown'))),
      () => house.store.transact(mine, (tx) => tx.query('commit')),
      () => house.store.call(mine, 'audit_record', ['not json']),
      () => house.store.operate('operator_raise_epoch', ['nobody there']),
    ]
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, at) => failures[at % failures.length]?.()),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([])
    const alive = await Promise.all(Array.from({ length: 20 }, (_, at) => keys(at % 2 === 0 ? mine : twin)))
    expect(alive).toHaveLength(20)
  })

  test('read-only: should work in a read-only snapshot, and write nothing there', async () => {
    await house.store.transact(mine, (tx) => tx.query(insert, ['before', '1', '{}']))
    const found = await house.store.transact(
      mine,
      async (tx) => {
        const settings = `select current_setting('transaction_read_only') as read_only, current_setting('transaction_isolation') as isolation`
        expect((await tx.query(settings)).rows).toEqual([{ read_only: 'on', isolation: 'repeatable read' }])
        return (await tx.query('select key from wt.user_memory where key = $1', ['before'])).rows
      },
      { snapshot: true },
    )
    expect(found).toEqual([{ key: 'before' }])
    const write = house.store.transact(mine, (tx) => tx.query(insert, ['in a snapshot', '1', '{}']), { snapshot: true })
    expect(await refusalOf(write)).toMatch(/^25006 /)
  })

  test('no-binary-mode: should carry bytes bit for bit, none, few and many', async () => {
    for (const size of [0, 1, 255, 5_000_000]) {
      const sent = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7) % 256))
      const { rows } = await house.store.transact(mine, (tx) => tx.query('select $1::bytea as bytes', [sent]))
      expect(Buffer.isBuffer(rows[0]?.['bytes']) && sent.equals(rows[0]['bytes'])).toBe(true)
    }
  })

  test('should end a boundary at the next statement once its epoch or version was raised', async () => {
    const { directory, store } = house
    const member = { tenantId: 'acme_', workspaceId: 'ws', userId: 'u' }
    for (const revoke of [
      () => directory.raiseEpoch('acme_'),
      () => directory.raiseVersion(member),
      () => directory.suspendTenant('acme_'),
    ]) {
      const boundary = await house.boundary('acme_', 'ws', 'u')
      await revoke()
      await expect(store.transact(boundary, (tx) => tx.query('select * from wt.user_memory'))).rejects.toMatchObject({
        code: 'BOUNDARY_REFUSED',
        reason: 'revoked',
      })
    }
  })

  test('pglite-baseline-role: should always be in the role that owns nothing', async () => {
    const role = async () =>
      (await house.store.transact(mine, (tx) => tx.query('select current_user::text as role'))).rows
    await house.store.transact(mine, (tx) => tx.query('select 1 / 0')).catch(() => undefined)
    expect(await role()).toEqual([{ role: house.appRole }])
    await sleep(50)
    expect(await role()).toEqual([{ role: house.appRole }])
    expect(engine).toMatch(/pglite|postgres/)
  })
})
