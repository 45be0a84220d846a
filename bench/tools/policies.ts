import type { Policy, PolicyQuestion } from 'watertight'
import { openWatertight, session } from 'watertight'
import { cedar } from 'watertight/cedar'

import { findFloorDenial, requireLive } from '../../packages/watertight/src/boundary/index.ts'
import { boundaryOf } from '../../packages/watertight/test/support/people.ts'
import { interleave } from '../support/interleave.ts'
import { toMeasure } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'

const policies = {
  members:
    'permit(principal, action == Action::"callTool", resource) when { ["member", "admin", "owner"].contains(principal.role) };',
  own: 'forbid(principal, action, resource) unless { principal.tenant == context.tenant && principal.workspace == context.workspace };',
  small: 'forbid(principal, action, resource == Tool::"refund") when { context.input.amount > 100 };',
}

/** How many decisions of the floor one round makes: a single one is faster than a clock tells. */
const decisions = 1_000

/** What a decision of the floor takes, and one of Cedar above it. */
export async function measurePolicies(scale: Scale): Promise<readonly Row[]> {
  const state = requireLive(boundaryOf())
  const tool = { name: 'update-ticket', risk: 'write', role: 'member', plans: ['pro'], regions: ['us', 'eu'] } as const
  const floor = async () => {
    for (let at = 0; at < decisions; at++) if (findFloorDenial(state, tool) !== undefined) throw new Error('denied')
  }
  const ask = await questionOf(cedar({ policies }))
  const medians = await interleave({ ways: { floor, cedar: ask } }, scale.decisions)
  return [
    toMeasure('policy-default', 5, 'us', medians.floor / decisions, {}),
    toMeasure('policy-cedar', 500, 'us', medians.cedar, {}),
  ]
}

async function questionOf(policy: Policy) {
  const dana = { tenantId: 'northstar-dental', workspaceId: 'front-desk', userId: 'dana' }
  const watertight = await openWatertight({ database: 'memory://', identity: session(), surfaces: [] })
  await watertight.directory.putTenant({ tenantId: dana.tenantId, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(dana)
  await watertight.directory.putMember({
    ...dana,
    role: 'member',
    allowedToolIds: ['refund'],
    allowedDatasourceIds: [],
  })
  const boundary = await watertight.boundary(await watertight.identify(dana), dana)
  await watertight.close()
  const question: PolicyQuestion = {
    boundary,
    tool: { name: 'refund', risk: 'sensitive', role: 'member' },
    resources: [{ type: 'ticket', id: 'T-1' }],
    input: { ticketId: 'T-1', amount: 10 },
  }
  return async () => {
    if (!(await policy.decide(question))) throw new Error('The policy denies: the benchmark would measure nothing.')
  }
}
