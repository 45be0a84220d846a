/** Proves that Watertight holds, with its own kit: `npm run prove`. */
import { parseArgs } from 'node:util'

import { parts } from './parts.ts'
import { prove } from './prove.ts'
import type { PartOutcome } from './verdict.ts'

const usage = `npm run prove [-- --only NAMES] [--seed N] [--quick] [--json]
npm run prove -- --stacks    stacks that others wrote, instead of Watertight itself; --stacks --help says more

  --only NAMES   parts, separated by commas; all unless given: ${Object.keys(parts).join(', ')}
                 (worlds is all that begin with worlds/)
  --seed N       what scripts, histories and canaries depend on; 1 unless given
  --quick        a small part of each, in a minute or less
  --json         ends with one JSON object

Exit code 1 on a leak, a divergence or a miss; 2 when a part could not run.`

try {
  process.exitCode = await run()
} catch (error) {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n\n${usage}`) // an option that nobody understands: nothing was proved
  process.exitCode = 2
}

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const seed = Number(values.seed)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError('--seed takes a whole number from 0.')
  const only = values.only.split(',').filter((name) => name !== '')
  const progress = (part: string, said: string) => console.error(`${part.padEnd(14)} ${said}`)
  const { outcomes, counts, verdict } = await prove({ quick: values.quick, seed, only, progress })
  printOutcomes(outcomes)
  console.log(`${verdict}, with seed ${seed}`)
  if (values.json) console.log(JSON.stringify(counts))
  return { passed: 0, leaked: 1, broken: 2 }[verdict]
}

function printOutcomes(outcomes: readonly PartOutcome[]): void {
  for (const { result, broken } of outcomes)
    for (const failure of result?.failures ?? [broken]) console.log(`${failure}\n`)
  for (const { result } of outcomes) if (result?.table !== undefined) console.log(`${result.table}\n`)
  const wide = Math.max(...outcomes.map(({ name }) => name.length))
  for (const { name, seconds, result } of outcomes) {
    const word = result === undefined ? 'broken' : result.failures.length === 0 ? 'passed' : 'LEAKED'
    console.log(
      `${word}  ${name.padEnd(wide)}  ${`${seconds} s`.padStart(8)}  ${result?.summary ?? 'nothing was proved'}`,
    )
  }
}
