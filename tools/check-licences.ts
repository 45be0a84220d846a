/** Keeps what users install permissive: every package that is not for development alone carries an accepted licence. */
import { execFileSync } from 'node:child_process'

const accepted = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'Apache-2.0',
  'Apache 2.0', // as usearch writes it
])

interface Package {
  name: string
  version: string
  license?: string
  location: string
  dev: boolean
}

// The selector `:not(.dev)` would leave out what is a development dependency here and a peer of our users, such as `pg`;
// the member `dev` is true only of what nothing but development needs.
const packages: Package[] = JSON.parse(execFileSync('npm', ['query', '*'], { encoding: 'utf8', maxBuffer: 2 ** 28 }))
const odd = packages.filter(({ dev, license }) => !dev && !isAccepted(license ?? ''))

for (const { name, version, license, location } of odd) {
  console.error(`${location || '.'}: ${name}@${version} has the licence "${license ?? 'none'}".`)
}
if (odd.length > 0) {
  console.error(
    'Depend on something else, make it a development dependency, or accept the licence in tools/check-licences.ts.',
  )
  process.exitCode = 1
}

/** A choice such as `(AFL-2.1 OR BSD-3-Clause)` is accepted when one of its members is; `AND` never is by itself. */
function isAccepted(license: string): boolean {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => accepted.has(choice))
}
