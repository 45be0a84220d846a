import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openWatertight, session } from '../../src/index.ts'
import type { AgentBoundary } from '../../src/boundary/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { onBothEngines } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const sources = globSync('**/*.{ts,sql}', { cwd: src })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(src + path, 'utf8') }))
const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

describe('the source', () => {
  test('forgotten-release: should take a connection in one place, and once to prepare an embedded database', () => {
    expect(filesWith(/\bpool\s*\.connect\(/)).toEqual(['store/checkout.ts', 'store/pglite.ts'])
  })

  test('pglite-second-door: should send statements to no database but through a pool', () => {
    expect(filesWith(/\bdb\.(query|exec|sql|transaction|listen|execProtocol\w*)\b/)).toEqual([])
    expect(filesWith(/import\(?\s*['"]@electric-sql/)).toEqual(['store/pglite.ts'])
  })

  test('pglite-no-release-err, no-binary-mode: should use neither', () => {
    expect(filesWith(/\.release\((?!true\)|\))/)).toEqual([])
    expect(filesWith(/\bbinary:\s*true/)).toEqual([])
    expect(filesWith(/\bpool\.query\(/)).toEqual([])
  })

  test('notify-opaque: should notify nobody', () => {
    expect(filesWith(/\b(pg_notify\s*\(|notify\s+[a-z_"])/i)).toEqual([])
  })

  test('activity-text: should put no token and no value into the text of a statement', () => {
    expect(filesWith(/set_config\('wt\.token',(?!\s*(\$1|token),)/)).toEqual([])
  })
})

const upsert = `insert into wt.user_memory (key, value, source) values ($1, $2, '{}')
  on conflict on constraint user_memory_pkey do update set value = excluded.value`

onBothEngines((open, engine) => {
  let house: House
  let mine: AgentBoundary
  let twin: AgentBoundary
  beforeAll(async () => {
    house = await open()
    mine = await house.boundary('acme', 'ws', 'u')
    twin = await house.boundary('acme2', 'ws', 'u')
    await house.store.transact(mine, (tx) =>
      tx.query(`insert into wt.user_memory (key, value, source) values ('k', '1', '{}')`),
    )
  })
  afterAll(() => house[Symbol.asyncDispose]())

  test('pglite-second-door: should hand out nothing that sends SQL without a boundary', () => {
    expect(Object.keys(house.store).toSorted()).toEqual([
      'advice',
      'call',
      'close',
      'engine',
      'find',
      'grantOf',
      'keyring',
      'operate',
      'transact',
    ])
    expect(house.store.engine).toBe(engine)
  })

  // What another user of a shared pool may leave: its transaction, its token, its failure.
  test.each([
    ['open', ['begin']],
    ['open and written', ['begin', `insert into wt.user_memory (key, value, source) values ('left', '1', '{}')`]],
    ['failed', ['begin', 'select 1 / 0']],
  ])(
    'forgotten-release, pglite-foreign-rollback: should not go on with a transaction that was left %s',
    async (_title, texts) => {
      const client = await house.engine.pool.connect()
      const { rows } = await client.query({ text: 'select pg_backend_pid() as pid' })
      for (const text of texts) {
        await client.query({ text }).catch(() => undefined)
        if (text === 'begin')
          await client.query({
            text: 'select set_config($1, $2, true)',
            values: ['wt.token', house.mint.boundary(mine, Number(rows[0]?.['pid']))],
          })
      }
      client.release()
      const seen = await house.store.transact(twin, (tx) => tx.query('select key from wt.user_memory'))
      expect(seen.rows).toEqual([])
      const kept = await house.store.transact(mine, (tx) => tx.query('select key from wt.user_memory'))
      expect(kept.rows).toEqual([{ key: 'k' }])
    },
  )

  test('should keep interleaved operations of two tenants, two workspaces and two users apart', async () => {
    const boundaries = await Promise.all(
      [
        ['acme', 'a', 'u'],
        ['acme ', 'a', 'u'],
        ['acme', 'a ', 'u'],
        ['acme', 'a', 'U'],
      ].map(async ([tenant = '', workspace = '', user = '']) => await house.boundary(tenant, workspace, user)),
    )
    const count = engine === 'pglite' ? 500 : 2_000
    const outcomes = await pooled(count, 40, async (at) => {
      const who = at % boundaries.length
      const boundary = boundaries[who]
      if (boundary === undefined) return false
      const work = async (tx: Transaction) => {
        if (at % 5 === 0) await tx.query(upsert, [`k${at % 3}`, String(who)])
        const { rows } = await tx.query('select value from wt.user_memory')
        return rows.every((row) => row['value'] === who)
      }
      return await house.store.transact(boundary, work, { ours: at % 2 === 0 })
    })
    expect(outcomes.filter((same) => !same)).toEqual([])
  })
})

test('pglite-second-door: should keep pool and database out of an open Watertight', async () => {
  await using watertight = await openWatertight({ database: 'memory://', identity: session(), surfaces: [memory()] })
  const seen = new Set<unknown>()
  const found: string[] = []
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return
    seen.add(value)
    if ('query' in value || 'exec' in value || 'connect' in value) found.push(path)
    for (const [name, member] of Object.entries(value)) walk(member, `${path}.${name}`)
  }
  walk(watertight, 'watertight')
  expect(found).toEqual([])
})

/** Runs `count` operations, so many of them at a time. */
async function pooled(
  count: number,
  width: number,
  operate: (at: number) => Promise<boolean>,
): Promise<readonly boolean[]> {
  const outcomes: boolean[] = []
  let next = 0
  const worker = async () => {
    while (next < count) outcomes.push(await operate(next++))
  }
  await Promise.all(Array.from({ length: width }, worker))
  return outcomes
}
