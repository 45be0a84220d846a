import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { AgentBoundary } from '../../src/boundary/index.ts'
import type { Transaction } from '../../src/store/index.ts'
import { onBothEngines, refusalOf, rowsOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const denied = /^(42501|Forbidden|FORBIDDEN)/

onBothEngines((open) => {
  let house: House
  let mine: AgentBoundary
  let sibling: AgentBoundary
  let boss: AgentBoundary
  beforeAll(async () => {
    house = await open()
    mine = await house.boundary('acme', 'ws', 'u')
    sibling = await house.boundary('acme', 'ws', 'U')
    boss = await house.boundary('acme', 'ws', 'boss', 'admin')
  })
  afterAll(() => house[Symbol.asyncDispose]())

  const start = async (boundary: AgentBoundary) => {
    const run = randomUUID()
    const started = [{ event: 'run-started', surface: 'runs', trace_id: 't', agent_run_id: run }]
    await house.store.call(boundary, 'run_start', [run, 'agent', 'v1', 't', 60_000, JSON.stringify(started)])
    return run
  }
  const asCaller = (boundary: AgentBoundary, text: string, values: readonly unknown[] = []) =>
    house.store.transact(boundary, (tx: Transaction) => tx.query(text, values))
  const eventsOf = async (boundary: AgentBoundary, run: string) =>
    (await house.store.call(boundary, 'audit_of_run', [run])).map((row) => row['event'])

  test('should not let SQL inside a boundary say when its evidence was written', async () => {
    const columns =
      'position, event, decision, surface, trace_id, tool_ids, datasource_ids, blocked_cross_boundary_resources, detail'
    const values = `0, 'memory-read', 'allowed', 'memory', 't', '{}', '{}', 0, '{}'`
    await asCaller(mine, `insert into wt.audit_event (${columns}) values (${values})`)
    expect(
      await refusalOf(asCaller(mine, `insert into wt.audit_event (at, ${columns}) values ('2001-01-01', ${values})`)),
    ).toMatch(denied)
    expect(await refusalOf(asCaller(mine, `update wt.audit_event set at = '2001-01-01'`))).toMatch(denied)
    expect(await refusalOf(asCaller(mine, 'delete from wt.audit_event'))).toMatch(denied)
  })

  test('should not let SQL inside a boundary open a run that has ended, nor lengthen one that has not', async () => {
    const run = await start(mine)
    expect(await refusalOf(asCaller(mine, `update wt.run set expires_at = 'infinity' where id = $1`, [run]))).toMatch(
      denied,
    )
    expect(await refusalOf(asCaller(mine, 'update wt.run set started_at = now() where id = $1', [run]))).toMatch(denied)
    expect(await house.store.call(mine, 'run_end', [run, '[]'])).toEqual([{ run_end: true }])
    expect((await asCaller(mine, 'update wt.run set ended_at = null where id = $1', [run])).rowCount).toBe(0)
    expect((await asCaller(mine, 'update wt.run set ended_at = now() where id = $1', [run])).rowCount).toBe(0)
    expect(await house.store.call(mine, 'run_end', [run, '[]'])).toEqual([{ run_end: false }])
    expect(await house.store.call(mine, 'run_state_set', [run, 'k', '1', '[]'])).toEqual([{ run_state_set: false }])
    const unfinished = await start(mine)
    expect(await refusalOf(asCaller(mine, 'update wt.run set ended_at = null where id = $1', [unfinished]))).toMatch(
      denied,
    )
  })

  test('should not let anybody file evidence under a run of somebody else\u2019s', async () => {
    const run = await start(mine)
    const filed = JSON.stringify([{ event: 'tool-called', surface: 'tools', trace_id: 't', agent_run_id: run }])
    const nowhere = filed.replace(run, randomUUID())
    for (const other of [sibling, boss]) {
      const answers = [filed, nowhere].map((events) => refusalOf(house.store.call(other, 'audit_record', [events])))
      const [foreign, missing] = await Promise.all(answers)
      expect(foreign).not.toBe('')
      expect(foreign).toBe(missing)
    }
    for (const reader of [mine, boss]) expect(await eventsOf(reader, run)).toEqual(['run-started'])
    // A check that can fail: its owner files it.
    await house.store.call(mine, 'audit_record', [filed])
    expect(await eventsOf(mine, run)).toEqual(['run-started', 'tool-called'])
  })

  test('should not let anybody take the id of a run of somebody else\u2019s, and file evidence under it', async () => {
    const run = await start(mine)
    const taking = `insert into wt.run (id, agent, prompt_version, trace_id, expires_at) values ($1, 'a', 'v1', 't', 'infinity')`
    expect(await refusalOf(asCaller(sibling, taking, [run]))).not.toBe('')
    expect(await eventsOf(boss, run)).toEqual(['run-started'])
    // A check that can fail: an id that nobody has is taken.
    expect((await asCaller(sibling, taking, [randomUUID()])).rowCount).toBe(1)
  })

  test('should keep what an event leaves out as what most events say', async () => {
    const run = await start(mine)
    const [event] = await house.store.call(mine, 'audit_of_run', [run])
    expect(event).toMatchObject({
      decision: 'allowed',
      reason: null,
      tool_ids: [],
      datasource_ids: [],
      blocked_cross_boundary_resources: 0,
      detail: {},
    })
  })

  test('should read a memory by one plan, in which the token stands before the policy asks for it', async () => {
    const { tenant, workspace, member } = rowsOf(mine)
    const source = JSON.stringify({ kind: 'set' })
    await house.store.call(mine, 'memory_set', [tenant, workspace, member, 'user', 'k', '1', source, '[]'])
    const plan = await house.asApp(async (app) => {
      const token = house.mint.boundary(mine, 0)
      const text = `select * from wt.memory_get_user('${token}', '${tenant}', '${workspace}', '${member}', 'k')`
      expect(await app.query(text)).toMatchObject([{ value: 1 }])
      return (await app.query(`explain ${text}`)).map((row) => String(row['QUERY PLAN'])).join('\n')
    })
    expect(plan).not.toContain('memory_get_user')
    expect(plan.match(/Function Scan on boundary/g)).toHaveLength(1)
  })
})
