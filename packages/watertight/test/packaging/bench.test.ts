import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { whenReachable } from '../support/require.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('../../../../bench/scoped.ts', import.meta.url))

interface Row {
  name: string
  value: number
  unit: string
  goal: number
  ok: boolean
  peers: Record<string, number>
}

describe('the benchmark of scoped reads', () => {
  whenReachable('postgres', () => {
    test('should end with one JSON object that holds its five rows', async () => {
      const { stdout } = await run(process.execPath, [script, '--quick', '--json'])
      const { bench, rows } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { bench: string; rows: Row[] }
      expect(bench).toBe('scoped')
      expect(rows.map(({ name, goal }) => [name, goal])).toEqual([
        ['read-embedded', 3.2],
        ['read-postgres', 1.8],
        ['read-postgres-1ms', 1.15],
        ['run-20-reads-postgres', 2.2],
        ['tenants-10-to-10000', 1.1],
      ])
      for (const { value, unit, goal, ok, peers } of rows) {
        expect(value).toBeGreaterThan(0)
        expect(unit).toBe('ratio')
        expect(ok).toBe(value <= goal) // a miss is told as a miss
        expect(Object.values(peers)).toContain(1)
      }
    }, 180_000)
  })
})

describe('the benchmark of tools', () => {
  whenReachable('postgres', () => {
    test('should end with one JSON object that holds its five rows', async () => {
      const tools = fileURLToPath(new URL('../../../../bench/tools.ts', import.meta.url))
      const { stdout } = await run(process.execPath, [tools, '--quick', '--json'])
      const { bench, rows } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { bench: string; rows: Row[] }
      expect(bench).toBe('tools')
      expect(rows.map(({ name, goal, unit }) => [name, goal, unit])).toEqual([
        ['guard-three-ids-roundtrips', 1, 'round trips'],
        ['guard-three-ids-postgres', 0.4, 'ms'],
        ['effect-ledger-postgres', 2, 'round trips'],
        ['policy-default', 5, 'us'],
        ['policy-cedar', 500, 'us'],
      ])
      for (const { name, value, goal, ok } of rows) {
        expect(ok).toBe(value <= goal) // a miss is told as a miss
        if (name.endsWith('roundtrips') || name === 'effect-ledger-postgres') expect(ok).toBe(true) // a count does not waver
      }
    }, 180_000)
  })
})
