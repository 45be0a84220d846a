import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { cedar } from '../../src/adapters/cedar.ts'
import { resourceId } from '../../src/adapters/zod.ts'
import { hashPolicy } from '../../src/boundary/index.ts'
import { narrow } from '../../src/index.ts'
import type { Policy, PolicyQuestion } from '../../src/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
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

const ran: string[] = []
const rest = { description: 'a tool', role: 'member', ownerless: 'says that it ran' } as const
const input = z.looseObject({ ticketId: resourceId('ticket') })
const define = (name: string, more: Partial<Parameters<typeof defineTool>[0]> = {}) =>
  defineTool({
    ...rest,
    name,
    risk: 'write',
    input,
    run: async () => ran.push(name) > 0,
    ...more,
  } as Parameters<typeof defineTool>[0])

const list = [
  define('refund'),
  define('read', { risk: 'read' }),
  define('pay', { risk: 'sensitive', approver: 'owner' }),
  defineTool({
    ...rest,
    name: 'close',
    risk: 'write',
    input,
    async change(transaction, { ticketId }) {
      ran.push('close')
      await transaction.query("update desk.ticket set status = 'closed' where id = $1", [ticketId])
      return 'closed'
    },
  }),
  // What the floor denies, each for another reason.
  define('forbidden'),
  define('of-owners', { role: 'owner' }),
  define('of-enterprise', { plans: ['enterprise'] }),
  define('of-moon', { regions: ['moon'] }),
]
const acting = ['refund', 'read', 'pay', 'close'] as const
const mine = { ticketId: sharedId }
const denied = {
  refused: expect.stringContaining('"code":"FORBIDDEN"'),
  own: expect.arrayContaining([['reason', 'policy']]),
}
const deniedEvent = { event: 'policy-denied', decision: 'refused', surface: 'tools', reason: 'policy' }

const member = { ...alice, userId: 'mia', role: 'member' }
const allowed = list.map(({ name }) => name).filter((name) => name !== 'forbidden')

async function hashesOf(desk: Desk, runId: string): Promise<readonly unknown[]> {
  const { rows } = await desk.transact((transaction) =>
    transaction.query('select distinct policy_hash from wt.audit_event where agent_run_id = $1', [runId]),
  )
  return rows.map((row) => row['policy_hash'])
}

