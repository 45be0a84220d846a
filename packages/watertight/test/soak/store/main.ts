/** Kills processes that use the store, and tells whether anything acknowledged was lost or anything half is readable. */
import { parseArgs } from 'node:util'

import { chooseEngines } from '../targets.ts'
import type { EngineName } from '../targets.ts'
import type { Ledger, Verdict } from './ledger.ts'
import { faults } from './protocol.ts'
import { soakStore } from './rounds.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    engine: { type: 'string' },
    fault: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const rounds = Number(values.rounds)
if (!Number.isSafeInteger(rounds) || rounds < 1) throw new TypeError('--rounds takes a whole number from 1.')
const fault = faults.find((name) => name === values.fault)
if (values.fault !== undefined && fault === undefined) throw new TypeError(`--fault takes ${faults.join(', ')}.`)

// Both at once: each is slow by its own waiting, and one process of each dies in every round.
const engines = await chooseEngines(values.engine)
const ledgers = await Promise.all(
  engines.map((engine) =>
    soakStore({ engine, rounds, fault, onRound: (round, ledger) => tell(engine, round, ledger) }),
  ),
)
const verdict: Verdict = { lost: 0, doubled: 0, torn: 0, unknown: 0 }
for (const ledger of ledgers)
  for (const what of ['lost', 'doubled', 'torn', 'unknown'] as const) verdict[what] += ledger.verdict[what]
for (const finding of ledgers.flatMap(({ findings }) => findings).slice(0, 40)) console.log(finding)
const count = ledgers.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
console.log(`store: ${rounds} rounds on ${engines.join(' and ')}, ${count} writes acknowledged, ${inWords(verdict)}`)
if (values.json) console.log(JSON.stringify({ soak: 'store', rounds, ...verdict }))
process.exitCode = Object.values(verdict).every((wrong) => wrong === 0) ? 0 : 1

function tell(engine: EngineName, round: number, { acknowledged, verdict: soFar }: Ledger): void {
  const line = `${engine.padEnd(8)} round ${round} of ${rounds}, ${acknowledged} writes acknowledged, ${inWords(soFar)}`
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${round === rounds ? '\n' : ''}`)
  else if (round % 5 === 0 || round === rounds) console.error(line)
}

function inWords({ lost, doubled, torn, unknown }: Verdict): string {
  return `${lost} lost, ${doubled} doubled, ${torn} torn, ${unknown} unknown`
}
