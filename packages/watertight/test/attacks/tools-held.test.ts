import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { openWatertight, session } from '../../src/index.ts'
import type { RunSurface } from '../../src/surfaces/surface.ts'
import { defineTool, tools } from '../../src/surfaces/tools/index.ts'
import type { RunTools } from '../../src/surfaces/tools/index.ts'
import { alice, provision } from './tools-fixture.ts'

/** The same tools on a store that loses every word of a holder that it is alive, and is slow to hear the last one. */
function withoutRenewals(surface: RunSurface<'tools', RunTools>): RunSurface<'tools', RunTools> {
  return {
    ...surface,
    open: (house) => {
      const call: typeof house.store.call = async (boundary, name, values) => {
        if (name === 'effect_finish') await wait(300)
        return name === 'effect_renew' ? [] : await house.store.call(boundary, name, values)
      }
      return surface.open({ ...house, store: { ...house.store, call } })
    },
  }
}

describe('a holder whose words come late', () => {
  test('should not be taken for dead by the process that it lives in', async () => {
    let made = 0
    const charge = defineTool({
      name: 'charge',
      description: 'Charges.',
      input: z.object({ amount: z.number() }),
      risk: 'write',
      role: 'member',
      ownerless: 'a number',
      async run() {
        await wait(300)
        made++
        return { made }
      },
      lookup: async () => 'absent' as const, // not made as yet, says the other side, while it is being made
    })
    await using watertight = await openWatertight({
      database: 'memory://',
      identity: session(),
      surfaces: [withoutRenewals(tools([charge], { effectLease: 100 }))],
    })
    await provision(watertight as unknown as Parameters<typeof provision>[0], alice, ['charge'])
    const { workspaceId } = alice
    const boundary = await watertight.boundary(await watertight.identify(alice), { workspaceId })
    await using run = await watertight.within(boundary).startRun({ agent: 'desk', promptVersion: '1' })
    const call = () => run.tools.call('charge', { amount: 1 })
    const first = call()
    await wait(150)
    const answers = await Promise.all([first, call(), wait(200).then(call), wait(300).then(call)])
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 4 }, () => ({ made: 1 })))
    expect(made).toBe(1)
  }, 120_000)
})
