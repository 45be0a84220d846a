import { z } from 'zod'

import { ApprovalRequired } from '../../../src/index.ts'
import { defineTool, tools } from '../../../src/surfaces/tools/index.ts'
import { openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'approvals'
const options = { agent: 'desk', promptVersion: '1' }
const waiting = 'FORBIDDEN approval-required'

const refund = defineTool({
  name: 'refund',
  description: 'pays back',
  risk: 'sensitive',
  role: 'member',
  approver: 'admin',
  ownerless: 'an answer',
  input: z.object({ amount: z.number() }),
  run: async ({ amount }) => `paid ${amount}`,
})

/** Somebody who asks, a colleague who may decide, and a call that waits. */
async function openCounter(role: 'member' | 'owner' = 'member') {
  const house = await openHouse({ surfaces: [tools([refund])], tools: ['refund'] })
  const { seats } = house
  const asking = await house.at({ ...seats.own, role })
  const colleague = await house.at({ ...seats.user, role: 'owner' })
  const run = await asking.startRun(options)
  const call = (amount = 10, step = '', by: typeof run = run) => by.tools.call('refund', { amount }, { step })
  return {
    house,
    seats,
    asking,
    colleague,
    call,
    async ask(amount = 10) {
      const refusal: unknown = await call(amount).catch((error: unknown) => error)
      if (!(refusal instanceof ApprovalRequired)) throw refusal
      return refusal.approvalId
    },
    /** one statement as the superuser, about the approvals of this house alone */
    change: (text: string) =>
      house.admin(`update wt.approval a set ${text} from wt.tenant t where t.id = a.tenant_id and t.external_id = $1`, [
        house.names.own,
      ]),
    async [Symbol.asyncDispose]() {
      await run.end().catch(() => undefined)
      await house[Symbol.asyncDispose]()
    },
  }
}

type Counter = Awaited<ReturnType<typeof openCounter>>

const counter = (name: string, run: (script: Script, counter: Counter) => Promise<void>, role?: 'owner'): Probe => ({
  name,
  surface,
  async run(script) {
    await using opened = await openCounter(role)
    await run(script, opened)
  },
})

export const probes: readonly Probe[] = [
  counter(
    'own',
    async (script, { ask, asking, call }) => {
      const id = await script.do('an owner asks for a refund', () => ask())
      await script.refused('who asked says yes', () => asking.approvals.approve(id), 'FORBIDDEN own-approval')
      await script.refused('call it again', () => call(), waiting)
    },
    'owner',
  ),
  counter('role', async (script, { ask, house, seats }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    const member = await house.at({ ...seats.own, userId: 'u3', role: 'member' })
    await script.refused('another member says yes', () => member.approvals.approve(id), 'NOT_FOUND')
  }),
  counter('place', async (script, { ask, house, seats }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    for (const seat of ['tenant', 'workspace'] as const) {
      const owner = await house.at({ ...seats[seat], role: 'owner' })
      await script.refused(`an owner of another ${seat} says yes`, () => owner.approvals.approve(id), 'NOT_FOUND')
    }
  }),
  counter('changed', async (script, { ask, call, colleague, house, seats }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('an owner says yes', () => colleague.approvals.approve(id))
    await script.do('the owner becomes a viewer', () => house.at({ ...seats.user, role: 'viewer' }))
    await script.refused('call it', () => call(), waiting)
  }),
  counter('run', async (script, { ask, asking, call, colleague }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('an owner says yes', () => colleague.approvals.approve(id))
    const other = await asking.startRun(options)
    await script.refused('call it in another run', () => call(10, '', other), waiting)
    await other.end()
  }),
  counter('arguments', async (script, { ask, call, colleague }) => {
    const id = await script.do('a member asks for a refund of 10', () => ask())
    await script.do('an owner says yes', () => colleague.approvals.approve(id))
    await script.refused('call it with 1000', () => call(1000), waiting)
    await script.see('call it with 10', async () => (await call()).value, 'paid 10')
  }),
  counter('once', async (script, { ask, call, colleague }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('an owner says yes', () => colleague.approvals.approve(id))
    await script.do('call it', () => call())
    await script.refused('call it for another step', () => call(10, 'again'), waiting)
  }),
  counter('end', async (script, { ask, call, change, colleague }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('an owner says yes', () => colleague.approvals.approve(id))
    await script.do('its time is over', () => change('expires_at = clock_timestamp()'))
    await script.refused('call it', () => call(), waiting)
  }),
  counter('late', async (script, { ask, change, colleague }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('its time is over', () => change('expires_at = clock_timestamp()'))
    await script.refused('an owner says yes', () => colleague.approvals.approve(id), 'NOT_FOUND')
  }),
  counter('denied', async (script, { ask, call, colleague }) => {
    const id = await script.do('a member asks for a refund', () => ask())
    await script.do('an owner says no', () => colleague.approvals.deny(id))
    await script.refused('call it', () => call(), 'FORBIDDEN approval-denied')
    await script.refused('call it for another step', () => call(10, 'again'), 'FORBIDDEN approval-denied')
  }),
  counter('shown', async (script, { ask, change, colleague }) => {
    await script.do('a member asks for a refund of 1000', () => ask(1000))
    await script.do('somebody writes 1 into the row', () => change(`input = '{"amount":1}'`))
    await script.see('what an owner is shown', () => colleague.approvals.list(), [])
  }),
]
