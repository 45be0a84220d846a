import fc from 'fast-check'

import { compareWorlds, WorldsDiffer } from '../../../src/testing/index.ts'
import type { Divergence } from '../../../src/testing/index.ts'
import type { PartResult, ProofPart } from '../part.ts'
import { createFurnisher } from '../stage/furnish.ts'
import type { Furnisher } from '../stage/furnish.ts'
import { createWorldOpener, stageHistories } from '../stage/open-world.ts'
import { stageOperations } from '../stage/operations.ts'
import { plantedLeaks } from '../stage/planted.ts'
import type { PlantedLeak } from '../stage/planted.ts'
import { openStage } from '../stage/stage.ts'
import type { Stage } from '../stage/stage.ts'

/** The longest script that a planted leak may need. */
const mostSteps = 3

/** Leaks around Watertight, each of which the worlds must find: a comparison that finds nothing anywhere proves nothing. */
export const plantedPart: ProofPart = {
  name: 'worlds/planted',
  async run({ quick, seed }, progress): Promise<PartResult> {
    await using stage = await openStage()
    const furnisher = await createFurnisher(stage)
    const chosen = Object.entries(plantedLeaks).slice(0, quick ? 2 : undefined)
    const failures: string[] = []
    for (const [name, leak] of chosen) {
      const found = await findPlanted(stage, furnisher, leak, seed)
      if (!isAsPlanted(leak, found))
        failures.push(`The worlds did not find ${name}, or not in ${mostSteps} steps. ${leak.story}`)
      progress(`${name}: ${found === undefined ? 'not found' : `found in ${found.script.length} steps`}`)
    }
    return {
      counts: {},
      failures,
      summary: `${chosen.length - failures.length} of ${chosen.length} planted leaks found, each in at most ${mostSteps} steps`,
    }
  },
}

/** Compares worlds whose actor has the leak, by the operations that could show it. */
export async function findPlanted(
  stage: Stage,
  furnisher: Furnisher,
  { caught, plant }: PlantedLeak,
  seed: number,
): Promise<Divergence | undefined> {
  const open = createWorldOpener(stage, furnisher, 'owner')
  try {
    await compareWorlds({
      fastCheck: fc,
      operations: stageOperations(fc, 'owner').filter(
        ({ surface, name }) => caught.test(`${surface}.${name}`) || name.startsWith('set'),
      ),
      history: stageHistories(fc),
      open: async (history) => {
        const world = await open(history)
        return { ...world, actor: plant(world.actor) }
      },
      comparisons: 400,
      seed,
      steps: 4,
      occurrences: 0,
      stepTimeout: 120_000,
    })
    return undefined
  } catch (error) {
    if (!(error instanceof WorldsDiffer)) throw error
    return error.divergence
  }
}

/** Says whether a divergence is the one that was planted, at the operation that it was planted in. */
export function isAsPlanted({ caught }: PlantedLeak, found: Divergence | undefined): boolean {
  return found !== undefined && caught.test(`${found.surface}.${found.operation}`) && found.script.length <= mostSteps
}
