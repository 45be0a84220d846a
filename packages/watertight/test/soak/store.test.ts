import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { spawnNode } from '../support/processes.ts'
import { whenReachable } from '../support/require.ts'
import { faults } from './store/protocol.ts'
import type { Fault } from './store/protocol.ts'
import { soakStore } from './store/rounds.ts'

const nothing = { lost: 0, doubled: 0, torn: 0, unknown: 0 }

describe('the store, whose processes are killed while they write', () => {
  test('should lose nothing and show nothing half on PGlite, whose folder the next process takes over', async () => {
    const { verdict, acknowledged, findings } = await soakStore({ engine: 'pglite', rounds: 2 })
    expect(verdict, findings.join('\n')).toEqual(nothing)
    expect(acknowledged).toBeGreaterThan(0)
  }, 120_000)

  test('should make a folder whose first process was killed while making it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'watertight-soak-'))
    const victim = fileURLToPath(new URL('store/victim.ts', import.meta.url))
    const open = () => spawnNode(victim, ['--database', join(folder, 'data'), '--finish'], {}, ['--liftoff-only'])
    try {
      await using first = open()
      await wait(randomInt(400, 1_500))
      await first.kill()
      await using second = open()
      expect(await second.exited, second.stderr).toEqual({ code: 0, signal: null })
    } finally {
      await rm(folder, { recursive: true })
    }
  }, 120_000)

  whenReachable('postgres', () => {
    test('should lose nothing and show nothing half on a server', async () => {
      const { verdict, acknowledged, findings } = await soakStore({ engine: 'postgres', rounds: 4 })
      expect(verdict, findings.join('\n')).toEqual(nothing)
      expect(acknowledged).toBeGreaterThan(0)
    }, 120_000)

    // The soak must be able to fail: each planted defect is found, and as what it is.
    const found: Readonly<Record<Fault, keyof typeof nothing>> = {
      'acknowledge-first': 'lost',
      'write-twice': 'doubled',
      'without-evidence': 'lost',
      'half-a-document': 'torn',
    }
    test.each(faults)(
      'should find the defect %s',
      async (fault) => {
        const { verdict } = await soakStore({ engine: 'postgres', rounds: 3, fault })
        expect(verdict[found[fault]]).toBeGreaterThan(0)
      },
      120_000,
    )
  })
})
