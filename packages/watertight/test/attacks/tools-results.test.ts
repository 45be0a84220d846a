import { inspect } from 'node:util'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import {
  assertInBoundary,
  Forbidden,
  InvalidInput,
  LimitExceeded,
  NotFound,
  StoreUnavailable,
  ToolFailed,
} from '../../src/index.ts'
import { defineTool, fromTable } from '../../src/surfaces/tools/index.ts'
import type { Resolver, ToolContext, ToolDefinition, ToolFailure } from '../../src/surfaces/tools/index.ts'
import { whilePolluted } from '../support/polluted.ts'
import {
  alice,
  canaryOf,
  onEachDesk,
  otherTenant,
  otherUser,
  outcomeOf,
  ownerOf,
  ownIdOf,
  provision,
  sharedId,
  statementsOf,
  toolEventsOf,
  twins,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Person, Ticket, ToolHouse } from './tools-fixture.ts'

type Work = (context: ToolContext, input: { readonly ticketId: string }) => Promise<unknown>

/** What the tools do: set by each test, so that one desk serves all. */
let work: Work = async () => undefined
let find: Resolver['find'] = async () => []
let ran = 0

const table = fromTable('desk.ticket')
const resolve = {
  ticket: { ...table, find: ((ids, context) => find(ids, context)) satisfies Resolver['find'] },
}

/** What the app's own logger heard, and what it does then. */
const heard: ToolFailure[] = []
let logs: () => void | Promise<void> = () => undefined
const onFailure = (failure: ToolFailure) => {
  heard.push(failure)
  return logs()
}

const define = (name: string, more: Partial<ToolDefinition<{ ticketId: string }, unknown>>) =>
  defineTool<{ ticketId: string }, unknown>({
    name,
    description: name,
    input: z.object({ ticketId: resourceId('ticket') }),
    risk: 'write',
    role: 'viewer',
    run: async (input, context) => {
      ran++
      return await work(context, input)
    },
    ...more,
  } as ToolDefinition<{ ticketId: string }, unknown>)

const ticketOf = (person: Person): Ticket => ({
  tenant_id: person.tenantId,
  workspace_id: person.workspaceId,
  id: 'T-9',
  title: canaryOf(person),
  status: 'open',
})

const list = [
  define('owned', { owner: (row) => ownerOf(row as Ticket) }),
  define('ownerless', { ownerless: 'a number' }),
  define('owner_by_prototype', { owner: () => ({}) as never }),
  define('owner_throws', {
    owner: () => {
      throw new Error('no owner column')
    },
  }),
  define('owner_looks_once', { owner: (row) => (row as { owner: never }).owner }),
]

// Each call is meant: a second one is no retry of the first.
let steps = 0
const anew = () => ({ step: String(steps++) })

