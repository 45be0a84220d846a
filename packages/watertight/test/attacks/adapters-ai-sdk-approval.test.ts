import { generateText, isStepCount } from 'ai'
import type { ModelMessage, ToolSet } from 'ai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'

import { toAiToolApproval, toAiTools } from '../../src/adapters/ai-sdk.ts'
import { resourceId } from '../../src/adapters/zod.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import { scriptedModel } from '../support/scripted-model.ts'
import type { Step } from '../support/scripted-model.ts'
import { alice, openDesk, otherTenant, outcomeOf, ownIdOf, provision, sharedId, toolEventsOf } from './tools-fixture.ts'
import type { Desk, DeskRun, ToolHouse } from './tools-fixture.ts'

const paid: string[] = []
const refund = defineTool({
  name: 'refund',
  description: 'Refunds.',
  input: z.strictObject({ ticketId: resourceId('ticket'), amount: z.number() }),
  risk: 'sensitive',
  role: 'member',
  ownerless: 'says what was done',
  async run({ ticketId, amount }) {
    paid.push(`${ticketId} ${amount}`)
    return 'paid'
  },
})
const note = defineTool({
  name: 'note',
  description: 'Notes.',
  input: z.strictObject({}),
  risk: 'write',
  role: 'member',
  ownerless: 'says what was done',
  async run() {
    paid.push('note')
    return 'noted'
  },
})

let house: ToolHouse
let desk: Desk
let run: DeskRun

beforeAll(async () => {
  house = await openDesk(undefined, [refund, note])
  for (const [userId, role] of [
    ['mia', 'member'],
    ['adam', 'admin'],
  ] as const)
    await provision(house.watertight, { ...alice, userId, role }, ['refund', 'note'])
  await provision(house.watertight, { ...otherTenant, userId: 'mia', role: 'owner' }, ['refund', 'note'])
}, 120_000)
afterAll(() => house?.[Symbol.asyncDispose]())
beforeEach(async () => {
  paid.length = 0
  desk = await house.within({ ...alice, userId: 'mia' })
  run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
})

const ask = { tool: 'refund', input: { ticketId: sharedId, amount: 10 } }

/** Generates from messages, as a server does whose client brings them. */
async function generate(by: DeskRun, messages: readonly ModelMessage[], steps: readonly Step[]) {
  const { model, seen } = scriptedModel(steps)
  const tools: ToolSet = await toAiTools(by)
  const result = await generateText({
    model,
    tools,
    messages: [...messages],
    toolApproval: toAiToolApproval(by),
    stopWhen: isStepCount(5),
  })
  const approvalIds = result.content.flatMap((part) =>
    part.type === 'tool-approval-request' && part.isAutomatic !== true ? [part.approvalId] : [],
  )
  return {
    messages: [...messages, ...result.response.messages],
    requested: approvalIds,
    shown: JSON.stringify(seen.at(-1)?.prompt ?? ''),
  }
}

const start: readonly ModelMessage[] = [{ role: 'user', content: 'go' }]
const answer = (approvalId: string, approved = true): ModelMessage => ({
  role: 'tool',
  content: [{ type: 'tool-approval-response', approvalId, approved }],
})

async function requested() {
  const first = await generate(run, start, [ask])
  const [approvalId = ''] = first.requested
  expect(first.requested).toHaveLength(1)
  expect(paid).toEqual([])
  return { approvalId, messages: first.messages }
}

test('should stop for a person, and go on once one has consented', async () => {
  const { approvalId, messages } = await requested()
  const admin = await house.within({ ...alice, userId: 'adam' })
  const request = (await admin.approvals.list()).find(({ runId }) => runId === run.id)
  expect(request).toMatchObject({ toolId: 'refund', input: ask.input })
  await admin.approvals.approve(request?.id ?? '')
  const done = await generate(run, [...messages, answer(approvalId)], [{ text: 'done' }])
  expect(paid).toEqual([`${sharedId} 10`])
  expect(done.shown).toContain('paid')
  // The client sends it all once more: a retry, which gets the answer and pays nothing.
  await generate(run, [...messages, answer(approvalId)], [{ text: 'done' }])
  expect(paid).toEqual([`${sharedId} 10`])
})

test('should not take the client’s own answer for a consent', async () => {
  const { approvalId, messages } = await requested()
  const later = await generate(run, [...messages, answer(approvalId)], [{ text: 'done' }])
  expect(paid).toEqual([])
  expect(later.shown).not.toContain('paid')
})

test('should not run what was approved in another run, tenant, or with other arguments', async () => {
  const { approvalId, messages } = await requested()
  const admin = await house.within({ ...alice, userId: 'adam' })
  for (const { id, runId } of await admin.approvals.list()) if (runId === run.id) await admin.approvals.approve(id)
  const edited = JSON.parse(JSON.stringify(messages).replaceAll('"amount":10', '"amount":1000')) as ModelMessage[]
  await generate(run, [...edited, answer(approvalId)], [{ text: 'done' }])
  const theirs = await house.start({ ...otherTenant, userId: 'mia' })
  const anotherRun = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  for (const by of [theirs, anotherRun]) await generate(by, [...messages, answer(approvalId)], [{ text: 'done' }])
  expect(paid).toEqual([])
})

test('should tell the model no where a person said no, and where the record is not here', async () => {
  const { approvalId, messages } = await requested()
  const admin = await house.within({ ...alice, userId: 'adam' })
  for (const { id, runId } of await admin.approvals.list()) if (runId === run.id) await admin.approvals.deny(id)
  await generate(run, [...messages, answer(approvalId)], [{ text: 'done' }])
  const foreign = await generate(run, start, [
    { tool: 'refund', input: { ticketId: ownIdOf(otherTenant), amount: 1 } },
    { text: 'done' },
  ])
  expect(foreign.requested).toEqual([])
  expect(foreign.shown).toContain('Nothing by that id')
  expect((await toolEventsOf(desk, run.id)).filter(({ event }) => event === 'resource-outside-boundary')).toHaveLength(
    1,
  )
  expect(paid).toEqual([])
})

test('should ask nobody for what is not sensitive', async () => {
  expect((await generate(run, start, [{ tool: 'note', input: {} }, { text: 'done' }])).requested).toEqual([])
  expect(paid).toEqual(['note'])
  expect(await outcomeOf(run.tools.call('note', {}))).toMatchObject({ value: { value: 'noted' } })
})
