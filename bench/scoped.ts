/**
 * What the guard costs: a read inside a boundary against the same SQL without one, on the same driver, in turns.
 *
 * `node scoped.ts [--json] [--quick] [--only ROW]`. A row that misses its goal is printed as missed, and the exit code
 * stays 0: on a busy machine a ratio can miss that holds on a quiet one, so nothing should hang on a single run.
 */
import { parseArgs } from 'node:util'

import { measureEmbedded } from './scoped/embedded.ts'
import { measureServer } from './scoped/server.ts'
import { measureTenants } from './scoped/tenants.ts'
import { findServer } from './support/find-server.ts'
import { printRows } from './support/report.ts'
import type { Row } from './support/report.ts'
import { fullScale, quickScale } from './support/scale.ts'
import type { Scale } from './support/scale.ts'

const { values: asked } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
})

interface Part {
  readonly name: string
  readonly server: boolean
  readonly measure: (scale: Scale) => Promise<readonly Row[]>
}

const parts: readonly Part[] = [
  { name: 'embedded', server: false, measure: measureEmbedded },
  { name: 'postgres', server: true, measure: measureServer },
  { name: 'tenants', server: true, measure: measureTenants },
]

const scale = asked.quick ? quickScale : fullScale
const chosen = parts.filter(({ name }) => asked.only === undefined || asked.only === name)
if (chosen.length === 0) throw new TypeError(`--only takes ${parts.map(({ name }) => name).join(', ')}.`)
const missing = await findServer()
const rows: Row[] = []
const leftOut: string[] = []
for (const { name, server, measure } of chosen) {
  if (server && missing !== undefined) {
    leftOut.push(`${name} (${missing})`)
    continue
  }
  console.error(`measuring ${name} ...`)
  rows.push(...(await measure(scale)))
}
if (scale.quick) console.log('--quick: these figures only show that the benchmark runs.')
printRows('scoped', rows, leftOut, asked.json ?? false)
