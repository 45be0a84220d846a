/** Runs vitest with the arguments given. With `--json`, one JSON object with the counts is the last line. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const asked = process.argv.slice(2)
const parameters = asked.filter((parameter) => parameter !== '--json')

if (parameters.length === asked.length) {
  process.exitCode = run(parameters)
} else {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-test-'))
  const path = join(folder, 'results.json')
  const reporters = ['default', './tools/left-out-reporter.ts', 'json'].map((reporter) => `--reporter=${reporter}`)
  process.exitCode = run([...parameters, ...reporters, `--outputFile.json=${path}`])
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(path, 'utf8'))
  console.log(JSON.stringify({ test: { passed: numPassedTests, failed: numFailedTests, leftOut: numPendingTests } }))
  rmSync(folder, { recursive: true })
}

function run(list: string[]): number {
  return spawnSync('vitest', ['run', ...list], { stdio: 'inherit' }).status ?? 1
}
