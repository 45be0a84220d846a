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
import { openWatch, type Watch } from './watch.ts'

export interface DeskRunOptions {
  readonly tenants: readonly TenantFacts[]
  /** A model beside the two offline ones. */
  readonly realModel?: Model
  /** What is asked; everything where absent. */
  readonly questions?: readonly Prompt[]
  readonly onOutcome?: (outcome: RunOutcome) => void
}

/** Asks every prompt as a person of each tenant, of each model. */
export async function runDesk(desk: Desk, options: DeskRunOptions): Promise<readonly RunOutcome[]> {
  const { tenants, realModel, questions = prompts, onOutcome } = options
  const seeds = tenants.map(seedTenant)
  const seats = await seatEverybody(desk, tenants)
  const watch = await openWatch(seats)
  const outcomes: RunOutcome[] = []
  for (const seed of seeds) {
    for (const [kind, modelOf] of modelsFor(tenants, realModel)) {
      for (const prompt of questions) {
        const asking = prepareAsking(prompt, seed, seeds, seats, watch)
        const outcome = await runPrompt(asking, kind, modelOf(asking.seat), prompt)
        outcomes.push(outcome)
        onOutcome?.(outcome)
      }
    }
  }
  return outcomes
}

function prepareAsking(
  { askedBy }: Prompt,
  seed: TenantSeed,
  seeds: readonly TenantSeed[],
  seats: readonly Seat[],
  watch: Watch,
): Asking {
  const seat = seats.find(
    ({ asker: { tenant, person } }) => tenant.id === seed.tenant.id && (askedBy ?? person.role) === person.role,
  )
  if (!seat) throw new TypeError('A tenant of the seed has nobody who could ask. Give it some people.')
  const tenants = [...new Set(seats.map(({ asker }) => asker.tenant))]
  return {
    seat,
    seed,
    others: seats.filter((each) => each !== seat),
    watch,
    canaries: seeds.flatMap(({ canaries }) => canaries),
    foreignIds: foreignIdsOf(knowledgeAgainst(seat.asker, tenants)),
  }
}

function modelsFor(
  tenants: readonly TenantFacts[],
  realModel: Model | undefined,
): (readonly [RunOutcome['model'], (seat: Seat) => Model])[] {
  return [
    ['helpful', () => createHelpfulModel()],
    [
      'compromised',
      ({ asker }) => createCompromisedModel({ knowledge: knowledgeAgainst(asker, tenants), callBudget: 30 }),
    ],
    ...(realModel ? ([['real', () => realModel]] as const) : []),
  ]
}
