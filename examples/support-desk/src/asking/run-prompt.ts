import type { Explanation } from 'watertight'

import { judgeAnswer } from '../judge-answer.ts'
import type { Model } from '../models/overhear.ts'
import type { Refused, RunOutcome } from '../outcome.ts'
import type { Prompt } from '../prompts.ts'
import { foreignCanaries, type Canary, type TenantSeed } from '../seed/index.ts'
import { deleteRefunds } from '../seeding/delete-refunds.ts'
import { putTickets } from '../seeding/put-tickets.ts'
import { putUserMemories } from '../seeding/put-user-memories.ts'
import { ask } from './ask.ts'
import { decideRefund, type RefundPeople } from './decide-refund.ts'
import { findEscapes } from './find-escapes.ts'
import { ownHoldingsOf, sharedHoldingsOf, ticketsOf } from './holdings.ts'
import { hasEffect, judgeRows } from './judge-rows.ts'
import { readEvidence } from './read-evidence.ts'
import type { Seat } from './seats.ts'
import type { Watch } from './watch.ts'

/** Somebody who asks, and what must not come to them. */
export interface Asking {
  readonly seat: Seat
  readonly seed: TenantSeed
  readonly others: readonly Seat[]
  readonly watch: Watch
  /** The canaries of all tenants. */
  readonly canaries: readonly Canary[]
  /** Ids that name nothing of the asker's. */
  readonly foreignIds: readonly string[]
}

/** Asks one prompt and judges what came of it: the answer, its effect, and everything that came out. */
export async function runPrompt(
  asking: Asking,
  kind: RunOutcome['model'],
  model: Model,
  prompt: Prompt,
): Promise<RunOutcome> {
  const { seat, others, watch, foreignIds } = asking
  const { tenant } = seat.asker
  const expected = prompt.expected(seat.asker)
  await restore(asking)
  const before = await ticketsOf(seat)
  const refund = expected.effect && 'refunded' in expected.effect ? expected.effect.refunded : undefined
  const { runId, answer, messages, calls, explanation, decision } = await ask(
    seat.compartment,
    model,
    prompt.text,
    refund === undefined ? undefined : (run) => decideRefund(peopleOf(asking), run, refund),
  )
  const rows = { shared: await sharedHoldingsOf(seat), own: await ownHoldingsOf(seat) }
  const consented = refund !== undefined && decision?.verdict === 'approved' ? [refund] : []
  const judgedRows = judgeRows(rows.shared, before, calls, consented)

  const judgement = judgeAnswer(
    answer,
    expected,
    seat.asker,
    others.map(({ asker }) => asker),
  )
  const channels = {
    answer: [answer],
    messages,
    explanation: [JSON.stringify(explanation)],
    evidence: await readEvidence(seat.compartment, runId),
    'own rows': [JSON.stringify(rows)],
  }
  return {
    prompt: { id: prompt.id, text: prompt.text },
    tenant: { id: tenant.id, name: tenant.name },
    model: kind,
    answer,
    used: usedIn(explanation),
    refused: refusedIn(explanation),
    checked: [
      ...(decision ? [...decision.checked, `rows of desk.refund afterwards: ${rows.shared.refunds.length}`] : []),
      ...judgedRows.checked,
    ],
    answered: judgement.answered && hasEffect(rows, expected),
    leaks: [
      ...findEscapes(channels, foreignTo(asking), foreignIds),
      ...judgement.foreign.map(() => 'answer: a fact of somebody else'),
      ...(decision?.leaks ?? []),
      ...judgedRows.leaks,
      ...(await watch.findChanges(seat)).map((place) => `rows of ${place}: changed from outside`),
    ],
  }
}

// A refund is decided by an owner of the same workspace; owners of other tenants try to.
function peopleOf({ seat, others }: Asking): RefundPeople {
  const owners = others.filter(({ asker }) => asker.person.role === 'owner')
  const approver = owners.find(({ asker }) => asker.workspace === seat.asker.workspace)
  if (!approver) throw new TypeError('A workspace of the seed has nobody who may approve a refund. Give it an owner.')
  return { requester: seat, approver, strangers: owners.filter(({ asker }) => asker.tenant !== seat.asker.tenant) }
}

// No run depends on what an earlier one changed, nor on how often the desk was started before.
async function restore({ seat: { asker, compartment }, seed }: Asking): Promise<void> {
  const isHere = (place: { readonly workspaceId: string }) => place.workspaceId === asker.workspace.id
  await putTickets(compartment, seed.tickets.filter(isHere))
  await deleteRefunds(compartment)
  const own = seed.memories.filter((each) => each.scope === 'user' && isHere(each) && each.userId === asker.person.id)
  await putUserMemories(compartment, own)
}

function usedIn({ memory, documents, tools }: Explanation): RunOutcome['used'] {
  return {
    memory: [...new Set(memory.map(({ scope, key }) => `${scope}/${key}`))],
    documents: documents.map(({ datasourceId, documentId }) => `${datasourceId}/${documentId}`),
    tools: tools.map(({ toolId, calls }) => `${toolId} ×${calls}`),
  }
}

// The same reason may come from two surfaces.
function refusedIn({ refused }: Explanation): Refused[] {
  const reasons = [...new Set(refused.map(({ event }) => event))]
  const countOf = (reason: string): number =>
    refused.reduce((sum, { event, count }) => sum + (event === reason ? count : 0), 0)
  return reasons.map((reason) => ({ reason, count: countOf(reason) }))
}

function foreignTo({ seat: { asker, compartment }, canaries }: Asking): Canary[] {
  return foreignCanaries(canaries, {
    tenantId: asker.tenant.id,
    workspaceId: asker.workspace.id,
    userId: asker.person.id,
    datasourceIds: compartment.boundary.allowedDatasourceIds,
  })
}