onEachDesk((open) => {
  let house: ToolHouse
  let desk: Desk
  let run: DeskRun

  beforeAll(async () => {
    house = await open(list, { resolve, onFailure })
    desk = await house.within(alice)
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    ran = 0
    heard.length = 0
    logs = () => undefined
    find = table.find
    work = async () => undefined
    run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  })

  const call = async (name = 'owned', ticketId: string = sharedId) =>
    await outcomeOf(run.tools.call(name, { ticketId }, anew()))
  const events = async () => {
    await run.end()
    return await toolEventsOf(desk, run.id)
  }
  const notFound = { refused: JSON.stringify(new NotFound()) }
  const failed = { refused: JSON.stringify(new ToolFailed()) }

  describe.each(twins)('a result, between $apart', ({ other }) => {
    const foreign = ticketOf(other)
    const own = ticketOf(alice)

    test('should leave when every row is the boundary’s own', async () => {
      work = async () => [own, own]
      expect(await call()).toMatchObject({ value: { value: [own, own] } })
    })

    const nested: Readonly<Record<string, () => unknown>> = {
      'in an object': () => ({ comments: { last: foreign } }),
      'in a list': () => ({ comments: [own, { more: [foreign] }] }),
      'in a record': () => ({ byId: { 'T-1': own, 'T-9': foreign } }),
      'in text that is JSON': () => ({ text: JSON.stringify([foreign]) }),
      'in JSON that was written as text twice': () => ({ text: JSON.stringify(JSON.stringify({ rows: [foreign] })) }),
      'named otherwise': () => ({ orgId: other.tenantId, wsId: other.workspaceId, title: foreign.title }),
      'named as an object': () => ({
        organization: { id: other.tenantId },
        workspace: { _id: other.workspaceId, title: foreign.title },
      }),
      'named as a list': () => ({ tenants: [other.tenantId], workspaceIds: [alice.workspaceId, other.workspaceId] }),
      'with an owner that looks like ours': () => ({ tenantId: `${alice.tenantId} `, title: 'x' }),
      'with an owner that is nobody': () => ({ tenantId: null, title: 'x' }),
      'with two owners': () => ({ tenant: { id: alice.tenantId, tenantId: 'acme-us' }, title: 'x' }),
    }
    test.each(Object.entries(nested))('should be withheld with a foreign row in it, %s', async (_what, result) => {
      for (const [name, answer] of [
        ['owned', { ...own, detail: result() }],
        ['owned', [own, { ...own, ...Object(result()), ...own, detail: result() }]],
        ['ownerless', result()],
        ['ownerless', [1, 'x', [result()]]],
      ] as const) {
        work = async () => answer
        expect(await call(name)).toMatchObject(notFound)
      }
      const left = (await events()).filter((event) => event.decision === 'refused')
      expect(left.map((event) => event.event)).toEqual(Array.from({ length: 4 }, () => 'result-withheld'))
      expect(JSON.stringify(left)).not.toContain(foreign.title)
    })

    test('should leave with own rows and words about owners in it', async () => {
      const { tenantId, workspaceId } = alice
      const detail = {
        rows: [own, { tenant: { id: tenantId }, workspaces: [workspaceId] }],
        text: JSON.stringify([own]),
        tenantName: 'Acme',
        workspaces: 3,
        isTenant: true,
        orgChart: 'flat',
        lieutenant: 'x',
      }
      for (const name of ['owned', 'ownerless']) {
        work = async () => ({ ...own, detail })
        expect(await call(name)).toMatchObject({ value: { value: { ...own, detail } } })
      }
    })

    const withheld: Readonly<Record<string, () => unknown>> = {
      'a foreign row': () => foreign,
      'a foreign row among own ones': () => [own, foreign, own],
      'a row without an owner': () => ({ title: 'x' }),
      'a row whose owner is empty': () => ({ ...own, tenant_id: '', workspace_id: null }),
      'a row whose owner looks like ours': () => ({ ...own, tenant_id: `${own.tenant_id} ` }),
      'no row at all in a list': () => [own, null],
      'a text': () => foreign.title,
      'a list in a list': () => [[own], [foreign]],
      'rows beneath a name that has no owner': () => ({ rows: [foreign] }),
    }
    test.each(Object.entries(withheld))('should be withheld, with an alarm: %s', async (_what, result) => {
      work = async () => result()
      const outcome = await call()
      expect(outcome).toMatchObject(notFound)
      expect(JSON.stringify(outcome)).not.toContain('canary')
      expect((await events()).at(-1)).toMatchObject({
        event: 'result-withheld',
        decision: 'refused',
        reason: 'owner-mismatch',
      })
    })

    test('should be withheld when it changes after it was looked at', async () => {
      let asks = 0
      work = async () =>
        new Proxy([own], { get: (rows, name) => (name === '0' && asks++ > 0 ? foreign : Reflect.get(rows, name)) })
      expect(JSON.stringify(await call())).not.toContain(canaryOf(other))
    })

    test('should be withheld when its owner cannot be told', async () => {
      work = async () => own
      expect(await call('owner_throws')).toMatchObject(notFound)
    })

    test('should not get an owner from a polluted prototype', async () => {
      work = async () => foreign
      const outcome = await whilePolluted('tenantId', alice.tenantId, () =>
        whilePolluted('workspaceId', alice.workspaceId, () => call('owner_by_prototype')),
      )
      expect(outcome).toMatchObject(notFound)
    })

    test('should be what the owner was read from: a copy', async () => {
      let asks = 0
      const shifty = {
        get owner() {
          return asks++ === 0 ? alice : other
        },
        secret: canaryOf(other),
      }
      work = async () => shifty
      const outcome = await call('owner_looks_once')
      // The copy was made of the first answer, so what left is what was judged.
      expect(outcome).toMatchObject({
        value: { value: { owner: { tenantId: alice.tenantId, workspaceId: alice.workspaceId } } },
      })
    })
  })

  describe('an error of the tool', () => {
    const thrown: Readonly<Record<string, () => unknown>> = {
      'an error with a foreign record in its message': () => new Error(`duplicate: ${canaryOf(otherTenant)}`),
      'an error with a foreign record on it': () => Object.assign(new Error('x'), { row: ticketOf(otherTenant) }),
      'a foreign record itself': () => ticketOf(otherTenant),
      'a text': () => canaryOf(otherTenant),
      nothing: () => undefined,
      'a failure with a message of its own': () => Object.assign(new ToolFailed(), { message: canaryOf(otherTenant) }),
    }
    test.each(Object.entries(thrown))('should be told as a failure and nothing more: %s', async (_what, error) => {
      work = async () => {
        throw error()
      }
      const outcome = await call()
      expect(outcome).toMatchObject({
        ...failed,
        own: [
          ['name', 'ToolFailed'],
          ['code', 'TOOL_FAILED'],
        ],
      })
      expect(JSON.stringify(outcome)).not.toContain('canary')
      const left = await events()
      expect(left.at(-1)).toMatchObject({ event: 'tool-failed', decision: 'refused', detail: {} })
      expect(JSON.stringify(left)).not.toContain('canary')
    })

    test('should keep what was thrown out of whatever a logger prints of the refusal', async () => {
      work = async () => {
        throw new Error('why')
      }
      const refusal: unknown = await run.tools.call('owned', { ticketId: sharedId }).catch((error: unknown) => error)
      expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain('why')
      expect(refusal).not.toHaveProperty('cause')
    })

    test('should be told as a failure when the database says what it refused', async () => {
      work = async ({ transact }) =>
        await transact((transaction) => transaction.query('select $1::int', [canaryOf(otherTenant)]))
      expect(await call()).toMatchObject(failed)
    })

    test('should be a failure when the answer is no JSON', async () => {
      for (const answer of [new Map([[1, 2]]), new Date(), () => 0, { at: new Date() }, 1n]) {
        work = async () => answer
        expect(await call('ownerless')).toMatchObject(failed)
      }
    })

    test('should count as blocked when the tool itself refused a record that is not the boundary’s', async () => {
      work = async ({ boundary }) =>
        assertInBoundary(boundary, { tenantId: otherTenant.tenantId, workspaceId: otherTenant.workspaceId })
      expect(await call()).toMatchObject(notFound)
      expect((await events()).at(-1)).toMatchObject({
        event: 'resource-outside-boundary',
        reason: 'tool',
        blocked_cross_boundary_resources: 1,
      })
    })
  })

  describe.each(twins)('a resolver that errs, between $apart', ({ other }) => {
    const theirs = { ...ticketOf(other), id: sharedId }
    const answers: Readonly<Record<string, () => Promise<readonly Record<string, unknown>[]>>> = {
      'a foreign row of the id': async () => [{ ...theirs }],
      'a row of another id': async () => [{ ...ticketOf(alice) }],
      'a row whose id differs in case': async () => [{ ...ticketOf(alice), id: sharedId.toLowerCase() }],
      'a row without an owner': async () => [{ id: sharedId, tenant_id: null, workspace_id: undefined }],
      nothing: async () => [],
    }
    test.each(Object.entries(answers))('should let no tool run on %s', async (_what, answer) => {
      find = answer
      expect(await call()).toMatchObject(notFound)
      expect(ran).toBe(0)
    })

    test('should hand on the own row alone out of more than was asked for', async () => {
      find = async () => [{ ...theirs }, { ...ticketOf(other) }, { ...ticketOf(alice), id: sharedId }]
      work = async ({ resource }) => {
        expect(() => resource('ticket', 'T-9')).toThrow(TypeError)
        expect(() => resource('file', sharedId)).toThrow(TypeError)
        return resource('ticket', sharedId)
      }
      expect(await call()).toMatchObject({ value: { value: { title: canaryOf(alice) } } })
    })

    test('should tell no more than a failure when it throws', async () => {
      find = async () => {
        throw new Error(canaryOf(other))
      }
      expect(await call()).toMatchObject(failed)
      expect(ran).toBe(0)
    })
  })

  describe.each(twins)('a tool that forgets its WHERE, between $apart', ({ other }) => {
    test('should see its own rows alone', async () => {
      work = async ({ transact }) =>
        (await transact((transaction) => transaction.query('select * from desk.ticket'))).rows
      const { value } = await run.tools.call('owned', { ticketId: sharedId })
      expect(JSON.stringify(value)).toContain(canaryOf(alice))
      expect(JSON.stringify(value)).not.toContain(canaryOf(other))
    })

    test('should count its own rows alone', async () => {
      work = async ({ transact }) =>
        (await transact((transaction) => transaction.query('select count(*)::int as n from desk.ticket'))).rows
      expect(await call('ownerless')).toMatchObject({ value: { value: [{ n: (await house.tickets(alice)).length }] } })
    })

    test('should change its own rows alone', async () => {
      const before = await house.tickets(other)
      work = async ({ transact }) =>
        (await transact((transaction) => transaction.query("update desk.ticket set status = 'lost'"))).rowCount
      expect(await call('ownerless')).toMatchObject({ value: { value: (await house.tickets(alice)).length } })
      expect(await house.tickets(other)).toEqual(before)
      expect((await house.tickets(alice)).every((ticket) => ticket.status === 'lost')).toBe(true)
    })

    test('should delete its own rows alone', async () => {
      const [before, own] = [await house.tickets(other), await house.tickets(alice)]
      work = async ({ transact }) =>
        await transact(async (transaction) => {
          const { rowCount } = await transaction.query('delete from desk.ticket')
          for (const { id, title } of own)
            await transaction.query('insert into desk.ticket (id, title) values ($1, $2)', [id, title])
          return rowCount
        })
      expect(await call('ownerless')).toMatchObject({ value: { value: own.length } })
      expect(await house.tickets(other)).toEqual(before)
    })

    test('should not write a row into the other’s place, nor move one there', async () => {
      const before = await house.tickets(other)
      const place = [other.tenantId, other.workspaceId]
      for (const [text, values] of [
        ['insert into desk.ticket (tenant_id, workspace_id, id, title) values ($1, $2, $3, $3)', [...place, 'T-new']],
        [
          'insert into desk.ticket (tenant_id, workspace_id, id, title) values ($1, $2, $3, $3) on conflict (tenant_id, workspace_id, id) do update set title = excluded.title',
          [...place, ownIdOf(other)],
        ],
        ['update desk.ticket set tenant_id = $1, workspace_id = $2, id = $3', [...place, 'T-moved']],
      ] as const) {
        work = async ({ transact }) => (await transact((transaction) => transaction.query(text, values))).rowCount
        expect(await call('ownerless')).toMatchObject({ refused: expect.stringMatching(/FORBIDDEN|TOOL_FAILED/) })
      }
      expect(await house.tickets(other)).toEqual(before)
    })
  })

  test('should not run a transaction within a transaction', async () => {
    work = async ({ transact }) => await transact(async () => await transact((inner) => inner.query('select 1')))
    expect(await call()).toMatchObject(failed)
    work = async ({ transact, use }) => await transact(async () => await use(house.memories).get('x'))
    expect(await call()).toMatchObject(failed)
  })

  describe('authority that ends between the look-up and the tool', () => {
    const leaver = { ...alice, userId: 'leaver' }
    const start = async () => {
      await provision(house.watertight, leaver, ['owned'])
      return await house.start(leaver)
    }
    const ends: Readonly<Record<string, (theirs: DeskRun) => Promise<unknown>>> = {
      'the run ended': (theirs) => theirs.end(),
      'the tenant’s epoch was raised': () => house.watertight.directory.raiseEpoch(leaver.tenantId),
      'the member’s version was raised': () => house.watertight.directory.raiseVersion(leaver),
      'the member was removed': () => house.watertight.directory.removeMember(leaver),
    }
    test.each(Object.entries(ends))('should keep the tool from running: %s', async (_what, end) => {
      const theirs = await start()
      find = async (ids, context) => {
        const rows = await table.find(ids, context)
        await end(theirs)
        return rows
      }
      await expect(theirs.tools.call('owned', { ticketId: sharedId })).rejects.toThrow(
        /run has ended|boundary was refused/,
      )
      expect(ran).toBe(0)
      desk = await house.within(alice) // the epoch ended everybody’s
    })

    test('should keep a tool that goes on after its run from reaching anything', async () => {
      const theirs = await start()
      let kept: ToolContext | undefined
      work = async (context) => {
        kept = context
        return ticketOf(alice)
      }
      await theirs.tools.call('owned', { ticketId: sharedId })
      // A context that a careless tool keeps would work inside the next customer's call: it ends with its own.
      const late = kept?.transact((transaction) => transaction.query('select * from desk.ticket'))
      await expect(late).rejects.toThrow('ended with its call')
      await theirs.end()
      expect(kept?.signal.aborted).toBe(true)
      await expect(kept?.transact((transaction) => transaction.query('select * from desk.ticket'))).rejects.toThrow(
        'run has ended',
      )
      expect(() => kept?.use(house.memories)).toThrow('ended with its call')
      await expect(theirs.tools.call('owned', { ticketId: sharedId })).rejects.toThrow('run has ended')
      await expect(theirs.tools.list()).rejects.toThrow('run has ended')
    })
  })

  describe('what a tool ran into', () => {
    const boom = Object.assign(new Error('row canary'), { row: 'canary' })

    test.each<[string, () => void | Promise<void>]>([
      ['that hears', () => undefined],
      [
        'that throws',
        () => {
          throw new Error('the logger is away')
        },
      ],
      ['that rejects', async () => await Promise.reject(new Error('the logger is away'))],
      ['that never answers', () => new Promise<void>(() => undefined)],
    ])('should be told to a logger %s, and to nobody else', async (_what, log) => {
      logs = log
      work = async () => {
        throw boom
      }
      const outcome = await call()
      expect(outcome).toMatchObject(failed)
      expect(JSON.stringify(outcome)).not.toContain('canary')
      expect(heard).toMatchObject([
        { boundary: desk.boundary, runId: run.id, toolId: 'owned', error: { name: 'Error' } },
      ])
      expect(heard[0]?.cause).toBe(boom)
      expect(inspect(heard, { depth: 9 }) + JSON.stringify({ ...heard[0], boundary: '' })).not.toContain('canary')
      expect((await events()).map(({ event }) => event)).toEqual(['tool-called', 'tool-failed'])
    })

    test('should be told of resolvers and of answers that are no JSON, and not of refusals', async () => {
      find = async () => {
        throw boom
      }
      await call()
      find = table.find
      work = async () => ({ ...ticketOf(alice), at: new Date() })
      await call()
      expect(heard.map(({ cause }) => cause)).toMatchObject([boom, { cause: { code: 'INVALID_INPUT' } }])
      work = async () => {
        throw new NotFound()
      }
      await call()
      await call('owned', 'T-nowhere')
      expect(heard).toHaveLength(2)
    })

    const own: Readonly<Record<string, [() => Error, object]>> = {
      'an absent record': [
        () => new NotFound(),
        { event: 'resource-outside-boundary', reason: 'tool', blocked_cross_boundary_resources: 1 },
      ],
      'a role': [() => new Forbidden('role'), { event: 'role-insufficient', reason: 'role' }],
      'a missing approval': [() => new Forbidden('approval-required'), { event: 'approval-required' }],
      'a write outside': [
        () => new Forbidden('scope'),
        { event: 'resource-outside-boundary', reason: 'scope', blocked_cross_boundary_resources: 1 },
      ],
      'an input': [() => new InvalidInput('note', 'short'), { event: 'input-refused', reason: 'invalid_input' }],
      'a limit': [() => new LimitExceeded('notes', 3), { event: 'input-refused', reason: 'limit_exceeded' }],
      'a database that is away': [
        () => new StoreUnavailable('x'),
        { event: 'tool-refused', reason: 'store_unavailable', blocked_cross_boundary_resources: 0 },
      ],
    }
    test.each(Object.entries(own))(
      'should be recorded for what it is when the tool itself refuses: %s',
      async (_what, [error, event]) => {
        const thrown = error()
        work = async () => {
          throw thrown
        }
        await expect(run.tools.call('owned', { ticketId: sharedId }, anew())).rejects.toBe(thrown)
        const left = await events()
        expect(left).toHaveLength(2)
        expect(left[1]).toMatchObject({ ...event, decision: 'refused', tool_ids: ['owned'] })
      },
    )

    test('should be counted once when a surface had refused it', async () => {
      const registered = house.tools
      work = async ({ use }) => {
        work = async () => undefined
        await use(registered).call('owned', { ticketId: 'T-nowhere' })
      }
      await expect(run.tools.call('ownerless', { ticketId: sharedId }, anew())).rejects.toThrow(NotFound)
      work = async ({ use }) => await use(house.memories).get('')
      await expect(run.tools.call('ownerless', { ticketId: sharedId }, anew())).rejects.toThrow(InvalidInput)
      await run.end()
      const { refused } = await desk.explain(run.id)
      expect(refused).toEqual([
        { event: 'resource-outside-boundary', surface: 'tools', count: 1 },
        { event: 'tool-refused', surface: 'tools', count: 2 },
        { event: 'input-refused', surface: 'memory', count: 1 },
      ])
    })
  })

  test('should keep one user’s memory from a tool that the other user calls', async () => {
    await (await house.within(otherUser)).memory.set('note', 'canary:alice2')
    work = async ({ use }) => (await use(house.memories).get('note'))?.value ?? null
    expect(await call('ownerless')).toMatchObject({ value: { value: null } })
    const theirs = await house.start(otherUser)
    expect(await theirs.tools.call('ownerless', { ticketId: sharedId })).toMatchObject({ value: 'canary:alice2' })
  })

  test('should write the evidence of a call before the tool runs, and of its answer before it leaves', async () => {
    const before: string[] = []
    work = async () => {
      before.push('ran')
      return ticketOf(alice)
    }
    const sent = await statementsOf(async () => {
      await call()
    })
    expect(
      sent
        .filter((text) => /audit|effect|require_live|ticket/.test(text))
        .map((text) => /audit_record|effect_[a-z]+|require_live|ticket/.exec(text)?.[0]),
    ).toEqual(['ticket', 'effect_begin', 'effect_finish'])
    expect(before).toEqual(['ran'])
  })
})

