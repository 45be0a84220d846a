/** Checks the packed library as its users' tools will read it: publint for the manifest, attw for the types of each subpath. */
import { spawnSync } from 'node:child_process'

const commands = [
  ['npm', 'run', '--silent', 'build'],
  ['publint', 'packages/watertight', '--strict'],
  ['attw', '--pack', 'packages/watertight', '--profile', 'esm-only', '--format', 'ascii'],
] as const

for (const [command, ...parameters] of commands) {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8' })
  if (status === 0) continue // what they print of a package in order is long, and no news
  console.error(`${stdout}${stderr}`)
  console.error(`${[command, ...parameters].join(' ')} failed.`)
  console.error('Most often packages/watertight/package.json names a file that the build does not make.')
  process.exit(1)
}
