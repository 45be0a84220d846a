/**
 * Runs the isolation kit against Watertight itself, `npm run prove`, or with `--stacks` against stacks that others wrote. With
 * `--json`, one JSON object is the last line.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { installPeers } from './install-peers.ts'

const parameters = process.argv.slice(2)
process.exitCode = parameters.includes('--stacks')
  ? proveStacks()
  : run('packages/watertight/test/proof/run-proof.ts', parameters)

/** The packages of the stacks are installed when first asked for. They use the library as it is built, as its users do. */
function proveStacks(): number {
  const asked = parameters.filter((parameter) => parameter !== '--stacks')
  if (!asked.includes('--help') && !asked.includes('-h')) {
    installPeers('conformance')
    const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: ['inherit', 2, 'inherit'] })
    if (status !== 0) return 2
  }
  return run('conformance/stacks.ts', asked)
}

function run(program: string, list: readonly string[]): number {
  const path = fileURLToPath(new URL(`../${program}`, import.meta.url))
  return spawnSync(process.execPath, [path, ...list], { stdio: 'inherit' }).status ?? 2
}
