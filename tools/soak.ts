/** Kills processes that use one part of the library, again and again: `npm run soak -- store --rounds 100`. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../packages/watertight/test/soak/', import.meta.url))
const names = globSync('*/main.ts', { cwd: folder }).map((file) => dirname(file))

const usage = `npm run soak -- NAME [--rounds N] [--engine ENGINE] [--fault FAULT] [--json]

  NAME              ${names.join(', ')}
  --rounds N        how many processes of each engine are killed; 20 unless given
  --engine ENGINE   pglite or postgres alone; both unless given
  --fault FAULT     plants a defect that the soak must find; an unknown name is answered with the list
  --json            ends with one JSON object

Exit code 1 when anything was lost, doubled, torn or unknown.`

const [name, ...parameters] = process.argv.slice(2)
if (name === '--help' || name === '-h') {
  console.log(usage)
} else if (name === undefined || !names.includes(name)) {
  console.error(`Name what to soak.\n\n${usage}`)
  process.exitCode = 2
} else {
  const { status } = spawnSync(process.execPath, [`${folder}${name}/main.ts`, ...parameters], { stdio: 'inherit' })
  process.exitCode = status ?? 1
}
