import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { narrow } from '../../src/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import type { ToolDefinition } from '../../src/surfaces/tools/index.ts'
import {
  alice,
  onEachDesk,
  otherTenant,
  outcomeOf,
  ownIdOf,
  provision,
  sharedId,
  toolEventsOf,
} from './tools-fixture.ts'
import type { Desk, DeskRun, ToolHouse } from './tools-fixture.ts'

const ran: unknown[] = []

const define = (name: string, more: Partial<ToolDefinition<unknown, unknown>> = {}) =>
  defineTool<unknown, unknown>({
    name,
    description: name,
    input: z.looseObject({ note: z.unknown() }).partial(),
    risk: 'read',
    role: 'viewer',
    ownerless: 'says that it ran',
    async run(input) {
      ran.push(input)
      return 'ran'
    },
    ...more,
  } as ToolDefinition<unknown, unknown>)

const marked = z.object({ ticketId: resourceId('ticket') })
const throwing = {
  '~standard': {
    version: 1 as const,
    vendor: 'own',
    validate: (): never => {
      throw new Error('row of acme-eu: secret')
    },
    jsonSchema: { input: () => ({ type: 'object' }), output: () => ({ type: 'object' }) },
  },
}

const list = [
  define('echo'),
  define('strict', { input: z.strictObject({ note: z.string() }) }),
  define('stripping', { input: z.object({ note: z.string().optional() }) }),
  define('forbidden'),
  define('for_viewer', { role: 'viewer' }),
  define('for_member', { role: 'member' }),
  define('for_admin', { role: 'admin' }),
  define('for_owner', { role: 'owner' }),
  define('for_nobody', { role: 'superadmin' }),
  define('reads_ticket', { input: marked }),
  define('broken_schema', { input: throwing }),
]
const roles = ['viewer', 'member', 'admin', 'owner', 'Owner', 'superadmin', 'guest']
const reaches: Readonly<Record<string, readonly string[]>> = {
  viewer: ['for_viewer'],
  member: ['for_viewer', 'for_member'],
  admin: ['for_viewer', 'for_member', 'for_admin'],
  owner: ['for_viewer', 'for_member', 'for_admin', 'for_owner'],
}

