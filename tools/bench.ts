/**
 * Runs one benchmark of bench/ by name: `npm run bench -- scoped`. Their peers have a lock file of their own and are
 * installed here, when first asked for, so that a newcomer's `npm ci` stays small.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
  installPeers()
  process.exitCode = run(process.execPath, [`${folder}${name}.ts`, ...parameters])
}

// The mark says which lock file was installed: another one, or an installation that broke off, is installed again.
function installPeers(): void {
  const mark = `${folder}node_modules/.installed`
  const lock = createHash('sha256')
    .update(readFileSync(`${folder}package-lock.json`))
    .digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return
  console.error('installing the peers of the benchmarks ...')
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  if (status !== 0) process.exit(status)
  writeFileSync(mark, lock)
}

/** Standard output is the benchmark's alone: its last line may be JSON. */
function run(command: string, list: readonly string[], cwd?: string): number {
  const install = command === 'npm'
  const { status } = spawnSync(command, list, { cwd, stdio: ['inherit', install ? 2 : 'inherit', 'inherit'] })
  return status ?? 1
}
