/**
 * Runs the cases of the isolation kit against stacks that others wrote: `npm run prove -- --stacks`.
 *
 * What leaks is a finding, and the exit code stays 0. It is 2 where the kit cannot tell a leak, or a stack could not be set up.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { writePage } from './kit/page.ts'
import type { Seen } from './kit/page.ts'
import { runStack } from './kit/run-stack.ts'
import { openServices } from './kit/services.ts'
import { silence } from './kit/silence.ts'
import type { Stack } from './kit/stack.ts'
import { printTable } from './kit/table.ts'
import { judgeKit } from './kit/verdict.ts'
import { versionOf } from './kit/versions.ts'

/** Each is a file of stacks/, in the order in which they are told. */
const names = [
  'langgraph-store',
  'langgraph-store-exact',
  'langgraph-checkpointer',
  'keyv',
  'unstorage',
  'mem0',
  'mastra-memory',
  'ai-sdk-approvals',
]

const usage = `npm run prove -- --stacks [--only NAMES] [--seed N] [--json] [--write-docs]

  --only NAMES   stacks, separated by commas; all unless given: ${names.join(', ')}
  --seed N       what canaries depend on; 1 unless given
  --json         ends with one JSON object
  --write-docs   writes what was seen into docs/stacks.md

Exit code 0 where the kit behaves, whatever leaked; 2 where it does not, or a stack could not be set up.`

/** No stack takes longer: one that hangs must not pass. */
const stackTimeout = 5 * 60_000

silence() // before the first stack is imported
process.exitCode = await run().catch((error: unknown) => {
  if (!(error instanceof TypeError)) throw error
  console.error(`${error.message}\n\n${usage}`)
  return 2
})
// A stack that hangs, or that leaves something open, must not keep the command from its end.
setTimeout(() => process.exit(), 5_000).unref()

async function run(): Promise<number> {
  const asked = readArguments()
  if (asked === undefined) return 0
  const seen: Seen[] = []
  const broken: string[] = []
  for (const name of asked.names) {
    try {
      seen.push(await attack(name, asked.seed))
    } catch (error) {
      console.error(error)
      broken.push(`${name} could not be set up: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const rows = seen.map(({ row }) => row)
  broken.push(...judgeKit(rows))
  if (rows.length > 0) console.log(printTable(rows))
  for (const fault of broken) console.error(`\n${fault}`)
  if (asked.writeDocs && broken.length === 0) writeDocs(seen)
  if (asked.json) console.log(JSON.stringify(broken.length === 0 ? { stacks: rows } : { stacks: rows, broken }))
  return broken.length === 0 ? 0 : 2
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(usage)
    return undefined
  }
  const seed = Number(values.seed)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new TypeError('--seed takes a whole number from 0.')
  const only = values.only.split(',').filter((name) => name !== '')
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new TypeError(`There is no stack ${unknown}. The stacks are ${names.join(', ')}.`)
  const chosen = only.length === 0 ? names : names.filter((name) => only.includes(name))
  if (values['write-docs'] && chosen !== names)
    throw new TypeError('--write-docs writes of all stacks: leave --only out.')
  return { names: chosen, seed, json: values.json, writeDocs: values['write-docs'] }
}

async function attack(name: string, seed: number): Promise<Seen> {
  console.error(`${name} ...`)
  const { stack }: { stack: Stack } = await import(new URL(`stacks/${name}.ts`, import.meta.url).href)
  await using services = openServices()
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('It did not end in five minutes.')), stackTimeout).unref()
  })
  const row = await Promise.race([runStack(stack, { services, seed, version: versionOf(stack.packages[0]) }), late])
  console.error(`${name}: ${row.leaks} of ${row.cases} cases leaked`)
  return { stack, row }
}

function writeDocs(seen: readonly Seen[]): void {
  const page = new URL('../docs/stacks.md', import.meta.url)
  const day = new Date().toISOString().slice(0, 10)
  writeFileSync(page, writePage(readFileSync(page, 'utf8'), { day, seen, versionOf }))
}
