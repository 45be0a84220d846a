import type { Explanation } from 'watertight'

import { judgeAnswer } from '../judge-answer.ts'
import type { Model } from '../models/overhear.ts'
import type { Refused, RunOutcome } from '../outcome.ts'
import type { Expected, Prompt } from '../prompts.ts'
import { foreignCanaries, type Canary, type TenantSeed } from '../seed/index.ts'
import { putTickets } from '../seeding/put-tickets.ts'
import { putUserMemories } from '../seeding/put-user-memories.ts'
import { ask } from './ask.ts'
import { findEscapes } from './find-escapes.ts'
import { ownHoldingsOf, sharedHoldingsOf } from './holdings.ts'
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
  await restore(asking)
  const { runId, answer, messages, explanation } = await ask(seat.compartment, model, prompt.text)
  const rows = { shared: await sharedHoldingsOf(seat), own: await ownHoldingsOf(seat) }

  const expected = prompt.expected(seat.asker)
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
    answered: judgement.answered && hasEffect(rows, expected),
    leaks: [
      ...findEscapes(channels, foreignTo(asking), foreignIds),
      ...judgement.foreign.map(() => 'answer: a fact of somebody else'),
      ...(await watch.findChanges()).map((place) => `rows of ${place}: changed from outside`),
    ],
  }
}

// No run depends on what an earlier one changed, nor on how often the desk was started before.
async function restore({ seat: { asker, compartment }, seed }: Asking): Promise<void> {
  const isHere = (place: { readonly workspaceId: string }) => place.workspaceId === asker.workspace.id
  await putTickets(compartment, seed.tickets.filter(isHere))
  const own = seed.memories.filter((each) => each.scope === 'user' && isHere(each) && each.userId === asker.person.id)
  await putUserMemories(compartment, own)
}

interface Rows {
  readonly shared: Awaited<ReturnType<typeof sharedHoldingsOf>>
  readonly own: Awaited<ReturnType<typeof ownHoldingsOf>>
}

function hasEffect({ shared, own }: Rows, { effect }: Expected): boolean {
  if (!effect) return true
  return 'ticketClosed' in effect
    ? shared.tickets.some(({ id, status }) => id === effect.ticketClosed && status === 'closed')
    : own.some(({ value }) => typeof value === 'string' && value.includes(effect.memoryHolds))
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
