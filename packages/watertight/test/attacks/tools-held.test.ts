import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { EffectUnsettled, openWatertight, session } from '../../src/index.ts'
import type { RunSurface } from '../../src/surfaces/surface.ts'
import { defineTool, tools } from '../../src/surfaces/tools/index.ts'
import type { RunTools, Tool } from '../../src/surfaces/tools/index.ts'
import { alice, provision } from './tools-fixture.ts'

const lease = 300

/** A charge that takes as long as it is told to, and knows how often it was made. */
function createCharge(takes: Promise<unknown>) {
  const charge = { made: 0, lookup: 'absent' as 'absent' | undefined, tool: undefined as unknown as Tool }
  charge.tool = defineTool({
    name: 'charge',
    description: 'Charges.',
    input: z.object({ amount: z.number() }),
    risk: 'write',
    role: 'member',
    ownerless: 'a number',
    async run() {
      await takes
      charge.made++
      return { made: charge.made }
    },
    lookup: async () => charge.lookup, // 'absent': not made as yet, says the other side, while it is being made
  })
  return charge
}

/** Tools of one process, whose words of being alive are lost for as long as `isMute`, and whose last word comes late. */
function mute<Name extends string>(name: Name, tool: Tool, isMute: () => boolean): RunSurface<Name, RunTools> {
  const surface = tools([tool], { effectLease: lease })
  return {
    ...surface,
    name,
    open: (house) => {
      const call: typeof house.store.call = async (boundary, asked, values) => {
        if (asked === 'effect_finish' && isMute()) await wait(2 * lease)
        return asked === 'effect_renew' && isMute() ? [] : await house.store.call(boundary, asked, values)
      }
      return surface.open({ ...house, store: { ...house.store, call } })
    },
  }
}

/** A run with the tools of two processes, which know nothing of each other. */
async function openRun(tool: Tool, isMute: () => boolean) {
  const surfaces = [mute('here', tool, isMute), mute('there', tool, () => false)] as const
  const watertight = await openWatertight({ database: 'memory://', identity: session(), surfaces })
  await provision(watertight as unknown as Parameters<typeof provision>[0], alice, ['charge'])
  const { workspaceId } = alice
  const desk = watertight.within(await watertight.boundary(await watertight.identify(alice), { workspaceId }))
  const run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  return { desk, run, [Symbol.asyncDispose]: () => watertight.close() }
}

describe('a holder whose words come late', () => {
  test('should not be taken for dead by the process that it lives in', async () => {
    const charge = createCharge(wait(2 * lease))
    await using opened = await openRun(charge.tool, () => true)
    const call = () => opened.run.here.call('charge', { amount: 1 })
    const delays = [0, 0, 1.2, 1.5, 2.2, 2.5]
    const answers = await Promise.all(delays.map((delay) => wait(delay * lease).then(call)))
    expect(answers.map(({ value }) => value)).toEqual(delays.map(() => ({ made: 1 })))
    expect(charge.made).toBe(1)
  }, 120_000)

  test('should be alive again for the others with its next word', async () => {
    const over = Promise.withResolvers<void>()
    const charge = createCharge(over.promise)
    charge.lookup = undefined
    let quiet = true
    await using opened = await openRun(charge.tool, () => quiet)
    const { desk, run } = opened
    const first = run.here.call('charge', { amount: 1 })
    const refused = () => run.there.call('charge', { amount: 1 }).catch((error: unknown) => error)
    await expect.poll(() => desk.effects.list(), { timeout: 30_000 }).toHaveLength(1)
    expect(await refused()).toMatchObject({ reason: 'unknown' })
    expect(await refused()).toBeInstanceOf(EffectUnsettled)
    const [doubted] = await desk.effects.list()
    quiet = false
    await expect.poll(() => desk.effects.list(), { timeout: 30_000 }).toEqual([])
    // What somebody learned while it was silent is refused now: it may be making the effect.
    if (doubted !== undefined)
      await expect(desk.effects.settle(doubted, 'absent')).rejects.toThrow('Nothing by that id')
    const second = run.there.call('charge', { amount: 1 })
    over.resolve()
    expect([await first, await second].map(({ value }) => value)).toEqual([{ made: 1 }, { made: 1 }])
  }, 120_000)
})
