import { describe, expect, test } from 'vitest'

import { whenReachable } from '../support/require.ts'
import type { Verdict } from './effects/ledger.ts'
import { faults } from './effects/protocol.ts'
import type { Fault } from './effects/protocol.ts'
import { soakEffects } from './effects/rounds.ts'

const nothing: Verdict = { doubled: 0, lost: 0, unnamed: 0, leaked: 0, mistaken: 0 }

describe.concurrent('effects, whose processes are killed in the middle of them', () => {
  test('should be made once, or be named to a person, on PGlite', async () => {
    const { verdict, done, findings } = await soakEffects({ engine: 'pglite', rounds: 2 })
    expect(verdict, findings.join('\n')).toEqual(nothing)
    expect(done).toBeGreaterThan(0)
  }, 240_000)

  whenReachable('postgres', () => {
    test('should be made once, or be named to a person, on a server with two processes at them', async () => {
      const { verdict, done, findings } = await soakEffects({ engine: 'postgres', rounds: 3 })
      expect(verdict, findings.join('\n')).toEqual(nothing)
      expect(done).toBeGreaterThan(0)
    }, 240_000)

    // The soak must be able to fail: each planted defect is found, and as what it is.
    const found: Readonly<Record<Fault, keyof Verdict>> = {
      'always-begun': 'doubled',
      'blind-retry': 'doubled',
      'blind-lookup': 'doubled',
      'never-dead': 'unnamed',
      'never-renewed': 'mistaken',
      'answer-dropped': 'lost',
      unapproved: 'doubled',
      'listed-elsewhere': 'leaked',
      'acknowledge-first': 'lost',
    }
    // In the second a process stops in the middle of an effect; in the third another one asks meanwhile.
    const roundsOf: Partial<Record<Fault, number>> = { 'never-dead': 2, 'never-renewed': 3 }
    test.each(faults)(
      'should find the defect %s',
      async (fault) => {
        const rounds = roundsOf[fault] ?? 1
        const { verdict, excused } = await soakEffects({ engine: 'postgres', rounds, fault })
        // On a machine too busy to renew at all nobody can tell the defect from its absence, and it is excused.
        expect(verdict[found[fault]] + (fault === 'never-renewed' ? excused : 0)).toBeGreaterThan(0)
      },
      240_000,
    )
  })
})
