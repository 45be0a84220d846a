import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import { noToken, onBothEngines, refusalOf, rowsOf } from './store-fixture.ts'
import type { House, Session } from './store-fixture.ts'

/** What the tables of one tenant hold, and a text that no table holds. */
const secret = 'Project Falcon'
const nothing = 'Project Vulture'

// A caller who may send SQL text learns from more than rows: from errors, from their absence, and from estimates.
onBothEngines((open) => {
  let house: House
  let asker: AgentBoundary
  beforeAll(async () => {
    house = await open()
    asker = await house.boundary('acme2', 'ws', 'u')
    await fill(house, await house.boundary('acme', 'ws', 'u'))
  })
  afterAll(() => house[Symbol.asyncDispose]())

  describe('by refusals', () => {
    const probes = [
      `key = '${secret}'`,
      `key = '${nothing}'`,
      `key > '${secret}'`,
      `key < '${secret}'`,
      `key > 'zzz'`,
      `starts_with(key, 'Project F')`,
    ]

    test.each(probes)(
      'should refuse a statement without a token the same, whatever rows there are: %s',
      async (probe) => {
        await house.asApp(async (app) => {
          for (const text of [
            'set enable_indexscan = off',
            'set enable_bitmapscan = off',
            'set enable_indexonlyscan = off',
          ])
            await app.query(text)
          expect(await refusalOf(app.query(`select 1 from wt.user_memory where ${probe}`))).toBe(noToken)
        })
      },
    )

    // A plan that was made under a token is kept; the condition that goes first is in the plan, not only in the planning.
    test('should refuse the same by a plan that was made while there was a token', async () => {
      for (const key of [secret, nothing, 'zzz']) {
        const attempt = house.store.transact(asker, async (tx) => {
          for (const text of [
            'set local enable_indexscan = off',
            'set local enable_bitmapscan = off',
            'set local plan_cache_mode = force_generic_plan',
            'prepare probe (text) as select 1 from wt.user_memory where key > $1',
            `execute probe ('a')`,
            `select set_config('wt.token', '', true)`,
            `execute probe ('${key}')`,
          ])
            await tx.query(text)
        })
        await expect(attempt).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'forged' })
      }
    })

    test('should be a test that can fail: a floor that looks at the row first answers the guess', async () => {
      await house.asAdmin(async (admin) => {
        await admin.query('create table public.naive (tenant_id uuid not null, key text not null)')
        await admin.query(`insert into public.naive select tenant_id, key from wt.user_memory`)
        await admin.query('alter table public.naive enable row level security')
        await admin.query(
          `create policy floor on public.naive to "${house.appRole}" using (tenant_id = (select b.tenant from wt.boundary() b))`,
        )
        await admin.query(`grant usage on schema public to "${house.appRole}"`)
        await admin.query(`grant select on public.naive to "${house.appRole}"`)
      })
      await house.asApp(async (app) => {
        expect(await refusalOf(app.query(`select 1 from public.naive where key > 'Project'`))).toBe(noToken)
        expect(await refusalOf(app.query(`select 1 from public.naive where key > 'zzz'`))).toBe('')
      })
      await house.asAdmin((admin) => admin.query('drop table public.naive'))
    })
  })

  describe('by errors in a condition', () => {
    test.each([
      `select 1 / (case when body = '${secret}' then 0 else 1 end) from wt.chunk`,
      `select * from wt.chunk where 1 / (case when body = '${secret}' then 0 else 1 end) = 1`,
      `select * from wt.chunk where cast(body as int) > 0`,
      `select * from wt.chunk order by 1 / (case when body = '${secret}' then 0 else 1 end)`,
      `select max(1 / (case when body = '${secret}' then 0 else 1 end)) from wt.chunk`,
    ])('should not meet a row of another tenant: %s', async (text) => {
      expect(await refusalOf(house.store.transact(asker, (tx) => tx.query(text)))).toBe('')
    })
  })

  describe('by keys', () => {
    test('should answer an id that another tenant has taken like one that nobody has', async () => {
      const insert = 'insert into wt.user_memory (key, value, source) values ($1, $2, $3)'
      for (const key of [secret, nothing]) {
        expect(await refusalOf(house.store.transact(asker, (tx) => tx.query(insert, [key, '1', '{}'])))).toBe('')
      }
    })
  })

  describe('by estimates', () => {
    const estimate = (condition: string) =>
      house.store.transact(
        asker,
        async (tx) => await explained(toRows(tx), `select * from wt.chunk where ${condition}`),
      )

    test('should estimate the same for what another tenant has often and for what nobody has', async () => {
      await house.asAdmin((admin) => admin.query('analyze'))
      expect(await estimate(`body = '${secret}'`)).toBe(await estimate(`body = '${nothing}'`))
      expect(await estimate(`heading = '${secret}'`)).toBe(await estimate(`heading = '${nothing}'`))
      expect(await estimate(`body < '${secret}'`)).toBe(await estimate(`body < 'a'`))
    })

    test('should show no statistics of another tenant, and none of texts at all', async () => {
      const own = await house.store.transact(asker, (tx) => tx.query("select * from pg_stats where schemaname = 'wt'"))
      expect(own.rows).toEqual([])
      const all = await house.asAdmin((admin) =>
        admin.query(
          `select s.tablename, s.attname from pg_stats s join pg_attribute a on a.attrelid = format('wt.%I', s.tablename)::regclass
             and a.attname = s.attname where s.schemaname = 'wt' and a.atttypid <> 'uuid'::regtype`,
        ),
      )
      expect(all).toEqual([])
    })

    test('should be a test that can fail: statistics of a text answer the guess', async () => {
      await house.asAdmin(async (admin) => {
        await admin.query('alter table wt.chunk alter body set statistics 100')
        await admin.query('analyze wt.chunk')
      })
      expect(await estimate(`body = '${secret}'`)).not.toBe(await estimate(`body = '${nothing}'`))
      await house.asAdmin((admin) => admin.query('alter table wt.chunk alter body set statistics 0'))
    })
  })
})

async function fill(house: House, boundary: AgentBoundary): Promise<void> {
  const { datasources } = rowsOf(boundary)
  await house.store.transact(boundary, async (tx) => {
    await tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', [secret, '1', '{}'])
    const at = [datasources[0], 'model']
    await tx.query(`insert into wt.document (datasource_id, embedder, id, title) values ($1, $2, 'd', 't')`, at)
    await tx.query(
      `insert into wt.chunk (datasource_id, embedder, number, document_id, segment, heading, body)
       select $1, $2, n, 'd', 0, $3, case when n % 2 = 0 then $3 else 'text ' || n end from generate_series(1, 2000) n`,
      [...at, secret],
    )
  })
}

function toRows(tx: { query(text: string): Promise<{ rows: readonly unknown[] }> }): Pick<Session, 'query'> {
  return { query: async (text) => (await tx.query(text)).rows as Awaited<ReturnType<Session['query']>> }
}

/** The rows that the planner expects, from the first line of the plan. */
async function explained(session: Pick<Session, 'query'>, text: string): Promise<string> {
  const [top] = await session.query(`explain ${text}`)
  return /rows=(\d+)/.exec(String(top?.['QUERY PLAN']))?.[1] ?? ''
}
