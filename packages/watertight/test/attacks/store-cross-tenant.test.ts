import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import { Forbidden } from '../../src/errors.ts'
import type { Transaction } from '../../src/store/index.ts'
import { customerTables, lookAlikes, nobody, onBothEngines, refusalOf, rowsOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

type Columns = Readonly<Record<string, unknown>>

interface Place {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly member_id: string
  readonly datasource_id: string
  readonly run_id: string
}

/** How far a row of each table is seen: by one person, a workspace, or a tenant. */
const reach: Readonly<Record<string, 'user' | 'workspace' | 'tenant'>> = {
  'wt.run': 'user',
  'wt.run_state': 'user',
  'wt.audit_event': 'user',
  'wt.effect': 'user',
  'wt.effect_result': 'user',
  'wt.approval': 'user',
  'wt.user_memory': 'user',
  'wt.workspace_memory': 'workspace',
  'wt.tenant_memory': 'tenant',
  'wt.document': 'workspace',
  'wt.chunk': 'workspace',
  'wt.segment': 'workspace',
  'wt.generation': 'workspace',
}

/** A row of each table, in the order that foreign keys ask for; `name` tells rows of one place apart. */
function rowOf(table: string, place: Place, name: string): Columns {
  const { tenant_id, workspace_id, member_id, datasource_id, run_id } = place
  const shared = { tenant_id, workspace_id }
  const kept = { key: name, value: '1', source: '{}' }
  const indexed = { ...shared, datasource_id, embedder: 'model' }
  const number = name === 'own' ? 1 : 2
  const event = {
    position: 0,
    event: name,
    decision: 'allowed',
    surface: 's',
    trace_id: 't',
    tool_ids: '{}',
    datasource_ids: '{}',
  }
  const rows: Readonly<Record<string, Columns>> = {
    'wt.run': {
      ...shared,
      member_id,
      id: name === 'own' ? run_id : randomUUID(),
      agent: 'a',
      prompt_version: 'v',
      trace_id: 't',
      expires_at: 'infinity',
    },
    'wt.run_state': { ...shared, member_id, run_id, key: name, value: '1', expires_at: 'infinity' },
    'wt.audit_event': {
      ...shared,
      member_id,
      id: randomUUID(),
      ...event,
      blocked_cross_boundary_resources: 0,
      detail: '{}',
    },
    'wt.effect': {
      ...shared,
      member_id,
      run_id,
      key: name,
      tool_id: 't',
      holder: randomUUID(),
      held_until: 'infinity',
    },
    'wt.effect_result': { ...shared, member_id, run_id, key: name, value: '1', expires_at: 'infinity' },
    'wt.approval': {
      ...shared,
      member_id,
      id: randomUUID(),
      run_id,
      tool_id: 't',
      digest: name,
      input: '1',
      approver_roles: '{nobody}',
      expires_at: 'infinity',
    },
    'wt.user_memory': { ...shared, member_id, ...kept },
    'wt.workspace_memory': { ...shared, ...kept },
    'wt.tenant_memory': { tenant_id, workspace_id: nobody, ...kept },
    'wt.document': { ...indexed, id: 'own', title: 't' },
    'wt.chunk': { ...indexed, number, document_id: 'own', segment: 0, heading: '', body: name },
    'wt.segment': { ...indexed, number, size: 0, chunks: '', vectors: '' },
    'wt.generation': { ...indexed },
  }
  return rows[table] ?? {}
}

const tables = Object.keys(reach)

onBothEngines((open) => {
  let house: House
  const places = new Map<AgentBoundary, Place>()
  beforeAll(async () => {
    house = await open()
  })
  afterAll(() => house[Symbol.asyncDispose]())

  const run = <Result>(boundary: AgentBoundary, work: (tx: Transaction) => Promise<Result>) =>
    house.store.transact(boundary, work)

  /** A boundary with one row of its own in every table. */
  async function settle(tenantId: string, workspaceId: string, userId: string, role: string): Promise<AgentBoundary> {
    const boundary = await house.boundary(tenantId, workspaceId, userId, role)
    const { tenant, workspace, member, datasources } = rowsOf(boundary)
    const place = {
      tenant_id: tenant,
      workspace_id: workspace,
      member_id: member,
      datasource_id: datasources[0] ?? '',
      run_id: randomUUID(),
    }
    places.set(boundary, place)
    await run(boundary, async (tx) => {
      for (const table of tables)
        await insert(tx, table, rowOf(table, place, reach[table] === 'user' ? 'own' : userId), 'on conflict do nothing')
    }).catch(async (error: unknown) => {
      if (!(error instanceof Forbidden)) throw error
      // A member writes what is a person's; workspace and tenant are the owner's to write.
      await run(boundary, async (tx) => {
        for (const table of tables.filter((name) => reach[name] === 'user'))
          await insert(tx, table, rowOf(table, place, 'own'))
      })
    })
    return boundary
  }

  test('should cover every customer table', async () => {
    expect([...tables].toSorted()).toEqual(await customerTables(house))
  })

  describe.each([
    ['another tenant', 'tenant', ['acme', 'ws', 'u'], ['acme2', 'ws', 'u'], 'owner'],
    ['a tenant with nearly the same name', 'tenant', ['acme', 'ws', 'u'], ['acme ', 'ws', 'u'], 'owner'],
    ['another workspace', 'workspace', ['acme-eu', 'ws', 'u'], ['acme-eu', 'ws2', 'u'], 'owner'],
    ['another user', 'user', ['a:b', 'ws', 'u'], ['a:b', 'ws', 'u '], 'member'],
  ] as const)('cross-tenant-write: from %s', (_title, distance, [vt, vw, vu], [at, aw, au], role) => {
    let victim: Place
    let attacker: AgentBoundary
    let own: Place
    beforeAll(async () => {
      victim = placeOf(await settle(vt, vw, vu, 'owner'))
      attacker = await settle(at, aw, au, role)
      own = placeOf(attacker)
    })
    const placeOf = (boundary: AgentBoundary) => {
      const place = places.get(boundary)
      if (place === undefined) throw new TypeError('The boundary was not settled.')
      return place
    }
    const apart = tables.filter((table) => {
      const far = ['user', 'workspace', 'tenant']
      return far.indexOf(distance) >= far.indexOf(reach[table] ?? '')
    })

    test.each(apart)('should put no row into %s there', async (table) => {
      for (const more of ['', 'returning *', 'on conflict do nothing', 'on conflict do nothing returning *']) {
        for (const name of ['own', 'new']) {
          const attempt = run(attacker, (tx) => insert(tx, table, rowOf(table, victim, name), more))
          await expect(attempt, `${name} ${more}`).rejects.toMatchObject({ code: 'FORBIDDEN', reason: 'scope' })
        }
      }
    })

    test.each(apart)('should take over no row of %s by an upsert', async (table) => {
      const row = rowOf(table, victim, 'own')
      const columns = Object.keys(row)
      const change = `on conflict on constraint ${table.slice(3)}_pkey do update set ${columns[2] ?? 'key'} = excluded.${columns[2] ?? 'key'}`
      await expect(run(attacker, (tx) => insert(tx, table, row, change))).rejects.toMatchObject({
        code: 'FORBIDDEN',
        reason: 'scope',
      })
    })

    test.each(apart)('should see, change and remove no row of %s there', async (table) => {
      const there = whereOf(table, victim)
      const select = await run(attacker, (tx) => tx.query(`select * from ${table} where ${there.text}`, there.values))
      expect(select.rows).toEqual([])
      for (const text of [
        `update ${table} set tenant_id = tenant_id where ${there.text}`,
        `delete from ${table} where ${there.text}`,
      ]) {
        const changed = await run(attacker, async (tx) => (await tx.query(text, there.values)).rowCount).catch(
          (error: unknown) => {
            expect(error, text).toBeInstanceOf(Forbidden) // not granted at all
            return 0
          },
        )
        expect(changed, text).toBe(0)
      }
    })

    test.each(apart)('should move no row of its own in %s there', async (table) => {
      const from = whereOf(table, own)
      const to = Object.entries(victim).filter(([name]) => name in rowOf(table, victim, 'own') && name !== 'run_id')
      const sets = to.map(([name, id]) => `${name} = '${id}'`).join(', ')
      const attempt = run(attacker, (tx) => tx.query(`update ${table} set ${sets} where ${from.text}`, from.values))
      await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN', reason: 'scope' })
    })

    test('should learn nothing from a foreign key: somebody else\u2019s row is a row that does not exist', async () => {
      const answers = async (table: string, column: string, theirs: string) => {
        const attempt = (id: string) =>
          refusalOf(run(attacker, (tx) => insert(tx, table, { ...rowOf(table, own, 'new'), [column]: id })))
        return [await attempt(theirs), await attempt(randomUUID())]
      }
      // Nor does anybody file evidence under a run that is not their own.
      for (const [table, column] of [
        ['wt.run_state', 'run_id'] as const,
        ['wt.effect', 'run_id'] as const,
        ['wt.effect_result', 'run_id'] as const,
        ['wt.approval', 'run_id'] as const,
        ['wt.audit_event', 'agent_run_id'] as const,
      ]) {
        const [foreign, missing] = await answers(table, column, victim.run_id)
        expect(foreign, table).toBe(missing)
        expect(foreign, table).toMatch(/^23503 /)
      }
      if (distance === 'user') return
      for (const table of ['wt.document', 'wt.chunk', 'wt.segment', 'wt.generation']) {
        const [theirs, nobodys] = await answers(table, 'datasource_id', victim.datasource_id)
        expect(theirs, table).toBe(nobodys)
        expect(theirs, table).toMatch(/^FORBIDDEN /)
      }
    })
  })

  test('should keep look-alike tenants apart in every direction', async () => {
    const boundaries = await Promise.all(lookAlikes.map((tenant) => house.boundary(tenant, 'twin', 'u')))
    for (const [at, boundary] of boundaries.entries())
      await run(boundary, (tx) =>
        tx.query('insert into wt.user_memory (key, value, source) values ($1, $2, $3)', ['k', String(at), '{}']),
      )
    for (const [at, boundary] of boundaries.entries()) {
      const { rows } = await run(boundary, (tx) => tx.query('select value from wt.user_memory'))
      expect(rows).toEqual([{ value: at }])
    }
  })
})

async function insert(tx: Transaction, table: string, row: Columns, more = ''): Promise<void> {
  const names = Object.keys(row)
  const places = names.map((_, at) => `$${at + 1}`)
  await tx.query(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')}) ${more}`, Object.values(row))
}

/** The condition that finds the rows of one place, by all the ids that a row of the table has. */
function whereOf(table: string, place: Place): { text: string; values: readonly unknown[] } {
  const ids = Object.entries(rowOf(table, place, 'own')).filter(([name]) =>
    /^(tenant|workspace|member|datasource)_id$/.test(name),
  )
  return { text: ids.map(([name], at) => `${name} = $${at + 1}`).join(' and '), values: ids.map(([, id]) => id) }
}
