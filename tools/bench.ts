/**
 * Runs one benchmark of bench/ by name: `npm run bench -- scoped`. Their peers have a lock file of their own and are
 * installed here, when first asked for, so that a newcomer's `npm ci` stays small.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { installPeers } from './install-peers.ts'

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const names = globSync('*.ts', { cwd: folder }).map((file) => file.slice(0, -'.ts'.length))

const usage = `npm run bench -- NAME [--json] [--quick] [--only PART]

  NAME          ${names.join(', ')}
  --json        ends with one JSON object
  --quick       a few rounds, which only show that it runs
  --only PART   one part of the benchmark`

const [name, ...parameters] = process.argv.slice(2)
if (name === '--help' || name === '-h') {
  console.log(usage)
} else if (name === undefined || !names.includes(name)) {
  console.error(`Name a benchmark.\n\n${usage}`)
  process.exitCode = 2
} else {
  installPeers('bench')
  const { status } = spawnSync(process.execPath, [`${folder}${name}.ts`, ...parameters], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
