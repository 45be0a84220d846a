import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { compareWorlds, WorldsDiffer } from '../../src/testing/index.ts'
import { createFurnisher } from './stage/furnish.ts'
import type { Furnisher } from './stage/furnish.ts'
import { createWorldOpener, stageHistories } from './stage/open-world.ts'
import { stageOperations } from './stage/operations.ts'
import { plantedLeaks } from './stage/planted.ts'
import { openStage } from './stage/stage.ts'
import type { Stage } from './stage/stage.ts'

describe('two worlds', () => {
  let stage: Stage
  let furnisher: Furnisher

  beforeAll(async () => {
    stage = await openStage()
    furnisher = await createFurnisher(stage)
  }, 240_000)
  afterAll(async () => await stage[Symbol.asyncDispose]())

  test('should find nothing where no leak is planted', async () => {
    const report = await compareWorlds({
      fastCheck: fc,
      operations: stageOperations(fc, 'owner'),
      history: stageHistories(fc),
      open: createWorldOpener(stage, furnisher, 'owner'),
      comparisons: 20,
      seed: 11,
      occurrences: 0,
    })
    expect(report.worlds).toBe(40)
  }, 240_000)

  test.each(Object.entries(plantedLeaks))(
    'should find %s, and shrink it to at most three steps',
    async (_name, { caught, plant }) => {
      const open = createWorldOpener(stage, furnisher, 'owner')
      const found = await compareWorlds({
        fastCheck: fc,
        operations: stageOperations(fc, 'owner').filter(
          ({ surface, name }) => caught.test(`${surface}.${name}`) || name.startsWith('set'),
        ),
        history: stageHistories(fc),
        open: async (history) => {
          const world = await open(history)
          return { ...world, actor: plant(world.actor) }
        },
        comparisons: 200,
        seed: 11,
        steps: 4,
        occurrences: 0,
      }).catch((error: unknown) => error)
      expect(found).toBeInstanceOf(WorldsDiffer)
      const { divergence, message } = found as WorldsDiffer
      expect(`${divergence.surface}.${divergence.operation}`).toMatch(caught)
      expect(divergence.script.length).toBeLessThanOrEqual(3)
      expect(message).toContain(divergence.rule)
    },
    240_000,
  )
})
