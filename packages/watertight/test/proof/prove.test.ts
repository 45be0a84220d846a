import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { judge } from './verdict.ts'

const program = fileURLToPath(new URL('run-proof.ts', import.meta.url))

/** Runs the command as people do. */
function runProof(
  ...parameters: readonly string[]
): Promise<{ code: number | string | null | undefined; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...parameters], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, said: stdout.trim() || stderr }),
    )
  })
}

describe('a short proof', () => {
  test('should pass as a command, with JSON as its last line', async () => {
    const { code, said } = await runProof('--quick', '--seed', '3', '--json')
    const { cases, pending, worlds, incidents, mutants, renderings, ...breaches } = JSON.parse(
      said.split('\n').at(-1) ?? '',
    )
    expect([breaches, code], said).toEqual([{ leaks: 0, divergences: 0, falseAlarms: 0 }, 0])
    expect(incidents).toEqual({ caught: 38, total: 38, ours: 28, pending: 10 })
    expect(cases).toBeGreaterThanOrEqual(20)
    expect(pending).toBeGreaterThan(0)
    expect(worlds).toBe(120)
    expect(mutants.total).toBeGreaterThanOrEqual(15)
    expect(renderings.total).toBeGreaterThanOrEqual(60)
    expect([mutants.killed, renderings.found]).toEqual([mutants.total, renderings.total])
  }, 600_000)

  test.each([['--only', 'wordls'], ['--seed', 'x'], ['--everything']])(
    'should prove nothing, and say so, with %s %s',
    async (...parameters) => {
      const { code, said } = await runProof(...parameters)
      expect(code).toBe(2)
      expect(said).toContain('npm run prove')
    },
  )
})

describe('the verdict', () => {
  const passed = { name: 'a', seconds: 1, result: { counts: { worlds: 3, divergences: 0 }, failures: [], summary: '' } }
  const leaked = {
    name: 'b',
    seconds: 1,
    result: { counts: { worlds: 4, divergences: 1 }, failures: ['seen'], summary: '' },
  }
  const broken = { name: 'c', seconds: 1, broken: 'no database' }

  test('should add up the shares of a part', () => {
    expect(judge([passed, leaked]).counts).toEqual({ worlds: 7, divergences: 1 })
  })

  test('should never pass with a leak, a part that broke, or no part at all', () => {
    expect(judge([passed]).verdict).toBe('passed')
    expect(judge([passed, leaked]).verdict).toBe('leaked')
    expect(judge([passed, broken]).verdict).toBe('broken')
    expect(judge([broken, leaked]).verdict).toBe('leaked')
    expect(judge([]).verdict).toBe('broken')
  })
})