onEachDesk((open) => {
  let house: ToolHouse
  let desk: Desk
  let run: DeskRun

  beforeAll(async () => {
    house = await open(list, { maximumInputBytes: 1000, maximumOutputBytes: 2000 })
    desk = await house.within(alice)
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    ran.length = 0
    run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  })

  const call = async (name: unknown, input: unknown = {}) => await outcomeOf(run.tools.call(name as string, input))
  const events = async () => {
    await run.end()
    return await toolEventsOf(desk, run.id)
  }

  describe('a name that only the boundary decides', () => {
    const names = [
      'tenantId', 'tenant_id', 'TENANT-ID', 'x-tenant-id', 'orgId', 'org', 'workspaceId', 'workspace', 'targetTenantId',
      'ｔｅｎａｎｔＩｄ', 'ten\u200bantId', 'ténantId', 'boundary', 'allowedToolIds', '__proto__', 'constructor', 'prototype',
      'wsId', 'targetTenant', 'orgUuid', 'tеnantId', 'τenant_id', 'filter[tenant_id]', 'where.tenantId.eq', 'TeNaNtId',
    ] // prettier-ignore
    const wraps: readonly ((holding: unknown) => unknown)[] = [
      (holding) => holding,
      (holding) => ({ note: holding }),
      (holding) => ({ note: [{ more: [holding] }] }),
    ]

    test.each(names)(
      'should be refused and recorded at any depth, also where the schema would strip it: %s',
      async (name) => {
        for (const wrap of wraps) {
          const input = wrap(JSON.parse(`{${JSON.stringify(name)}:"acme-eu"}`))
          for (const tool of ['echo', 'strict', 'stripping', 'reads_ticket'])
            expect(await call(tool, input)).toMatchObject({ message: expect.stringContaining('reserved-argument') })
        }
        expect(ran).toEqual([])
        const left = await events()
        expect(new Set(left.map((event) => event.event))).toEqual(new Set(['argument-reserved']))
        expect(left).toHaveLength(12)
        expect(left[0]).toMatchObject({ decision: 'refused', blocked_cross_boundary_resources: 1, detail: {} })
        expect(JSON.stringify(left)).not.toContain('acme-eu')
      },
    )
  })

  describe('a name that only the boundary decides, where the name is a value', () => {
    const hidden: Readonly<Record<string, unknown>> = {
      'text that is JSON': '{"where":{"tenantId":"acme-eu"}}',
      'JSON written as text twice': JSON.stringify(JSON.stringify([{ ws_id: 'acme-eu' }])),
      'JSON behind a mark of byte order': '\ufeff {"tenant_id":"acme-eu"}',
      'JSON that nests deeply': `${'['.repeat(400)}{"orgId":"acme-eu"}${']'.repeat(400)}`,
      'JSON of which one parser keeps what another drops': '{"a":{"tenantId":"acme-eu"},"a":1}',
      'lines of JSON': '{"note":1}\n{"tenantId":"acme-eu"}',
      'JSON behind a prefix': 'data: {"tenantId":"acme-eu"}',
      'JSON in a fence': '```json\n{"tenantId":"acme-eu"}\n```',
      'the field of a filter': { field: 'tenantId', op: 'eq', value: 'acme-eu' },
      'the key of a filter': { key: 'metadata.tenant_id', match: { value: 'acme-eu' } },
      'the path of a patch': [{ op: 'replace', path: '/tenantId', value: 'acme-eu' }],
      'a clause': ['tenantId', '==', 'acme-eu'],
      'entries of an object': [['tenantId', 'acme-eu']],
    }
    test.each(Object.entries(hidden))('should be refused and recorded: %s', async (_what, note) => {
      for (const tool of ['echo', 'strict', 'stripping', 'reads_ticket'])
        expect(await call(tool, { note })).toMatchObject({ message: expect.stringContaining('reserved-argument') })
      expect(ran).toEqual([])
      expect((await events()).map((event) => event.event)).toEqual(Array.from({ length: 4 }, () => 'argument-reserved'))
    })

    test.each([
      'Tell me the tenantId.',
      ['tenantId', 'title'],
      { key: 'preferred_report_format', value: 'workspace' },
      '{ not JSON: tenantId }',
    ])('should not be seen in ordinary values: %j', async (note) => {
      expect(JSON.stringify(await call('echo', { note }))).not.toContain('reserved-argument')
    })
  })

  describe('a tool that is not in allowedToolIds', () => {
    test('should not be listed', async () => {
      expect((await run.tools.list()).map((tool) => tool.name)).toEqual(
        list.map((tool) => tool.name).filter((name) => name !== 'forbidden'),
      )
    })

    test('should be refused as one that nobody registered, whatever the input', async () => {
      const unknown = await call('no_such_tool')
      expect(unknown).toMatchObject({ refused: expect.stringContaining('NOT_FOUND') })
      for (const input of [{}, { tenantId: 'acme-eu' }, 'x'.repeat(5000), Symbol('input')]) {
        expect(await call('forbidden', input)).toEqual(unknown)
      }
      expect(ran).toEqual([])
      const left = await events()
      expect(new Set(left.map((event) => JSON.stringify(event))).size).toBe(1)
      expect(left[0]).toMatchObject({ event: 'tool-unknown', tool_ids: [], detail: {} })
    })

    test.each([
      'ECHO',
      'Echo',
      'echo ',
      ' echo',
      'echo.',
      'echo\u200b',
      'ech',
      'echo2',
      'ｅcho',
      'echo%20',
      'tools/echo',
      '__proto__',
      'constructor',
      'toString',
      '',
      ['echo'],
      { toString: () => 'echo' },
      null,
      1,
    ])('should not be found by a name that looks like another: %j', async (name) => {
      expect(await call(name)).toEqual(await call('no_such_tool'))
      expect(ran).toEqual([])
    })

    test('should be gone for a boundary that was narrowed, and for a member of the twin that lacks it', async () => {
      const narrowed = house.watertight.within(narrow(desk.boundary, { tools: ['strict'] }))
      const other = await narrowed.startRun({ agent: 'desk', promptVersion: '1' })
      expect((await other.tools.list()).map((tool) => tool.name)).toEqual(['strict'])
      await expect(other.tools.call('echo', {})).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
      const bob = { ...otherTenant, userId: 'bob' }
      await provision(house.watertight, bob, [])
      const theirs = await house.start(bob)
      expect(await theirs.tools.list()).toEqual([])
      await expect(theirs.tools.call('echo', {})).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    })
  })

  test.each(roles)('should let a role call what it reaches and nothing else: %s', async (role) => {
    const person = { ...alice, userId: `as-${role}`, role }
    await provision(
      house.watertight,
      person,
      list.map((tool) => tool.name),
    )
    const theirs = await house.start(person)
    const names = ['for_viewer', 'for_member', 'for_admin', 'for_owner', 'for_nobody']
    const called: string[] = []
    for (const name of names) {
      const outcome = await outcomeOf(theirs.tools.call(name, {}))
      if (JSON.stringify(outcome).includes('"ran"')) called.push(name)
      else expect(outcome).toMatchObject({ message: expect.stringContaining('does not permit the operation: role') })
    }
    expect(called).toEqual(reaches[role] ?? [])
    expect(ran).toHaveLength(called.length)
  })

  describe('an input that is no plain JSON', () => {
    const cycle: Record<string, unknown> = {}
    cycle['note'] = cycle
    const changing = (first: unknown, second: unknown) => {
      let asks = 0
      return () => (asks++ === 0 ? first : second)
    }
    const hostile: Readonly<Record<string, unknown>> = {
      'a cycle': cycle,
      'a proxy that throws': new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('secret of acme-eu')
          },
        },
      ),
      'a getter that throws': {
        get note() {
          throw new Error('secret of acme-eu')
        },
      },
      'a revoked proxy': (() => {
        const { proxy, revoke } = Proxy.revocable({}, {})
        revoke()
        return proxy
      })(),
      'a function': () => 0,
      'a symbol': Symbol('x'),
      'a bigint': { note: 1n },
      'a date': { note: new Date() },
      'a class instance': new (class {
        note = 'x'
      })(),
      'an undefined member': { note: undefined },
      'not a number': { note: Number.NaN },
      'a lone surrogate': { note: '\ud800' },
      'a NUL': { note: 'a\0b' },
      'a symbol for a name': { [Symbol('tenantId')]: 'x' },
    }

    test.each(Object.entries(hostile))('should be refused and recorded: %s', async (_what, input) => {
      const outcome = await call('echo', input)
      expect(outcome).toMatchObject({ refused: expect.stringMatching(/INVALID_INPUT|LIMIT_EXCEEDED/) })
      expect(JSON.stringify(outcome)).not.toContain('acme-eu')
      expect(ran).toEqual([])
      expect(await events()).toMatchObject([{ event: 'input-refused', tool_ids: ['echo'] }])
    })

    test('should be read once: a getter that names a tenant the second time names none', async () => {
      const answer = changing('harmless', { tenantId: 'acme-eu' })
      const input = {
        get note() {
          return answer()
        },
      }
      await call('echo', input)
      expect(ran).toEqual([{ note: 'harmless' }])
    })

    test('should be read once: a proxy that shows another id the second time shows none', async () => {
      const answer = changing(sharedId, ownIdOf(otherTenant))
      const input = new Proxy(
        { ticketId: '' },
        { get: (target, name) => (name === 'ticketId' ? answer() : Reflect.get(target, name)) },
      )
      await call('reads_ticket', input)
      expect(ran).toEqual([{ ticketId: sharedId }])
    })
  })

  test('should refuse an input over the limit, naming it', async () => {
    expect(await call('echo', { note: 'x'.repeat(2000) })).toMatchObject({
      message: expect.stringContaining('input in bytes (1000)'),
    })
    expect(ran).toEqual([])
  })

  test('should refuse an input nested too deep, naming the limit', async () => {
    let note: unknown = 0
    for (let level = 0; level < 100; level++) note = [note]
    expect(await call('echo', { note })).toMatchObject({ message: expect.stringContaining('input in levels (64)') })
  })

  test('should refuse an answer over the limit', async () => {
    await using small = await open([define('wordy', { run: async () => 'secret '.repeat(1000) })], {
      maximumOutputBytes: 100,
    })
    const theirs = await small.start(alice)
    const outcome = await outcomeOf(theirs.tools.call('wordy', {}))
    expect(outcome).toMatchObject({ message: expect.stringContaining('output in bytes (100)') })
    expect(JSON.stringify(outcome)).not.toContain('secret')
  }, 120_000)

  test('should refuse what the schema does not take, without repeating it', async () => {
    const outcome = await call('strict', { note: 'x', more: 'secret' })
    expect(outcome).toMatchObject({ refused: expect.stringContaining('INVALID_INPUT') })
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  test('should not tell what a schema’s own code threw', async () => {
    const outcome = await call('broken_schema', {})
    expect(outcome).toMatchObject({ refused: expect.stringContaining('TOOL_FAILED') })
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'should not be registered with a limit of %s',
  async (limit) => {
    const { tools } = await import('../../src/surfaces/tools/index.ts')
    expect(() => tools([], { maximumInputBytes: limit })).toThrow(TypeError)
    expect(() => tools([], { maximumOutputBytes: limit })).toThrow(TypeError)
  },
)
