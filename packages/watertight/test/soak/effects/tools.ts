import { setTimeout as wait } from 'node:timers/promises'

import { z } from 'zod'

import { defineTool, NothingDone } from '../../../src/surfaces/tools/index.ts'
import type { Tool, ToolContext } from '../../../src/surfaces/tools/index.ts'
import { findReceipt, placeOrder } from './outside.ts'
import type { Place } from './protocol.ts'

export interface ToolEnds {
  /** the service outside */
  readonly url: string
  /** is told that an effect is about to be made, or has been made, and may never return */
  at(place: Place): Promise<void>
  /** says that nothing was done without looking */
  readonly blind: boolean
}

const input = z.object({ memo: z.string(), amount: z.number(), takes: z.number() })
type Input = z.infer<typeof input>

/** Tools of every kind: with and without a lookup, on a table of one's own, and one that a person must consent to. */
export function defineTools({ url, at, blind }: ToolEnds): readonly Tool[] {
  const run = async ({ memo, takes }: Input, { boundary, idempotencyKey }: ToolContext) => {
    const { tenantId } = boundary
    await wait(takes)
    await at('before')
    const receipt = await placeOrder(url, { key: idempotencyKey, tenantId, memo, steady: takes > 0 })
    if (receipt === undefined) throw new NothingDone('turned away')
    await at('after')
    return { receipt }
  }
  const lookup = async (_: Input, { idempotencyKey }: ToolContext) => {
    const receipt = blind ? undefined : await findReceipt(url, idempotencyKey)
    return receipt === undefined ? ('absent' as const) : { answer: { receipt } }
  }
  const outside = { input, role: 'member', ownerless: 'a receipt of the service outside' } as const
  return [
    defineTool({ ...outside, name: 'charge', description: 'Charges.', risk: 'write', run }),
    defineTool({ ...outside, name: 'charge-looked-up', description: 'Charges.', risk: 'write', run, lookup }),
    defineTool({ ...outside, name: 'refund', description: 'Refunds.', risk: 'sensitive', run }),
    defineTool({
      ...outside,
      name: 'enter',
      description: 'Enters into the book.',
      risk: 'write',
      async change(transaction, { memo }) {
        await at('before')
        const text = 'insert into book.entry (memo) values ($1) returning number'
        const { rows } = await transaction.query(text, [memo])
        await at('after')
        return { receipt: Number(rows[0]?.['number']) }
      },
    }),
  ]
}
