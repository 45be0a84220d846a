import { lexicalEmbedder } from 'watertight/retrieval'
import { ApprovalRequired, Forbidden, NotFound } from 'watertight'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openDesk, type Desk, type DeskCompartment } from '../src/desk/open-desk.ts'
import { ticketFrom } from '../src/desk/ticket.ts'
import { seedTenant, twins } from '../src/seed/index.ts'
import { seedDesk } from '../src/seeding/seed-desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk({ database: 'memory://', embedder: lexicalEmbedder() })
  await seedDesk(desk, twins.map(seedTenant))
}, 120_000)
afterAll(() => desk.close())

const enter = (userId: string, tenantId = 'northstar-dental') => desk.enter({ tenantId, workspaceId: 'ws_001', userId })
const startRun = (person: DeskCompartment) => person.startRun({ agent: 'test', promptVersion: 'v1' })

async function rowsOf(person: DeskCompartment, text: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await person.transact((transaction) => transaction.query(text))).rows
}

async function ticketsOf(person: DeskCompartment): Promise<Record<string, string>> {
  const rows = await rowsOf(person, 'select * from desk.ticket order by id')
  return Object.fromEntries(rows.map(ticketFrom).map(({ id, status, note }) => [id, `${status} ${note}`.trim()]))
}

describe('update_tickets', () => {
  test('should change every ticket that it names, in this workspace alone', async () => {
    const [sam, twin] = [await enter('user_sam'), await enter('user_sam', 'northstar-design')]
    const elsewhere = await ticketsOf(twin)
    await using run = await startRun(sam)
    const { value } = await run.tools.call('update_tickets', {
      ticketIds: ['T-1040', 'T-1044'],
      status: 'closed',
      note: 'Both done',
    })
    expect(value).toEqual([
      { ticketId: 'T-1040', status: 'closed' },
      { ticketId: 'T-1044', status: 'closed' },
    ])
    expect(await ticketsOf(sam)).toMatchObject({ 'T-1040': 'closed Both done', 'T-1044': 'closed Both done' })
    expect(await ticketsOf(twin)).toEqual(elsewhere)
  })

  test('should change nothing at all when one of the tickets is the twin’s', async () => {
    const [sam, twin] = [await enter('user_sam'), await enter('user_sam', 'northstar-design')]
    const [own, elsewhere] = [await ticketsOf(sam), await ticketsOf(twin)]
    await using run = await startRun(sam)
    for (const ticketIds of [
      ['T-1041', 'T-2043'],
      ['T-2043', 'T-1041'],
      ['T-1041', 'T-9999'],
    ]) {
      const call = run.tools.call('update_tickets', { ticketIds, status: 'closed', note: 'taken' })
      await expect(call).rejects.toThrow(NotFound)
    }
    expect(await ticketsOf(sam)).toEqual(own)
    expect(await ticketsOf(twin)).toEqual(elsewhere)
  })
})

describe('refund_invoice', () => {
  const refund = (person: DeskCompartment) => rowsOf(person, 'select ticket_id, requested_by from desk.refund')

  test('should be made once, in the run that asked and for the ticket that an owner has approved', async () => {
    const [sam, owner, viewer] = [await enter('user_sam'), await enter('user_dana'), await enter('user_priya')]
    const stranger = await enter('user_dana', 'northstar-design')
    await using run = await startRun(sam)
    const call = (ticketId = 'T-1042', of = run) => of.tools.call('refund_invoice', { ticketId }, { step: 'call-1' })
    await expect(call()).rejects.toThrow(ApprovalRequired)

    const [request] = await owner.approvals.list()
    expect(request).toMatchObject({ toolId: 'refund_invoice', input: { ticketId: 'T-1042' }, requestedBy: 'user_sam' })
    const id = request?.id ?? ''
    expect(await stranger.approvals.list()).toEqual([])
    await expect(stranger.approvals.approve(id)).rejects.toThrow(NotFound)
    await expect(viewer.approvals.approve(id)).rejects.toThrow(NotFound)
    await expect(sam.approvals.approve(id)).rejects.toThrow(Forbidden)
    await owner.approvals.approve(id)

    await using other = await startRun(sam)
    await expect(call('T-1042', other)).rejects.toThrow(ApprovalRequired)
    await expect(call('T-1044')).rejects.toThrow(ApprovalRequired)
    expect(await refund(sam)).toEqual([])

    const first = await call()
    expect(first.value).toEqual({ refunded: 'T-1042' })
    expect((await call()).value).toEqual(first.value)
    expect(await refund(sam)).toEqual([{ ticket_id: 'T-1042', requested_by: 'user_sam' }])
    expect(await refund(stranger)).toEqual([])
    // What was consented to is used up: a second refund that is meant has to be asked for.
    const again = run.tools.call('refund_invoice', { ticketId: 'T-1042' }, { step: 'call-2' })
    await expect(again).rejects.toThrow(ApprovalRequired)
  })

  test('should not exist for a viewer', async () => {
    await using run = await startRun(await enter('user_priya'))
    await expect(run.tools.call('refund_invoice', { ticketId: 'T-1042' })).rejects.toThrow(NotFound)
  })
})
