/**
 * What the guard of tools costs: ids that are resolved, the ledger of effects, and policies.
 *
 * `node tools.ts [--json] [--quick] [--only PART]`. A row that misses its goal is printed as missed, and the exit code
 * stays 0, as in `scoped.ts`.
 */
import { parseArgs } from 'node:util'

import { findServer } from './support/find-server.ts'
import { printRows } from './support/report.ts'
import type { Row } from './support/report.ts'
import { fullScale, quickScale } from './support/scale.ts'
import type { Scale } from './support/scale.ts'
import { measureCalls } from './tools/calls.ts'
import { measurePolicies } from './tools/policies.ts'

const { values: asked } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
})

interface Part {
  readonly name: string
  readonly server: boolean
  readonly measure: (scale: Scale) => Promise<readonly Row[]>
}

const parts: readonly Part[] = [
  { name: 'calls', server: true, measure: measureCalls },
  { name: 'policies', server: false, measure: measurePolicies },
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
printRows('tools', rows, leftOut, asked.json ?? false)
