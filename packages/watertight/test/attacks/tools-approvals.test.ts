import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { resourceId } from '../../src/adapters/zod.ts'
import { ApprovalRequired, narrow } from '../../src/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import {
  alice,
  onEachDesk,
  otherTenant,
  otherWorkspace,
  outcomeOf,
  ownIdOf,
  provision,
  sharedId,
  toolEventsOf,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Person, ToolHouse } from './tools-fixture.ts'

const paid: unknown[] = []
const rest = { description: 'a tool', role: 'member', ownerless: 'says what was done' } as const
const input = z.strictObject({
  ticketId: resourceId('ticket'),
  amount: z.number().or(z.string()),
  note: z.string().optional(),
})

const list = [
  defineTool({
    ...rest,
    name: 'refund',
    risk: 'sensitive',
    approver: 'owner',
    input,
    async run(given) {
      paid.push(given)
      return `paid ${given.amount}`
    },
  }),
  defineTool({
    ...rest,
    name: 'close',
    risk: 'sensitive',
    approver: 'admin',
    input: z.strictObject({ ticketId: resourceId('ticket') }),
    async change(transaction, { ticketId }) {
      await transaction.query("update desk.ticket set status = 'closed' where id = $1", [ticketId])
      return 'closed'
    },
  }),
  defineTool({ ...rest, name: 'note', risk: 'write', input: z.strictObject({}), run: async () => 'noted' }),
]
const names = list.map(({ name }) => name)
const person = (userId: string, role: string, where: Person = alice): Person => ({ ...where, userId, role })

