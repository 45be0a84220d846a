import fc from 'fast-check'

import { compareWorlds, WorldsDiffer } from '../../../src/testing/index.ts'
import type { PartResult, ProofPart, ProofProfile } from '../part.ts'
import { createFurnisher } from '../stage/furnish.ts'
import { createLonelyOpener, createWorldOpener, stageHistories } from '../stage/open-world.ts'
import { stageOperations } from '../stage/operations.ts'
import { openStage } from '../stage/stage.ts'

interface Share {
  readonly name: string
  /** the actor's role */
  readonly role: 'owner' | 'member'
  /** how many pairs of worlds, and how often each operation occurs at least */
  readonly full: { readonly comparisons: number; readonly occurrences: number }
  readonly quick: { readonly comparisons: number; readonly occurrences: number }
  /** whether the left world holds nobody but the actor */
  readonly alone: boolean
}

/** What an owner observes, beside one history of the others and beside another. */
export const worldsOfOwner = createPart({
  name: 'worlds/owner',
  role: 'owner',
  full: { comparisons: 1300, occurrences: 100 },
  quick: { comparisons: 20, occurrences: 0 },
  alone: false,
})

/** The same of a member, who reaches less: other people of the workspace are kept apart from a member alone. */
export const worldsOfMember = createPart({
  name: 'worlds/member',
  role: 'member',
  full: { comparisons: 900, occurrences: 100 },
  quick: { comparisons: 20, occurrences: 0 },
  alone: false,
})

/** What is observed beside others, and on a deployment that holds nobody else. */
export const worldsAlone = createPart({
  name: 'worlds/alone',
  role: 'owner',
  full: { comparisons: 400, occurrences: 40 },
  quick: { comparisons: 20, occurrences: 0 },
  alone: true,
})

function createPart(share: Share): ProofPart {
  return { name: share.name, run: (profile, progress) => compareShare(share, profile, progress) }
}

async function compareShare(
  share: Share,
  profile: ProofProfile,
  progress: (said: string) => void,
): Promise<PartResult> {
  await using stage = await openStage()
  await using lonely = share.alone ? await openStage() : undefined
  const { comparisons, occurrences } = profile.quick ? share.quick : share.full
  let done = 0
  try {
    const report = await compareWorlds({
      fastCheck: fc,
      operations: stageOperations(fc, share.role),
      history: stageHistories(fc),
      open: createWorldOpener(stage, await createFurnisher(stage), share.role),
      ...(lonely === undefined ? {} : { openAlone: createLonelyOpener(lonely, share.role) }),
      comparisons,
      occurrences,
      steps: 8,
      stepTimeout: 120_000, // a busy machine is no finding
      seed: profile.seed,
      onComparison(count) {
        done = count
        if (count % 50 === 0) progress(`${count * 2} of ${comparisons * 2} worlds`)
      },
    })
    const least = [...report.operations.values()].reduce((fewest, { ran }) => Math.min(fewest, ran), Infinity)
    return {
      counts: { worlds: report.worlds, divergences: 0 },
      failures: [],
      summary: `${report.worlds} worlds, ${report.operations.size} operations${profile.quick ? '' : `, each at least ${least} times`}`,
    }
  } catch (error) {
    if (!(error instanceof WorldsDiffer)) throw error
    return {
      counts: { worlds: done * 2, divergences: 1 },
      failures: [error.message],
      summary: `${error.divergence.surface} answers by what others did`,
    }
  }
}
