import { expect, test } from 'vitest'

import { buildWithout, layers } from '../support/without-layer.ts'
import type { Layer } from '../support/without-layer.ts'

/** Runs the support desk as `npm start` does, in a test build. */
async function start(off: readonly Layer[]) {
  using build = buildWithout(off, { example: true })
  const { code, stdout, stderr } = await build.run('examples/support-desk/dist/main.js', ['--fresh', '--json'], 500)
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(last, stderr).toMatch(/^\{"runs":/)
  const { runs, leaks } = JSON.parse(last) as { readonly runs: number; readonly leaks: number }
  return { code, runs, leaks }
}

test('should start and end well in an untouched copy', async () => {
  expect(await start([])).toEqual({ code: 0, runs: 24, leaks: 0 })
}, 600_000)

test('should end with exit code 1, and count what leaked, where no layer is left', async () => {
  const { code, runs, leaks } = await start(layers)
  expect({ code, runs }).toEqual({ code: 1, runs: 24 })
  expect(leaks).toBeGreaterThan(20)
}, 600_000)
