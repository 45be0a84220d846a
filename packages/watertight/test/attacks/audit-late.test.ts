import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { requireLive } from '../../src/boundary/index.ts'
import { Refusal, RunEnded, narrow, openWatertight, session } from '../../src/index.ts'
import type { AuditEvent, AuditSink, Transaction } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { openDesks } from '../support/desks.ts'
import type { Desks } from '../support/desks.ts'
import { onEachEngine } from '../support/engines.ts'
import { onBothEngines, refusalOf, rowsOf } from './store-fixture.ts'
import type { House } from './store-fixture.ts'

const surfaces = [memory()] as const
const named = { agent: 'agent', promptVersion: 'v1' }

onEachEngine((create) => {
  let desks: Desks<typeof surfaces>
  beforeAll(async () => {
    desks = await openDesks(await create(), { surfaces })
  }, 120_000)
  afterAll(async () => await desks?.[Symbol.asyncDispose]())

  const logged = async (runId: string) =>
    await desks.admin(
      "select event, reason, detail::jsonb ->> 'writtenAfterBoundary' as late from wt.audit_event where agent_run_id = $1 order by at, age(xmin) desc, position",
      [runId],
    )
  const started = { event: 'run-started', reason: null, late: null }
  const revoke = async (tenantId = 'acme') => await desks.watertight.directory.raiseEpoch(tenantId)
  const readOnce = async () => {
    const desk = await desks.at()
    await desk.memory.set('secret', 'words')
    const run = await desk.startRun(named)
    await run.state.set('note', 'words')
    expect((await run.memory.get('secret'))?.value).toBe('words') // handed to the app: it cannot be taken back
    return run
  }
  const written = { event: 'state-written', reason: null, late: null }
  const read = (late: string | null) => ({ event: 'memory-read', reason: null, late })

  test('should have the reads of a run soon, though nobody asks for them', async () => {
    const run = await readOnce()
    await expect.poll(() => logged(run.id), { timeout: 20_000 }).toEqual([started, written, read(null)])
  })

  test('should have the reads of a run whose boundary was revoked, though nothing uses it any more', async () => {
    const run = await readOnce()
    await revoke()
    await expect.poll(() => logged(run.id), { timeout: 20_000 }).toEqual([started, written, read('revoked')])
  })

  test('should have them before whoever goes on is refused, with the refusal of what was tried', async () => {
    const run = await readOnce()
    await revoke()
    await expect(run.state.set('note', 'more')).rejects.toMatchObject({ reason: 'revoked' })
    expect(await logged(run.id)).toEqual([started, written, read('revoked')])
  })

  test('should have the end of a run whose boundary was revoked, once, and keep no state of it', async () => {
    const run = await readOnce()
    await revoke()
    await run.end()
    await run.end()
    expect(await logged(run.id)).toEqual([
      started,
      written,
      read('revoked'),
      { event: 'run-ended', reason: 'revoked', late: null },
    ])
    const [row] = await desks.admin('select ended_at is not null as ended from wt.run where id = $1', [run.id])
    expect(row).toEqual({ ended: true })
    expect(await desks.admin('select from wt.run_state where run_id = $1', [run.id])).toEqual([])
    await expect(run.state.get('note')).rejects.toThrow(RunEnded)
  })

  test('should have the end of a run that outlived its time and its boundary', async () => {
    const desk = await desks.at()
    const short = narrow(desk.boundary, { expiresAt: new Date(Date.now() + 1_500) })
    const run = await desks.watertight.within(short).startRun({ ...named, lifetime: 1_400 })
    await run.memory.get('secret')
    await new Promise((resolve) => setTimeout(resolve, 1_700))
    await run.end()
    const events = await logged(run.id)
    expect(events.map(({ event }) => event)).toEqual(['run-started', 'memory-read', 'run-ended'])
    expect(events.at(-1)).toMatchObject({ reason: 'expired' })
  })

  test('should leave the run of a colleague and of a look-alike as they are', async () => {
    const [colleague, twin] = [await desks.at({ userId: 'u2' }), await desks.at({ tenantId: 'acme2' })]
    const others = [await colleague.startRun(named), await twin.startRun(named)]
    for (const other of others) await other.state.set('note', 1)
    const run = await readOnce()
    await desks.watertight.directory.raiseVersion({ tenantId: 'acme', workspaceId: 'ws', userId: 'u' })
    await run.end()
    for (const other of others) {
      expect((await other.state.get('note'))?.value).toBe(1)
      expect((await logged(other.id)).map(({ event }) => event)).toEqual(['run-started', 'state-written'])
      await other.end()
    }
  })

  test('should make what runs have noted durable before closing, and close once', async () => {
    const log: AuditEvent[] = []
    const audit: AuditSink = { append: async (_, events) => void log.push(...events), ofRun: async () => [] }
    const own = await openDesks(await create(), { surfaces, audit, tenants: ['acme'] })
    const desk = await own.at()
    const run = await desk.startRun(named)
    await run.memory.get('secret')
    expect(log.map(({ event }) => event)).toEqual(['run-started'])
    await own.watertight.close()
    expect(log.map(({ event }) => event)).toEqual(['run-started', 'memory-missed'])
    await own.watertight.close()
    await own.watertight[Symbol.asyncDispose]()
  }, 120_000)
})

