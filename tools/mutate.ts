/**
 * Changes the code that decides, one small thing at a time, and looks whether a unit test notices: `npm run mutate`. Stryker
 * has a lock file of its own in mutation/, and is installed when first asked for.
 */
import { spawnSync } from 'node:child_process'
import { globSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { explain } from '../mutation/explain.ts'
import type { Explained } from '../mutation/explain.ts'
import { readReport, scoreOf } from '../mutation/read-report.ts'
import type { FileResult } from '../mutation/read-report.ts'
import config from '../mutation/stryker.config.ts'
import { installPeers } from './install-peers.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = `${root}mutation/`
const goal = 90

const usage = `npm run mutate [-- --only FILE] [--json]

  --only FILE   one file, by its path or the end of it; may be given several times
  --json        ends with one JSON object

Exit code 1 when the score is under ${goal} %, a survivor is not explained in mutation/survivors.json, or an explanation is
stale.`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const files = findFiles(values.only)
if (values.help) {
  console.log(usage)
} else if (files.length === 0) {
  console.error(`No file that is mutated is called ${values.only.join(' or ')}.\n\n${usage}`)
  process.exitCode = 2
} else {
  installPeers('mutation')
  mutate(files)
  const results = readReport(`${root}${config.jsonReporter.fileName}`)
  const found = explain(results, `${folder}survivors.json`)
  printResults(results, found)
  const ok = scoreOf(results) >= goal && found.unexplained.length === 0 && found.stale.length === 0
  if (values.json) console.log(JSON.stringify(toJson(results, found, ok)))
  process.exitCode = ok ? 0 : 1
}

function findFiles(only: readonly string[]): readonly string[] {
  const all = config.mutate.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted()
  return only.length === 0 ? all : all.filter((file) => only.some((name) => `/${file}`.endsWith(`/${name}`)))
}

function mutate(list: readonly string[]): void {
  rmSync(`${root}${config.jsonReporter.fileName}`, { force: true }) // an old one must not be taken for this run's
  const program = `${folder}node_modules/@stryker-mutator/core/bin/stryker.js`
  const parameters = ['run', 'mutation/stryker.config.ts', '--mutate', list.join(',')]
  const { status } = spawnSync(process.execPath, [program, ...parameters], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

function printResults(results: readonly FileResult[], { explained, unexplained, stale }: Explained): void {
  const width = Math.max(...results.map(({ file }) => file.length))
  const row = (name: string, list: readonly FileResult[]) => {
    const survived = list.reduce((sum, { survivors }) => sum + survivors.length, 0)
    const noticed = list.reduce((sum, result) => sum + result.noticed, 0)
    const score = scoreOf(list).toFixed(1)
    return `${name.padEnd(width)}${score.padStart(7)}${String(noticed).padStart(9)}${String(survived).padStart(10)}`
  }
  console.log(`\n${'file'.padEnd(width)}  score  noticed  survived`)
  for (const result of results) console.log(row(result.file, [result]))
  console.log(row('all', results))
  for (const [reason, times] of leftOut(results)) console.log(`left out: ${times} (${reason})`)
  console.log(`survivors: ${explained} explained, ${unexplained.length} not`)
  for (const { file, at, mutator, line, becomes, reached } of unexplained)
    console.log(`\n${file}:${at} ${mutator}${reached ? '' : ', which no test reaches'}\n  - ${line}\n  + ${becomes}`)
  for (const key of stale) console.log(`\nstale explanation: ${key}`)
}

function leftOut(results: readonly FileResult[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>()
  for (const [reason, times] of results.flatMap((result) => Object.entries(result.leftOut)))
    all.set(reason, (all.get(reason) ?? 0) + times)
  return all
}

function toJson(results: readonly FileResult[], { explained, unexplained, stale }: Explained, ok: boolean): object {
  const round = (score: number) => Math.round(score * 10) / 10
  return {
    mutate: {
      ok,
      goal,
      score: round(scoreOf(results)),
      noticed: results.reduce((sum, { noticed }) => sum + noticed, 0),
      survived: explained + unexplained.length,
      leftOut: Object.fromEntries(leftOut(results)),
      files: Object.fromEntries(results.map((result) => [result.file, round(scoreOf([result]))])),
      unexplained,
      stale,
    },
  }
}
