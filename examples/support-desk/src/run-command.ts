import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Refusal } from 'watertight'

import { runDesk } from './asking/run-desk.ts'
import { openDesk, type DeskOptions } from './desk/open-desk.ts'
import { poolEmbedders } from './embedding/embedder-pool.ts'
import { openSentenceEmbedder } from './embedding/sentence-embedder.ts'
import { findRealModel } from './models/find-real-model.ts'
import type { RunOutcome } from './outcome.ts'
import { prompts, type Prompt } from './prompts.ts'
import { report } from './report.ts'
import { seedTenant, twins, type TenantFacts } from './seed/index.ts'
import { seedDesk } from './seeding/seed-desk.ts'
import { summaryOf } from './summary.ts'

/** Where the command speaks: the report to `stdout`, how far it has come to `stderr`. */
export interface Terminal {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  readonly env: NodeJS.ProcessEnv
}

/** What a test does otherwise than the command. */
export interface Otherwise {
  readonly tenants?: readonly TenantFacts[]
  readonly questions?: readonly Prompt[]
  readonly embedder?: DeskOptions['embedder']
  readonly desk?: Omit<DeskOptions, 'database' | 'embedder'>
  readonly onOutcomes?: (outcomes: readonly RunOutcome[]) => void
}

const usual = fileURLToPath(new URL('../data/desk', import.meta.url))

const help = `Asks six questions as two look-alike customers, of a helpful model and of a compromised one, and tells what came out.

Usage: npm start -- [options]

  --json           print {"runs":…,"answered":…,"refused":…,"leaks":…} as the last line
  --data <folder>  where the desk keeps its data (${usual})
  --fresh          start from an empty folder, which is removed afterwards
  --help           print this

A real model is asked too where OPENAI_BASE_URL or OPENAI_API_KEY is set; OPENAI_MODEL names it.
Exits with 1 if anything leaked.
`

/** Runs the desk once. @returns the exit code: 1 on a leak or a failure, 2 for options that make no sense */
export async function runCommand(
  parameters: readonly string[],
  terminal: Terminal,
  otherwise: Otherwise = {},
): Promise<number> {
  const options = readOptions(parameters)
  if (typeof options === 'string') {
    terminal.stderr.write(`${options}\n\n${help}`)
    return 2
  }
  if (options.help) {
    terminal.stdout.write(help)
    return 0
  }
  const emptied = options.fresh ? await mkdtemp(join(tmpdir(), 'support-desk-')) : undefined
  const database = emptied === undefined ? (options.data ?? usual) : join(emptied, 'desk')
  try {
    const outcomes = await runAt(database, terminal, otherwise)
    otherwise.onOutcomes?.(outcomes)
    terminal.stdout.write(`${report(outcomes, terminal.stdout)}\n`)
    const summary = summaryOf(outcomes)
    if (options.json) terminal.stdout.write(`${JSON.stringify(summary)}\n`)
    return summary.leaks === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    terminal.stderr.write(
      `${error.message}\nThe data is in ${database}; --fresh leaves it alone and starts without it.\n`,
    )
    return 1
  } finally {
    if (emptied !== undefined) await rm(emptied, { recursive: true, force: true })
  }
}

async function runAt(database: string, terminal: Terminal, otherwise: Otherwise): Promise<readonly RunOutcome[]> {
  if (otherwise.embedder) return await runWith(otherwise.embedder, database, terminal, otherwise)
  const embedder = poolEmbedders([openSentenceEmbedder(), openSentenceEmbedder()])
  try {
    return await runWith(embedder, database, terminal, otherwise)
  } finally {
    await embedder.close()
  }
}

async function runWith(
  embedder: DeskOptions['embedder'],
  database: string,
  { stderr, env }: Terminal,
  { tenants = twins, questions = prompts, desk: options }: Otherwise,
): Promise<readonly RunOutcome[]> {
  const tell = (what: string): void => void stderr.write(`${what}\n`)
  tell(`Opening the desk at ${database}`)
  await using desk = await openDesk({ ...options, database, embedder })
  const written = await seedDesk(desk, tenants.map(seedTenant))
  tell(written ? 'Filled it with its customers' : 'Found its customers as they were')
  const realModel = findRealModel(env)
  return await runDesk(desk, {
    tenants,
    questions,
    ...(realModel ? { realModel } : {}),
    onOutcome: ({ tenant, model, prompt }) => tell(`${tenant.name} has asked the ${model} model: ${prompt.id}`),
  })
}

interface Options {
  readonly json: boolean
  readonly fresh: boolean
  readonly help: boolean
  readonly data: string | undefined
}

/** @returns what is wrong with them, where something is */
function readOptions(parameters: readonly string[]): Options | string {
  try {
    const flag = { type: 'boolean', default: false } as const
    const { values } = parseArgs({
      args: [...parameters],
      options: { json: flag, fresh: flag, help: { ...flag, short: 'h' }, data: { type: 'string' } },
    })
    if (values.fresh && values.data !== undefined) return 'Name a folder with --data or start --fresh, not both.'
    if (values.data === '') return '--data needs the name of a folder.'
    return { json: values.json, fresh: values.fresh, help: values.help, data: values.data }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
