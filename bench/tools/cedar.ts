import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import type { Policy, PolicyQuestion } from 'watertight'
import { cedar } from 'watertight/cedar'

import { interleave } from '../support/interleave.ts'
import { tellMedians, toValueRow } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { openBoundary } from './floor.ts'

/** A dozen policies, as a support desk has them: what is asked meets most of their conditions. */
const policies: Readonly<Record<string, string>> = {
  'members-work': 'permit(principal, action, resource) when { principal.role != "viewer" };',
  'small-refunds': 'forbid(principal, action, resource == Tool::"refund") when { context.input.cents > 10000 };',
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [
      `closed-${at}`,
      `forbid(principal, action, resource == Tool::"tool_${at}") when { principal.plan == "free" || context.resources.isEmpty() };`,
    ]),
  ),
}

/** A decision of policies in Cedar that allows, against the engine as its own page shows it: with the policies' texts each time. */
export async function measureCedar(scale: Scale): Promise<readonly Row[]> {
  const { boundary, close } = await openBoundary()
  try {
    const policy: Policy = cedar({ policies })
    const question: PolicyQuestion = {
      boundary,
      tool: { name: 'tool_3', risk: 'write', role: 'member' },
      resources: ['ticket', 'customer', 'invoice'].map((type) => ({ type, id: `${type}-1` })),
      input: { ticketId: 'ticket-1', customerId: 'customer-1', invoiceId: 'invoice-1', cents: 2_500, note: 'Sorry.' },
    }
    const naive = toNaiveCall(question)
    const medians = await interleave(
      {
        ways: {
          cedar: async () => requireAllowed(await policy.decide(question)),
          naive: async () => {
            const answer = isAuthorized(naive)
            requireAllowed(answer.type === 'success' && answer.response.decision === 'allow')
          },
        },
      },
      scale.decisions,
    )
    return [
      toValueRow({
        name: 'policy-cedar',
        value: medians.cedar,
        unit: 'us',
        goal: 500,
        peers: { naive: medians.naive },
        measured: tellMedians(medians),
      }),
    ]
  } finally {
    await close()
  }
}

/** The same question, put together by hand once: what is measured of the peer is the engine alone. */
function toNaiveCall({ boundary, tool, resources, input }: PolicyQuestion): Parameters<typeof isAuthorized>[0] {
  const principal = { type: 'User', id: boundary.userId }
  const resource = { type: 'Tool', id: tool.name }
  return {
    principal,
    action: { type: 'Action', id: 'callTool' },
    resource,
    context: { resources: resources.map(({ type, id }) => ({ type, id })), input: { ...Object(input) } },
    policies: { staticPolicies: { ...policies } },
    entities: [
      { uid: principal, attrs: { role: boundary.role, plan: boundary.plan }, parents: [] },
      { uid: resource, attrs: { risk: tool.risk }, parents: [] },
    ],
  }
}

function requireAllowed(allowed: boolean): void {
  if (!allowed) throw new Error('The decision is not the one that was to be measured.')
}
