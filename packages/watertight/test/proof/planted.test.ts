import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { compareWorlds } from '../../src/testing/index.ts'
import { findPlanted, isAsPlanted } from './parts/planted.ts'
import { createFurnisher } from './stage/furnish.ts'
import type { Furnisher } from './stage/furnish.ts'
import { createWorldOpener, stageHistories } from './stage/open-world.ts'
import { stageOperations } from './stage/operations.ts'
import { plantedLeaks } from './stage/planted.ts'
import { openStage } from './stage/stage.ts'
import type { Stage } from './stage/stage.ts'

// Two of the leaks, which are found soonest; `npm run prove` plants all.
const soonest = ['a count over all tenants', 'a rank by the words of all']

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
      stepTimeout: 120_000,
    })
    expect(report.worlds).toBe(40)
  }, 240_000)

  test.each(Object.entries(plantedLeaks).filter(([name]) => soonest.includes(name)))(
    'should find %s, and shrink it to at most three steps',
    async (_name, leak) => {
      const found = await findPlanted(stage, furnisher, leak, 11)
      expect(found?.script.length).toBeLessThanOrEqual(3)
      expect(isAsPlanted(leak, found)).toBe(true)
    },
    240_000,
  )

  test('should have two of the leaks to find here', () => {
    expect(Object.keys(plantedLeaks)).toEqual(expect.arrayContaining(soonest))
  })
})