test('should say so at closing when what was noted cannot be written, and be closed all the same', async () => {
  let away = false
  const audit: AuditSink = {
    append: async () => {
      if (away) throw new Error('the log is away')
    },
    ofRun: async () => [],
  }
  const watertight = await openWatertight({ database: 'memory://', identity: session(), surfaces, audit })
  const place = { tenantId: 'acme', workspaceId: 'ws', userId: 'u' }
  await watertight.directory.putTenant({ ...place, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(place)
  await watertight.directory.putMember({ ...place, role: 'owner', allowedToolIds: [], allowedDatasourceIds: [] })
  const boundary = await watertight.boundary(await watertight.identify(place), place)
  const run = await watertight.within(boundary).startRun(named)
  await run.memory.get('secret')
  away = true
  await expect(watertight.close()).rejects.toMatchObject({ code: 'EVIDENCE_REFUSED' })
  await expect(watertight.sweep()).rejects.toThrow()
}, 120_000)

describe('the door of late evidence', () => {
  onBothEngines((open) => {
    let house: House
    beforeAll(async () => {
      house = await open()
    }, 120_000)
    afterAll(async () => await house?.[Symbol.asyncDispose]())

    const event = {
      event: 'tool-answered',
      decision: 'allowed',
      surface: 'tools',
      trace_id: 't',
      tool_ids: [],
      datasource_ids: [],
      blocked_cross_boundary_resources: 0,
      detail: {},
    }
    const events = JSON.stringify([event])
    const call = 'select wt.operator_late_evidence($1, $2, $3, $4, $5, $6, $7)'
    const start = async (boundary: Parameters<House['store']['call']>[0]) => {
      const id = randomUUID()
      await house.store.call(boundary, 'run_start', [id, 'agent', 'v1', 'trace', 60_000, '[]'])
      return id
    }
    const count = async () =>
      (await house.asAdmin((admin) => admin.query("select event from wt.audit_event where event <> ''"))).length

    test('should be shut to whoever is in a boundary, with any token that there is', async () => {
      const boundary = await house.boundary('acme', 'ws', 'u')
      const { tenant, workspace, member, state } = rowsOf(boundary)
      const run = await start(boundary)
      const before = await count()
      const work = async (transaction: Transaction) => {
        const { rows } = await transaction.query("select current_setting('wt.token', true) as token")
        await transaction.query(call, [rows[0]?.['token'], tenant, workspace, member, run, false, events])
      }
      await expect(house.store.transact(boundary, work)).rejects.toThrow(/token|refused/)
      const claims = {
        issuer: state.issuer,
        subject: state.userId,
        tenantId: state.tenantId,
        expiresAt: state.expiresAt,
      }
      for (const token of ['', 'x', house.mint.boundary(boundary, 0), house.mint.principal(claims, 0)]) {
        const attempt = house.asApp((app) => app.query(call, [token, tenant, workspace, member, run, true, events]))
        expect(await refusalOf(attempt)).toContain('no valid token')
      }
      expect(await count()).toBe(before)
    })

    test('should file nothing under a run of another tenant, workspace or person, or under none', async () => {
      const boundary = await house.boundary('acme', 'ws', 'u')
      const run = await start(boundary)
      const others = [
        await house.boundary('acme-eu', 'ws', 'u'),
        await house.boundary('acme', 'ws2', 'u'),
        await house.boundary('acme', 'ws', 'u2'),
      ]
      const before = await count()
      for (const other of others) {
        const { tenant, workspace, member } = rowsOf(other)
        const theirs = await start(other)
        for (const values of [
          [tenant, workspace, member, run],
          [rowsOf(boundary).tenant, rowsOf(boundary).workspace, rowsOf(boundary).member, theirs],
          [tenant, workspace, member, randomUUID()],
          [tenant, workspace, member, null],
          [tenant, workspace, rowsOf(boundary).member, theirs],
        ])
          if (String(values) !== String([tenant, workspace, rowsOf(other).member, theirs]))
            for (const ended of [false, true])
              await expect(
                house.store.operate('operator_late_evidence', [...values, ended, events]),
                String(values),
              ).rejects.toThrow(Refusal)
        const [row] = await house.asAdmin((admin) => admin.query('select ended_at from wt.run where id = $1', [theirs]))
        expect(row).toEqual({ ended_at: null })
      }
      expect(await count()).toBe(before)
      expect(requireLive(boundary).tenantId).toBe('acme')
    })

    test('should take owner and run from the server, never from an event', async () => {
      const [boundary, other] = [await house.boundary('acme', 'ws', 'u'), await house.boundary('acme-eu', 'ws', 'u')]
      const { tenant, workspace, member } = rowsOf(boundary)
      const [run, theirs] = [await start(boundary), await start(other)]
      const forged = {
        ...event,
        tenant_id: rowsOf(other).tenant,
        member_id: rowsOf(other).member,
        agent_run_id: theirs,
      }
      await house.store.operate('operator_late_evidence', [
        tenant,
        workspace,
        member,
        run,
        false,
        JSON.stringify([forged]),
      ])
      const rows = await house.asAdmin((admin) =>
        admin.query('select tenant_id, member_id, agent_run_id from wt.audit_event where event = $1', [
          'tool-answered',
        ]),
      )
      expect(rows).toEqual([{ tenant_id: tenant, member_id: member, agent_run_id: run }])
    })
  })
})
