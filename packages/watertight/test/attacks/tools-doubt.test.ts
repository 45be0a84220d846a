import { expect, test } from 'vitest'
import { z } from 'zod'

import { EffectUnsettled, NotFound, ToolFailed } from '../../src/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import { alice, onEachDesk } from './tools-fixture.ts'

/** A tool whose effect is made and never answers, and whose lookup says what it is told to say, when it is told to. */
function createCharge() {
  const looks: Promise<'absent' | undefined>[] = []
  const charge = {
    made: 0,
    asked: 0,
    /** what the next lookup says */
    say: (answer: Promise<'absent' | undefined> | 'absent' | undefined) => void looks.push(Promise.resolve(answer)),
    tool: defineTool({
      name: 'charge',
      description: 'Charges.',
      input: z.object({ amount: z.number() }),
      risk: 'write',
      role: 'member',
      ownerless: 'a number',
      async run() {
        charge.made++
        throw new Error('no answer came')
      },
      async lookup() {
        charge.asked++
        return await looks.shift()
      },
    }),
  }
  return charge
}

const refusalOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

onEachDesk((open) => {
  test('should not act on what was looked up before another try acted', async () => {
    const charge = createCharge()
    await using desk = await open([charge.tool])
    await using run = await desk.start(alice)
    const call = () => refusalOf(run.tools.call('charge', { amount: 1 }))
    expect(await call()).toBeInstanceOf(ToolFailed)
    const old = Promise.withResolvers<'absent'>()
    charge.say(old.promise)
    const slow = call()
    await expect.poll(() => charge.asked).toBe(1)
    charge.say('absent')
    expect(await call()).toBeInstanceOf(ToolFailed) // acted a second time, because it was told to
    old.resolve('absent')
    expect(await slow).toBeInstanceOf(EffectUnsettled)
    expect(charge.made).toBe(2)
  }, 120_000)

  test('should not take a word on one try for a word on the next', async () => {
    const charge = createCharge()
    await using desk = await open([charge.tool])
    await using run = await desk.start(alice)
    const call = () => refusalOf(run.tools.call('charge', { amount: 1 }))
    await call()
    const { effects } = await desk.within(alice)
    const [before] = await effects.list()
    if (before === undefined) throw new TypeError('Nothing is in doubt.')
    charge.say('absent')
    expect(await call()).toBeInstanceOf(ToolFailed)
    expect(await refusalOf(effects.settle(before, 'absent'))).toBeInstanceOf(NotFound)
    expect(await call()).toBeInstanceOf(EffectUnsettled)
    const [after] = await effects.list()
    expect(after).toEqual({ ...before, attempt: after?.attempt, tries: 2 })
    if (after !== undefined) await effects.settle(after, 'done')
    expect(await call()).toMatchObject({ reason: 'made' })
    expect(charge.made).toBe(2)
  }, 120_000)
})
