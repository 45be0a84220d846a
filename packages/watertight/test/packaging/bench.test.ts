import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { describe, expect, test } from 'vitest'

import { whenReachable } from '../support/require.ts'

const run = promisify(execFile)
const folder = fileURLToPath(new URL('../../../../bench/', import.meta.url))

interface Row {
  name: string
  value: number
  unit: string
  goal: number
  ok: boolean
  peers: Record<string, number>
}

/** What a benchmark says in the one JSON object at its end. A few rounds: the figures mean nothing. */
async function runQuickly(name: string): Promise<{ bench: string; rows: Row[] }> {
  const { stdout } = await run(process.execPath, [`${folder}${name}.ts`, '--quick', '--json'])
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}

describe('the benchmark of scoped reads', () => {
  whenReachable('postgres', () => {
    test('should end with one JSON object that holds its five rows', async () => {
      const { bench, rows } = await runQuickly('scoped')
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
      const { bench, rows } = await runQuickly('tools')
      expect(bench).toBe('tools')
      expect(rows.map(({ name, unit, goal }) => [name, unit, goal])).toEqual([
        ['guard-three-ids-roundtrips', 'round trips', 1],
        ['guard-three-ids-postgres', 'ms', 0.4],
        ['effect-ledger-postgres', 'round trips', 2],
        ['policy-default', 'us', 5],
        ['policy-cedar', 'us', 500],
      ])
      for (const { value, goal, ok, peers } of rows) {
        expect(ok).toBe(value <= goal)
        expect(Object.values(peers).filter((peer) => !Number.isFinite(peer))).toEqual([])
      }
      // Flights are counted, not timed: they are the same on a busy machine.
      const counted = new Map(rows.map(({ name, value }) => [name, value]))
      expect(counted.get('guard-three-ids-roundtrips')).toBe(1)
      expect(counted.get('effect-ledger-postgres')).toBeLessThanOrEqual(2)
      // A way past the pool of the counter would count nothing, and a statement would count as many as it has answers.
      expect(rows[0]?.peers).toEqual({ 'raw-each': 3 })
      expect(rows[2]?.peers).toMatchObject({ 'raw-ledger': 2 })
    }, 180_000)
  })
})
