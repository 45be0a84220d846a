import { parseArgs } from 'node:util'

import { printRows } from './report.ts'
import type { Row } from './report.ts'
import { fullScale, quickScale } from './scale.ts'
import type { Scale } from './scale.ts'

/** A part of a benchmark: what `--only` names. */
export interface Part {
  readonly name: string
  /** why it cannot be measured here, such as a server that is not there; `undefined` when it can */
  readonly findMissing?: () => Promise<string | undefined>
  readonly measure: (scale: Scale) => Promise<readonly Row[]>
}

/** Runs the parts that the command line asks for, and prints their rows. */
export async function runParts(bench: string, parts: readonly Part[]): Promise<void> {
  const { values: asked } = parseArgs({
    options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string' } },
  })
  const scale = asked.quick ? quickScale : fullScale
  const chosen = parts.filter(({ name }) => asked.only === undefined || asked.only === name)
  if (chosen.length === 0) throw new TypeError(`--only takes ${parts.map(({ name }) => name).join(', ')}.`)
  const rows: Row[] = []
  const leftOut: string[] = []
  for (const { name, findMissing, measure } of chosen) {
    const missing = await findMissing?.()
    if (missing !== undefined) {
      leftOut.push(`${name} (${missing})`)
      continue
    }
    console.error(`measuring ${name} ...`)
    rows.push(...(await measure(scale)))
  }
  if (scale.quick) console.log('--quick: these figures only show that the benchmark runs.')
  printRows(bench, rows, leftOut, asked.json ?? false)
}
