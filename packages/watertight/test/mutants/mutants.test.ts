import { describe, expect, test } from 'vitest'

import { mutants } from './catalogue/index.ts'
import { findBreaches, runMutants } from './run-mutants.ts'

// A few of each kind: what takes longer is for `npm run prove`, which judges them all.
const sample = [
  'jwt-any-audience',
  'session-lower-cased',
  'brand-by-shape',
  'narrow-widens',
  'label-of-any-person',
  'setting-instead-of-signature',
  'floor-dropped-user-memory',
  'token-of-any-boundary',
  'memory-row-of-any-tenant',
  'slab-keys-joined',
  'ids-not-in-lists',
  'explained-to-colleagues',
]

describe('the mutants of the sample', () => {
  test('should each be killed, and no version without a mutation', { timeout: 300_000 }, async () => {
    const report = await runMutants({ only: sample })
    expect(report).toEqual({ killed: sample.length, total: sample.length, survivors: [] })
  })

  test('should refuse a mutant that there is not', async () => {
    await expect(runMutants({ only: ['no-such-mutant'] })).rejects.toThrow('no-such-mutant')
  })
})

// Without a database these are all but free, so that a rule reverted by hand is named at once.
const quick = new Set(mutants.map(({ killer }) => killer).filter((killer) => /^(identity|boundary)\//.test(killer)))

test(
  'should hold every rule of identity and boundary; else the text names the rule and a script',
  { timeout: 300_000 },
  async () => {
    expect(await findBreaches([...quick])).toEqual([])
  },
)
