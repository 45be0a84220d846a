import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { narrow, openWatertight, session } from '../../src/index.ts'
import type { ProvedSession, RefusedEvent, Watertight } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { onEachEngine } from '../support/engines.ts'

const surfaces = [memory()] as const
const heard: RefusedEvent[] = []
let log: () => void | Promise<void> = () => undefined

onEachEngine((create) => {
  let watertight: Watertight<ProvedSession | null | undefined, typeof surfaces>
  const alice = {
    tenantId: 'acme',
    workspaceId: 'ws',
    userId: 'alice',
    role: 'owner',
    allowedToolIds: [],
    allowedDatasourceIds: [],
  }

  beforeAll(async () => {
    const { database, keys } = await create()
    const onRefused = (event: RefusedEvent) => {
      heard.push(event)
      return log()
    }
    watertight = await openWatertight({ database, keys, identity: session(), surfaces, onRefused })
    for (const tenantId of ['acme', 'acme2']) {
      await watertight.directory.putTenant({ tenantId, plan: 'pro', region: 'us' })
      for (const workspaceId of ['ws', 'ws2']) await watertight.directory.putWorkspace({ tenantId, workspaceId })
      await watertight.directory.putMember({ ...alice, tenantId })
    }
  }, 120_000)
  afterAll(async () => await watertight?.close())
  beforeEach(() => {
    heard.length = 0
    log = () => undefined
  })

  const boundary = async (tenantId: string, workspaceId: string, userId = 'alice') =>
    await watertight.boundary(await watertight.identify({ tenantId, userId }), { workspaceId })

  test('should hear of nobody who is somebody', async () => {
    await watertight.within(await boundary('acme', 'ws')).memory.set('x', 1)
    expect(heard).toEqual([])
  })

  test('should hear of a caller whom nothing proves', async () => {
    await expect(watertight.identify(undefined)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(heard).toEqual([
      {
        at: expect.any(Date),
        step: 'identify',
        code: 'UNAUTHENTICATED',
        reason: 'absent',
        tenant: null,
        workspace: null,
        user: null,
      },
    ])
  })

  test('should hear of strangers, foreign and missing workspaces alike, and be told no id', async () => {
    for (const [tenantId, workspaceId, userId] of [
      ['acme', 'ws2', 'alice'],
      ['acme', 'ws-of-nobody', 'alice'],
      ['acme', 'ws', 'mallory'],
      ['acme-eu', 'ws', 'alice'],
    ] as const)
      await expect(boundary(tenantId, workspaceId, userId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(heard).toHaveLength(4)
    for (const event of heard)
      expect(event).toEqual({
        at: expect.any(Date),
        step: 'boundary',
        code: 'NOT_FOUND',
        reason: null,
        tenant: expect.stringMatching(/^[0-9a-f]{32}$/),
        workspace: expect.stringMatching(/^[0-9a-f]{32}$/),
        user: expect.stringMatching(/^[0-9a-f]{32}$/),
      })
    const [foreign, missing, stranger, elsewhere] = heard
    expect(foreign?.tenant).toBe(missing?.tenant)
    expect(foreign?.user).toBe(missing?.user)
    expect(foreign?.workspace).not.toBe(missing?.workspace)
    expect(stranger?.user).not.toBe(foreign?.user)
    expect(stranger?.workspace).not.toBe(elsewhere?.workspace) // the same name in another tenant
    expect(JSON.stringify(heard)).not.toMatch(/acme|alice|mallory|ws/)
  })

  test('should hear of a boundary that was revoked, that expired, and of a forged one', async () => {
    const desk = watertight.within(await boundary('acme2', 'ws'))
    const run = await desk.startRun({ agent: 'a', promptVersion: 'v' })
    const short = watertight.within(narrow(desk.boundary, { expiresAt: new Date(Date.now() + 50) }))
    await watertight.directory.raiseEpoch('acme2')
    await expect(desk.memory.get('x')).rejects.toMatchObject({ reason: 'revoked' })
    await expect(run.memory.get('x')).rejects.toMatchObject({ reason: 'revoked' })
    expect(() => watertight.within(desk.boundary)).toThrow('revoked')
    await expect(short.memory.get('x')).rejects.toMatchObject({ reason: expect.any(String) })
    const forged = { tenantId: 'acme', workspaceId: 'ws', userId: 'alice' }
    expect(() => watertight.within(forged as never)).toThrow('forged')
    expect(heard.map(({ step, code, reason }) => [step, code, reason])).toEqual([
      ...Array.from({ length: 4 }, () => ['use', 'BOUNDARY_REFUSED', 'revoked']),
      ['use', 'BOUNDARY_REFUSED', 'forged'],
    ])
    expect(new Set(heard.slice(0, 4).map(({ tenant, workspace, user }) => `${tenant}/${workspace}/${user}`)).size).toBe(
      1,
    )
    expect(heard.at(-1)).toMatchObject({ tenant: null, workspace: null, user: null })
    expect(JSON.stringify(heard)).not.toMatch(/acme|alice|ws/)
  })

  describe('a log that is in trouble', () => {
    test.each<[string, () => void | Promise<void>]>([
      [
        'throws',
        () => {
          throw new Error('the log is away')
        },
      ],
      ['rejects', async () => await Promise.reject(new Error('the log is away'))],
      ['never answers', () => new Promise<void>(() => undefined)],
    ])('should change no refusal: it %s', async (_what, trouble) => {
      log = trouble
      await expect(boundary('acme', 'ws2')).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(watertight.identify(null)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
      expect(heard).toHaveLength(2)
    })
  })
})

test('should refuse an onRefused that is no function, as early as possible', async () => {
  const options = { database: 'memory://', identity: session(), surfaces, onRefused: 'console' }
  await expect(openWatertight(options as never)).rejects.toThrow('onRefused')
})
