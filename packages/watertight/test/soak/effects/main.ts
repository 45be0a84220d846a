/** Kills processes in the middle of effects, and tells whether any was made twice, is lost, or is in doubt and unnamed. */
import { parseArgs } from 'node:util'

import { chooseEngines } from '../targets.ts'
import type { EngineName } from '../targets.ts'
import type { Ledger, Verdict } from './ledger.ts'
import { faults } from './protocol.ts'
import { soakEffects } from './rounds.ts'

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
    soakEffects({ engine, rounds, fault, onRound: (round, ledger) => tell(engine, round, ledger) }),
  ),
)
const sum = (count: (ledger: Ledger) => number) => ledgers.reduce((total, ledger) => total + count(ledger), 0)
const verdict: Verdict = {
  doubled: sum((ledger) => ledger.verdict.doubled),
  lost: sum((ledger) => ledger.verdict.lost),
  unnamed: sum((ledger) => ledger.verdict.unnamed),
  leaked: sum((ledger) => ledger.verdict.leaked),
  mistaken: sum((ledger) => ledger.verdict.mistaken),
}
const counts = {
  called: sum(({ called }) => called),
  done: sum(({ done }) => done),
  unknown: sum(({ unknown }) => unknown),
  excused: sum(({ excused }) => excused),
}
for (const finding of ledgers.flatMap(({ findings }) => findings).slice(0, 40)) console.log(finding)
const told = `${counts.called} calls, ${counts.done} answered, ${counts.unknown} unknown for a time, ${counts.excused} excused`
console.log(`effects: ${rounds} rounds on ${engines.join(' and ')}, ${told}; ${inWords(verdict)}`)
if (values.json) console.log(JSON.stringify({ soak: 'effects', rounds, ...counts, ...verdict }))
process.exitCode = Object.values(verdict).every((wrong) => wrong === 0) ? 0 : 1

function tell(engine: EngineName, round: number, { called, verdict: soFar }: Ledger): void {
  const line = `${engine.padEnd(8)} round ${round} of ${rounds}, ${called} calls, ${inWords(soFar)}`
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${round === rounds ? '\n' : ''}`)
  else if (round % 5 === 0 || round === rounds) console.error(line)
}

function inWords({ doubled, lost, unnamed, leaked, mistaken }: Verdict): string {
  return `${doubled} doubled, ${lost} lost, ${unnamed} unnamed, ${leaked} leaked, ${mistaken} mistaken`
}
