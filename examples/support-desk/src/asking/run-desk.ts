import type { Desk } from '../desk/open-desk.ts'
import { createCompromisedModel } from '../models/compromised.ts'
import { createHelpfulModel } from '../models/helpful.ts'
import type { Model } from '../models/overhear.ts'
import type { RunOutcome } from '../outcome.ts'
import { prompts, type Prompt } from '../prompts.ts'
import { seedTenant, type TenantFacts, type TenantSeed } from '../seed/index.ts'
import { foreignIdsOf, knowledgeAgainst } from './knowledge.ts'
import { runPrompt, type Asking } from './run-prompt.ts'
import { seatEverybody, type Seat } from './seats.ts'
import { openWatch } from './watch.ts'

export interface DeskRunOptions {
  readonly tenants: readonly TenantFacts[]
  /** A model beside the two offline ones. */
  readonly realModel?: Model
  /** What is asked; everything where absent. */
  readonly questions?: readonly Prompt[]
  readonly onOutcome?: (outcome: RunOutcome) => void
}

/** Asks every prompt as one person of each tenant, of each model. */
export async function runDesk(desk: Desk, options: DeskRunOptions): Promise<readonly RunOutcome[]> {
  const { tenants, realModel, questions = prompts, onOutcome } = options
  const seeds = tenants.map(seedTenant)
  const seats = await seatEverybody(desk, tenants)
  const outcomes: RunOutcome[] = []
  for (const seed of seeds) {
    const asking = await prepareAsking(seed, seeds, seats)
    for (const [kind, model] of modelsFor(asking, tenants, realModel)) {
      for (const prompt of questions) {
        const outcome = await runPrompt(asking, kind, model, prompt)
        outcomes.push(outcome)
        onOutcome?.(outcome)
      }
    }
  }
  return outcomes
}

async function prepareAsking(seed: TenantSeed, seeds: readonly TenantSeed[], seats: readonly Seat[]): Promise<Asking> {
  const seat = seats.find(({ asker }) => asker.tenant.id === seed.tenant.id)
  if (!seat) throw new TypeError('A tenant of the seed has no people. Give it some.')
  const tenants = [...new Set(seats.map(({ asker }) => asker.tenant))]
  return {
    seat,
    seed,
    others: seats.filter((each) => each !== seat),
    watch: await openWatch(seats, seat),
    canaries: seeds.flatMap(({ canaries }) => canaries),
    foreignIds: foreignIdsOf(knowledgeAgainst(seat.asker, tenants)),
  }
}

function modelsFor(
  { seat }: Asking,
  tenants: readonly TenantFacts[],
  realModel: Model | undefined,
): (readonly [RunOutcome['model'], Model])[] {
  const knowledge = knowledgeAgainst(seat.asker, tenants)
  return [
    ['helpful', createHelpfulModel()],
    ['compromised', createCompromisedModel({ knowledge, callBudget: 30 })],
    ...(realModel ? ([['real', realModel]] as const) : []),
  ]
}
