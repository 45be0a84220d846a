/** Runs the isolation kit against Watertight itself: `npm run prove`. With `--json`, one JSON object is the last line. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../packages/watertight/test/proof/run-proof.ts', import.meta.url))
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 2