onEachDesk((open) => {
  let house: ToolHouse
  let run: DeskRun
  let member: Desk
  let owner: Desk
  let admin: Desk

  beforeAll(async () => {
    house = await open(list, { timeLimit: 20_000 })
    for (const who of [
      person('mia', 'member'),
      person('olga', 'owner'),
      person('adam', 'admin'),
      person('mia', 'owner', otherWorkspace),
      person('olga', 'owner', otherTenant),
      person('olga', 'owner', otherWorkspace),
    ])
      await provision(house.watertight, who, names)
  }, 120_000)
  afterAll(() => house?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    paid.length = 0
    member = await house.within(person('mia', 'member'))
    owner = await house.within(person('olga', 'owner'))
    admin = await house.within(person('adam', 'admin'))
    run = await member.startRun({ agent: 'desk', promptVersion: '1' })
  })

  afterEach(() => run.end().catch(() => undefined))
  const askedIn = async (desk: Desk) => (await desk.approvals.list()).filter(({ runId }) => runId === run.id)

  const mine = { ticketId: sharedId, amount: 10 }
  const refund = (given: unknown = mine, step = '') => outcomeOf(run.tools.call('refund', given, { step }))
  const waiting = { message: expect.stringContaining('approval-required') }
  const ask = async (given: unknown = mine, by: DeskRun = run, tool = 'refund') => {
    const refusal: unknown = await by.tools.call(tool, given).catch((error: unknown) => error)
    if (!(refusal instanceof ApprovalRequired)) throw refusal
    return refusal.approvalId
  }

  test('should run once somebody else has consented to the very call, and no second time', async () => {
    const id = await ask()
    expect(await refund()).toMatchObject(waiting)
    expect(await owner.approvals.list()).toMatchObject([
      { id, runId: run.id, toolId: 'refund', input: mine, state: 'waiting', requestedBy: 'mia', isOwn: false },
    ])
    await owner.approvals.approve(id)
    expect(await refund()).toMatchObject({ value: { value: 'paid 10' } })
    expect(paid).toEqual([mine])
    // The same call again is a retry, and gets the answer; a call that is meant anew needs a consent of its own.
    expect(await refund()).toMatchObject({ value: { value: 'paid 10' } })
    expect(await refund(mine, 'second')).toMatchObject(waiting)
    expect(paid).toEqual([mine])
  })

  test('should take the members of the arguments in any order, and no other arguments', async () => {
    await owner.approvals.approve(await ask())
    for (const changed of [
      { ...mine, amount: 100 },
      { ...mine, amount: '10' },
      { ...mine, amount: 10.000001 },
      { ...mine, note: '' },
      { ...mine, ticketId: ownIdOf(alice) },
    ])
      expect(await refund(changed)).toMatchObject(waiting)
    expect(paid).toEqual([])
    expect(await refund({ amount: 10, ticketId: sharedId })).toMatchObject({ value: { value: 'paid 10' } })
  })

  test('should not serve in another run of the same person, nor for another tool', async () => {
    await owner.approvals.approve(await ask())
    await using other = await member.startRun({ agent: 'desk', promptVersion: '1' })
    expect(await outcomeOf(other.tools.call('refund', mine))).toMatchObject(waiting)
    expect(await outcomeOf(run.tools.call('close', { ticketId: sharedId }))).toMatchObject(waiting)
    expect(paid).toEqual([])
  })

  test('should not be given by who asked, in whatever role', async () => {
    await using run2 = await owner.startRun({ agent: 'desk', promptVersion: '1' })
    const id = await ask(mine, run2)
    await expect(owner.approvals.approve(id)).rejects.toThrow(expect.objectContaining({ reason: 'own-approval' }))
    expect(await owner.approvals.list()).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ id, isOwn: true })]),
    )
    expect(await outcomeOf(run2.tools.call('refund', mine))).toMatchObject(waiting)
  })

  test('should not be seen or given by a role below, nor by a boundary narrowed to one', async () => {
    const id = await ask()
    const low = house.watertight.within(narrow(owner.boundary, { role: 'admin' }))
    for (const desk of [admin, low]) {
      expect(await askedIn(desk)).toEqual([])
      for (const decide of ['approve', 'deny'] as const)
        await expect(desk.approvals[decide](id)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    }
    expect(await refund()).toMatchObject(waiting)
    expect(await owner.approvals.list()).toMatchObject([{ id }])
  })

  describe.each([
    ['another tenant', person('olga', 'owner', otherTenant)],
    ['another workspace', person('olga', 'owner', otherWorkspace)],
    ['the same name in another workspace', person('mia', 'owner', otherWorkspace)],
  ])('an approver of %s', (_where, who) => {
    test('should see nothing, decide nothing, and not tell an id that is there from one that is not', async () => {
      const id = await ask()
      const theirs = await house.within(who)
      expect(await theirs.approvals.list()).toEqual([])
      for (const tried of [id, crypto.randomUUID(), id.toUpperCase(), `${id} `, '', '%', 'null'])
        for (const decide of ['approve', 'deny'] as const)
          await expect(theirs.approvals[decide](tried)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
      expect(await refund()).toMatchObject(waiting)
      expect(paid).toEqual([])
    })
  })

  test('should be decided and used up by nobody else in SQL either', async () => {
    const id = await ask()
    const decide = `update wt.approval set state = 'approved', decided_by = (select b.member from wt.boundary() b),
      decided_role = (select b.role from wt.boundary() b), decided_version = wt.member_version((select b.member from wt.boundary() b))
      where id = $1`
    const changed = async (desk: Desk, text: string) => {
      try {
        return (await desk.transact((transaction) => transaction.query(text, [id]))).rowCount
      } catch (error) {
        return error instanceof Error ? error.name : 'error'
      }
    }
    const strangers = await house.within(person('olga', 'owner', otherTenant))
    for (const desk of [member, admin, strangers, await house.within(person('olga', 'owner', otherWorkspace))])
      expect([0, 'Forbidden', 'error']).toContain(await changed(desk, decide))
    for (const [text, desk] of [
      ["update wt.approval set state = 'used' where id = $1", member],
      ["update wt.approval set state = 'used' where id = $1", owner],
      ["update wt.approval set digest = 'x' where id = $1", member],
      ["update wt.approval set input = '{}' where id = $1", owner],
      ["update wt.approval set expires_at = 'infinity' where id = $1", owner],
    ] as const)
      expect([0, 'Forbidden', 'error']).toContain(await changed(desk, text))
    expect(await askedIn(owner)).toMatchObject([{ id, state: 'waiting', input: mine }])
    expect(await refund()).toMatchObject(waiting)
  })

  test('should be over when who gave it was changed or removed before the call', async () => {
    const approver = person('olaf', 'owner')
    for (const change of [
      () => provision(house.watertight, { ...approver, role: 'member' }, names),
      () => house.watertight.directory.removeMember(approver),
    ]) {
      await provision(house.watertight, approver, names)
      run = await member.startRun({ agent: 'desk', promptVersion: '1' })
      await (await house.within(approver)).approvals.approve(await ask())
      await change()
      expect(await askedIn(owner)).toEqual([])
      expect(await refund()).toMatchObject(waiting)
      expect(paid).toEqual([])
      await run.end()
    }
  })

  test('should be over when who asked was changed before the call', async () => {
    const leaver = person('lea', 'member')
    await provision(house.watertight, leaver, names)
    await using theirs = await house.start(leaver)
    await owner.approvals.approve(await ask(mine, theirs))
    await house.watertight.directory.removeMember(leaver)
    await expect(theirs.tools.call('refund', mine)).rejects.toThrow(
      expect.objectContaining({ code: 'BOUNDARY_REFUSED' }),
    )
    expect(paid).toEqual([])
  })

  test('should be asked for no record that is not here', async () => {
    for (const ticketId of [ownIdOf(otherTenant), ownIdOf(otherWorkspace), 'T-none']) {
      for (const tool of ['refund', 'close'])
        expect(
          await outcomeOf(run.tools.call(tool, tool === 'refund' ? { ...mine, ticketId } : { ticketId })),
        ).toMatchObject({
          refused: expect.stringContaining('NOT_FOUND'),
        })
    }
    expect(await askedIn(owner)).toEqual([])
  })

  test('should be told no for as long as the request stands', async () => {
    const id = await ask()
    await owner.approvals.deny(id)
    for (const step of ['', 'again'])
      expect(await refund(mine, step)).toMatchObject({ message: expect.stringContaining('approval-denied') })
    await expect(owner.approvals.approve(id)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
    expect(paid).toEqual([])
  })

  test('should commit with the change that it is for, and be used once by two at the same time', async () => {
    await admin.approvals.approve(await ask({ ticketId: ownIdOf(alice) }, run, 'close'))
    const close = (step: string) => outcomeOf(run.tools.call('close', { ticketId: ownIdOf(alice) }, { step }))
    const outcomes = await Promise.all([close('1'), close('2'), close('3')])
    expect(outcomes.filter((outcome) => JSON.stringify(outcome).includes('"closed"'))).toHaveLength(1)
    expect((await house.tickets(alice)).filter(({ status }) => status === 'closed').map(({ id }) => id)).toEqual([
      ownIdOf(alice),
    ])
  })

  test('should leave evidence of the request, the consent and the effect, and none of the arguments', async () => {
    const secret = 'sk-live-0123456789'
    const id = await ask({ ...mine, note: secret })
    await owner.approvals.approve(id)
    await run.tools.call('refund', { ...mine, note: secret })
    const events = await toolEventsOf(member, run.id)
    expect(events.map(({ event }) => event)).toEqual(['approval-required', 'tool-called', 'tool-answered'])
    expect(JSON.stringify(events)).not.toContain(secret)
    const { rows } = await owner.transact((transaction) =>
      transaction.query(
        "select detail, event from wt.audit_event where surface = 'approvals' order by at desc limit 1",
      ),
    )
    expect(rows).toMatchObject([{ event: 'approval-given', detail: { approvalId: id } }])
  })

  test('should be gone with its run', async () => {
    const id = await ask()
    await run.end()
    expect(await askedIn(owner)).toEqual([])
    await expect(owner.approvals.approve(id)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  })

  test('should ask a person no more than they can read', async () => {
    for (let amount = 0; amount < 100; amount++) await ask({ ...mine, amount })
    expect(await refund({ ...mine, amount: 100 })).toMatchObject({ refused: expect.stringContaining('LIMIT_EXCEEDED') })
    expect(await refund({ ...mine, amount: 99 })).toMatchObject(waiting)
    await member.erase()
    expect(await askedIn(owner)).toEqual([])
  })

  test('should be asked for without making the call, and tell what became of it', async () => {
    expect(await run.tools.requestApproval('note', {})).toEqual({ state: 'not-needed' })
    const { state, approvalId = '' } = await run.tools.requestApproval('refund', mine)
    expect(state).toBe('waiting')
    expect(await ask()).toBe(approvalId)
    await owner.approvals.approve(approvalId)
    expect(await run.tools.requestApproval('refund', mine)).toEqual({ state: 'approved', approvalId })
    expect(paid).toEqual([])
    await expect(run.tools.requestApproval('refund', { ...mine, ticketId: 'T-none' })).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })
})

onEachDesk((open) => {
  test('should be over in time', async () => {
    await using house = await open(list, { approvalLifetime: 300 })
    for (const who of [person('mia', 'member'), person('olga', 'owner')]) await provision(house.watertight, who, names)
    const run = await house.start(person('mia', 'member'))
    const call = () => run.tools.call('refund', { ticketId: sharedId, amount: 1 }).catch((error: unknown) => error)
    const owner = await house.within(person('olga', 'owner'))
    const first = await call()
    if (!(first instanceof ApprovalRequired)) throw first
    await owner.approvals.approve(first.approvalId)
    await new Promise((resolve) => setTimeout(resolve, 400))
    paid.length = 0
    const second = await call()
    expect(second).toBeInstanceOf(ApprovalRequired)
    expect(second).not.toHaveProperty('approvalId', first.approvalId)
    await new Promise((resolve) => setTimeout(resolve, 400))
    if (!(second instanceof ApprovalRequired)) throw second
    await expect(owner.approvals.approve(second.approvalId)).rejects.toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    expect(await owner.approvals.list()).toEqual([])
    expect(paid).toEqual([])
  }, 120_000)
})