onEachDesk((open) => {
  describe('a policy of the app', () => {
    const asked: PolicyQuestion[] = []
    let answer: (question: PolicyQuestion) => unknown
    const policy = {
      hash: 'policy-1',
      decide(question: PolicyQuestion) {
        asked.push(question)
        return answer(question)
      },
    } as Policy
    let house: ToolHouse
    let desk: Desk
    let run: DeskRun

    beforeAll(async () => {
      house = await open(list, {}, policy)
      await provision(house.watertight, member, allowed)
      await provision(house.watertight, { ...otherTenant, userId: 'mia', role: 'member' }, allowed)
    }, 120_000)
    afterAll(() => house?.[Symbol.asyncDispose]())
    beforeEach(async () => {
      ran.length = 0
      asked.length = 0
      desk = await house.within(member)
      run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
    })

    const call = (name: string, given: unknown = mine) => outcomeOf(run.tools.call(name, given))

    test('should be asked of each call, and let it pass with true', async () => {
      answer = () => true
      for (const name of ['refund', 'read', 'close']) expect(await call(name), name).toHaveProperty('value')
      expect(ran.toSorted()).toEqual(['close', 'read', 'refund'])
      expect(asked.map(({ tool }) => tool.name)).toEqual(['refund', 'read', 'close'])
      for (const { boundary, resources, input: given } of asked) {
        expect(boundary).toBe(desk.boundary)
        expect(resources).toEqual([{ type: 'ticket', id: sharedId }])
        expect(given).toEqual(mine)
      }
    })

    const answers: readonly (readonly [string, unknown])[] = [
      ['false', false],
      ['nothing', undefined],
      ['null', null],
      ['1', 1],
      ['a text', 'true'],
      ['allow', 'allow'],
      ['an object', { allowed: true }],
      ['a boolean in an object', Object(true)],
      ['a list', [true]],
      ['a function', () => true],
      ['a promise of false', Promise.resolve(false)],
      ['a promise of 1', Promise.resolve(1)],
      ['a promise of a promise of nothing', Promise.resolve(Promise.resolve())],
    ]
    test.each(answers)('should allow nothing with %s', async (_what, given) => {
      answer = () => given
      for (const name of acting) expect(await call(name), name).toMatchObject(denied)
      expect(ran).toEqual([])
      await run.end()
      const events = await toolEventsOf(desk, run.id)
      expect(events).toMatchObject(acting.map((name) => ({ ...deniedEvent, tool_ids: [name] })))
    })

    const throwing: readonly (readonly [string, () => unknown])[] = [
      [
        'an error',
        () => {
          throw new RangeError('the secret of the policy')
        },
      ],
      [
        'true',
        () => {
          throw true
        },
      ],
      ['a rejection', () => Promise.reject(new Error('the secret of the policy'))],
    ]
    test.each(throwing)('should allow nothing when it throws, and tell nothing of it: %s', async (_what, throws) => {
      answer = throws
      for (const name of acting) {
        const outcome = await call(name)
        expect(outcome, name).toHaveProperty('refused')
        expect(JSON.stringify(outcome)).not.toContain('secret')
      }
      expect(ran).toEqual([])
    })

    test('should be asked before a person is, and leave nothing to approve', async () => {
      answer = () => false
      expect(await outcomeOf(run.tools.requestApproval('pay', mine))).toMatchObject(denied)
      expect(await call('pay')).toMatchObject(denied)
      expect(await (await house.within(alice)).approvals.list()).toEqual([])
      answer = () => true
      expect(await call('pay')).toMatchObject({ own: expect.arrayContaining([['reason', 'approval-required']]) })
      expect(await (await house.within(alice)).approvals.list()).toHaveLength(1)
    })

    test('should change nothing that is denied', async () => {
      answer = () => false
      const before = await house.tickets(alice)
      expect(await call('close', { ticketId: ownIdOf(alice) })).toMatchObject(denied)
      expect(await house.tickets(alice)).toEqual(before)
    })

    test.each([
      ['forbidden', 'NOT_FOUND'],
      ['of-owners', '"role"'],
      ['of-enterprise', '"plan"'],
      ['of-moon', '"region"'],
    ])('should not open what the floor denies, nor be asked of it: %s', async (name, told) => {
      answer = () => true
      const outcome = await call(name)
      expect(JSON.stringify(outcome).replaceAll('\\', '')).toContain(told)
      expect([asked, ran]).toEqual([[], []])
    })

    test('should not open a risk that was narrowed away, nor be asked of it', async () => {
      answer = () => true
      const low = house.watertight.within(narrow(desk.boundary, { risk: 'read' }))
      await using reading = await low.startRun({ agent: 'desk', promptVersion: '1' })
      for (const name of ['refund', 'pay', 'close'])
        expect(await outcomeOf(reading.tools.call(name, mine)), name).toMatchObject({
          own: expect.arrayContaining([['reason', 'risk']]),
        })
      expect(asked).toEqual([])
      expect(await outcomeOf(reading.tools.call('read', mine))).toHaveProperty('value')
    })

    test.each(['refund', 'read', 'close', 'pay'])("should not be asked of somebody else's record: %s", async (name) => {
      answer = () => true
      expect(await call(name, { ticketId: ownIdOf(otherTenant) })).toMatchObject({
        refused: expect.stringContaining('NOT_FOUND'),
      })
      expect([asked, ran]).toEqual([[], []])
    })

    test('should not change what the tool gets', async () => {
      answer = ({ input: given }) => {
        Object.assign(given as object, { ticketId: ownIdOf(otherTenant), note: 'changed' })
        return true
      }
      expect(await call('close', mine)).toHaveProperty('value')
      expect((await house.tickets(otherTenant)).map(({ status }) => status)).not.toContain('closed')
      expect(await call('close', { ...mine, note: 'kept' })).toHaveProperty('value')
    })

    test('should be in the evidence of what it allows and of what it denies', async () => {
      answer = ({ tool }) => tool.name === 'read'
      await call('read')
      await call('refund')
      await run.end()
      expect((await toolEventsOf(desk, run.id)).map(({ decision }) => decision)).toContain('refused')
      expect(await hashesOf(desk, run.id)).toEqual([hashPolicy(policy)])
      expect(hashPolicy(policy)).not.toBe(hashPolicy(undefined))
    })
  })

  describe('policies in Cedar', () => {
    const policy = cedar({
      policies: {
        'acme-works': 'permit(principal, action, resource) when { principal.tenant == "acme" };',
        'small-amounts': `forbid(principal, action, resource == Tool::"refund")
          when { context.input has amount && context.input.amount > 100 };`,
        'no-touching': `forbid(principal, action, resource == Tool::"close")
          when { context.resources.contains({ type: "ticket", id: "${ownIdOf(alice)}" }) };`,
        // Errs for whoever does not say how urgent it is, and is skipped by Cedar then.
        'paid-calmly': 'forbid(principal, action, resource == Tool::"pay") when { context.input.urgent };',
      },
    })
    let house: ToolHouse
    let desk: Desk
    let run: DeskRun

    beforeAll(async () => {
      house = await open(list, {}, policy)
      await provision(house.watertight, member, allowed)
      await provision(house.watertight, { ...otherTenant, userId: 'mia', role: 'member' }, allowed)
    }, 120_000)
    afterAll(() => house?.[Symbol.asyncDispose]())
    beforeEach(async () => {
      ran.length = 0
      desk = await house.within(member)
      run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
    })

    const call = (name: string, given: object = {}) => outcomeOf(run.tools.call(name, { ...mine, ...given }))

    test('should allow what they permit', async () => {
      for (const name of ['refund', 'read', 'close']) expect(await call(name), name).toHaveProperty('value')
      expect(await call('refund', { amount: 100 })).toHaveProperty('value')
      expect(await hashesOf(desk, run.id)).toEqual([hashPolicy(policy)])
    })

    test.each([
      ['more than it may be', { amount: 101 }],
      ['a fraction', { amount: 1000.5 }],
      ['null', { amount: null }],
      ['more than 64 bits', { amount: 1e20 }],
      ['a text', { amount: '1' }],
      ['an extension, with the amount beside it', { amount: { __extn: { fn: 'decimal', arg: '0.0' } } }],
      ['hidden by an extension', { __extn: { fn: 'decimal', arg: '0.0' }, amount: 101 }],
      ['hidden by an entity', { __entity: { type: 'Group', id: 'staff' }, amount: 101 }],
      ['twice, the second one smaller', `{"ticketId":"${sharedId}","amount":101,"amount":1}`],
    ])('should stop an amount that is %s', async (_what, given) => {
      const outcome = await outcomeOf(
        run.tools.call('refund', typeof given === 'string' ? given : { ...mine, ...given }),
      )
      expect(outcome).toHaveProperty('refused')
      expect(ran).toEqual([])
    })

    test('should deny with evidence, and with no word of the policy', async () => {
      const outcome = await call('refund', { amount: 101 })
      expect(outcome).toMatchObject(denied)
      expect(JSON.stringify(outcome)).not.toMatch(/small-amounts|cedar|101/i)
      await run.end()
      expect(await toolEventsOf(desk, run.id)).toMatchObject([{ ...deniedEvent, tool_ids: ['refund'] }])
      expect(await hashesOf(desk, run.id)).toEqual([hashPolicy(policy)])
    })

    test('should judge the records that the arguments name', async () => {
      expect(await call('close', { ticketId: ownIdOf(alice) })).toMatchObject(denied)
      expect((await house.tickets(alice)).find(({ id }) => id === ownIdOf(alice))?.status).toBe('open')
    })

    test('should deny when a forbid errs', async () => {
      expect(await call('pay')).toMatchObject(denied)
      expect(await call('pay', { urgent: false })).toMatchObject({
        own: expect.arrayContaining([['reason', 'approval-required']]),
      })
    })

    test('should not take a tenant for one whose id looks alike', async () => {
      const theirs = await house.within({ ...otherTenant, userId: 'mia' })
      await using other = await theirs.startRun({ agent: 'desk', promptVersion: '1' })
      expect(await outcomeOf(other.tools.call('read', mine))).toMatchObject(denied)
    })

    test.each(['forbidden', 'of-owners', 'of-enterprise', 'of-moon'])(
      'should not open what the floor denies: %s',
      async (name) => {
        expect(await call(name)).toHaveProperty('refused')
        expect(ran).toEqual([])
      },
    )
  })
})