describe('the guide’s tool', () => {
  onEachDesk((open) => {
    const updateTicket = defineTool({
      name: 'update_ticket',
      description: 'Sets the status of a ticket.',
      input: z.object({ ticketId: resourceId('ticket'), status: z.enum(['open', 'closed']) }),
      risk: 'write',
      role: 'member',
      ownerless: 'repeats the new status',
      async run({ ticketId, status }, { boundary, resource, transact }) {
        assertInBoundary(boundary, ownerOf(resource('ticket', ticketId) as unknown as Ticket))
        await transact((transaction) =>
          transaction.query('update desk.ticket set status = $1 where id = $2', [status, ticketId]),
        )
        return { status }
      },
    })

    let house: ToolHouse
    beforeAll(async () => {
      house = await open([updateTicket])
    }, 120_000)
    afterAll(() => house?.[Symbol.asyncDispose]())

    test('should close the own ticket', async () => {
      const run = await house.start(alice)
      const answer = await run.tools.call('update_ticket', { ticketId: ownIdOf(alice), status: 'closed' })
      expect(answer).toEqual({ toolId: 'update_ticket', value: { status: 'closed' } })
      expect((await house.tickets(alice)).find((ticket) => ticket.id === ownIdOf(alice))?.status).toBe('closed')
    })

    test.each(twins)('should leave the other’s ticket as it is, between $apart', async ({ other }) => {
      const before = await house.tickets(other)
      const run = await house.start(alice)
      await expect(run.tools.call('update_ticket', { ticketId: ownIdOf(other), status: 'closed' })).rejects.toThrow(
        NotFound,
      )
      expect(await house.tickets(other)).toEqual(before)
    })
  })
})
