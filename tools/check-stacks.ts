/** Checks the types of the stacks in conformance/, where their packages are installed: `npm run prove -- --stacks` does it. */
import { spawnSync } from 'node:child_process'

import { peersAreInstalled } from './install-peers.ts'

if (peersAreInstalled('conformance')) {
  process.exitCode = spawnSync('tsc', ['-p', 'conformance/stacks'], { stdio: 'inherit' }).status ?? 1
} else {
  console.log('left out: the packages of conformance/ are not installed; `npm run prove -- --stacks` installs them')
}
