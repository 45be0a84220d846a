import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import { onBothEngines } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

/** What one transaction leaves, and the question that would find it afterwards. */
const residues: Readonly<Record<string, { readonly leave: readonly string[]; readonly find: string }>> = {
  'a cursor with hold': {
    leave: [`declare left_over cursor with hold for select value from wt.user_memory`],
    find: `select count(*)::int as found from pg_cursors where name = 'left_over'`,
  },
  'a prepared statement': {
    leave: [`prepare left_over as select value from wt.user_memory`],
    find: `select count(*)::int as found from pg_prepared_statements where name = 'left_over'`,
  },
  'a prepared statement under the name of ours': {
    leave: ['deallocate wt_token', `prepare wt_token (text) as select 'taken'`],
    find: `select count(*)::int as found from pg_prepared_statements where statement ~ 'taken' and name = 'wt_token'`,
  },
  'a search path': {
    leave: ['set search_path = wt, pg_temp'],
    find: `select current_setting('search_path') as found`,
  },
  'a statement time-out': {
    leave: [`set statement_timeout = '1ms'`],
    find: `select current_setting('statement_timeout') as found`,
  },
  'a lock time-out': {
    leave: [`set lock_timeout = '1ms'`],
    find: `select current_setting('lock_timeout') as found`,
  },
  'read-only as a default': {
    leave: ['set default_transaction_read_only = on'],
    find: `select current_setting('default_transaction_read_only') as found`,
  },
  'row security off': {
    leave: ['set row_security = off'],
    find: `select current_setting('row_security') as found`,
  },
  'a time zone': {
    leave: [`set timezone = 'Asia/Kolkata'`],
    find: `select current_setting('timezone') = 'Asia/Kolkata' as found`,
  },
  'a setting of one\u2019s own': {
    leave: [`set my.secret = 'left'`],
    find: `select coalesce(current_setting('my.secret', true), '') as found`,
  },
  'an advisory lock': {
    leave: ['select pg_advisory_lock(7)'],
    find: `select count(*)::int as found from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
  },
  'a listen': {
    leave: ['listen left_over'],
    find: 'select count(*)::int as found from pg_listening_channels()',
  },
  'a temporary table': {
    leave: [
      'create temporary table left_over (value text)',
      `insert into left_over select value::text from wt.user_memory`,
    ],
    find: `select count(*)::int as found from pg_class where relname = 'left_over'`,
  },
  'the token, kept for the session': {
    leave: [`select set_config('wt.token', current_setting('wt.token'), false)`],
    find: `select coalesce(current_setting('wt.token', true), '') as found`,
  },
  'the role of nobody in particular': {
    leave: ['set role none'],
    find: 'select current_user::text as found',
  },
}

const pgliteAlone: typeof residues = {
  'another role': { leave: ['set role wt_owner'], find: 'select current_user::text as found' },
  'another session user': {
    leave: ['reset role', 'set session authorization wt_owner'],
    find: 'select session_user::text as found',
  },
}

onBothEngines((open, engine) => {
  let house: House
  let mine: AgentBoundary
  let twin: AgentBoundary
  const before = new Map<string, unknown>()
  beforeAll(async () => {
    house = await open()
    if (house.database !== undefined)
      await house.asAdmin((admin) =>
        admin.query(`grant temporary on database ${house.database?.database ?? ''} to public`),
      )
    mine = await house.boundary('acme', 'ws', 'u')
    twin = await house.boundary('acme2', 'ws', 'u')
    for (const { find } of Object.values({ ...residues, ...pgliteAlone })) before.set(find, await onConnection(find))
    await house.store.transact(mine, (tx) =>
      tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', ['k', '"mine"', '{}']),
    )
  })
  afterAll(() => house[Symbol.asyncDispose]())

  const backend = 'select pg_backend_pid() as pid'

  describe.each(Object.entries(engine === 'pglite' ? { ...residues, ...pgliteAlone } : residues))(
    'residue: %s',
    (_title, { leave, find }) => {
      test.each(['returns', 'throws', 'fails in SQL', 'fails in SQL and hides it'])(
        'should not pass to the next scope when the work %s',
        async (ending) => {
          let pid: unknown
          const attempt = house.store.transact(mine, async (tx) => {
            pid = (await tx.query(backend)).rows[0]?.['pid']
            for (const text of leave) await tx.query(text)
            if (ending === 'throws') throw new RangeError('thrown by the work')
            if (ending === 'fails in SQL') await tx.query('select 1 / 0')
            if (ending === 'fails in SQL and hides it') await tx.query('select 1 / 0').catch(() => undefined)
          })
          if (ending === 'returns') await attempt
          else await expect(attempt).rejects.toThrow(/thrown by the work|division by zero|was rolled back/)

          const next = await house.store.transact(twin, async (tx) => {
            expect((await tx.query('select * from wt.user_memory')).rows).toEqual([])
            return { pid: (await tx.query(backend)).rows[0]?.['pid'] }
          })
          expect(next.pid).toBe(pid) // the same connection, or the test would prove nothing
          expect(await onConnection(find)).toEqual(before.get(find))
        },
      )
    },
  )

  test('should be a test that can fail: a transaction of nobody\u2019s leaves all of it', async () => {
    const client = await house.engine.pool.connect()
    try {
      for (const text of ['begin', `set search_path = wt`, `declare left_over cursor with hold for select 1`, 'commit'])
        await client.query({ text })
      const { rows } = await client.query({
        text: `select count(*)::int as found from pg_cursors where name = 'left_over'`,
      })
      expect(rows).toEqual([{ found: 1 }])
      for (const text of ['close all', 'reset all']) await client.query({ text })
    } finally {
      client.release()
    }
  })

  test('token-gone-after: should leave no token and no role behind on any path', async () => {
    for (const ending of ['returns', 'throws', 'call', 'operate', 'a call that fails']) {
      const paths: Readonly<Record<string, () => Promise<unknown>>> = {
        returns: () => house.store.transact(mine, (tx) => tx.query('select 1'), { ours: true }),
        throws: () => house.store.transact(mine, () => Promise.reject(new RangeError('thrown')), { ours: true }),
        call: () => house.store.call(mine, 'audit_record', ['[]']),
        operate: () => house.store.operate('operator_ping', []),
        'a call that fails': () => house.store.call(mine, 'audit_record', ['[{}]']),
      }
      await paths[ending]?.().catch(() => undefined)
      expect(
        await onConnection(`select coalesce(current_setting('wt.token', true), '') || current_user as found`),
        ending,
      ).toEqual([{ found: house.appRole }])
    }
  })

  /** On a connection of the pool as the next caller would get it. */
  async function onConnection(text: string): Promise<unknown> {
    const client = await house.engine.pool.connect()
    try {
      return (await client.query({ text })).rows
    } finally {
      client.release()
    }
  }
})
