import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'

import type { ProveOptions } from '../testing/index.ts'
import { junitReport } from './proving/junit-report.ts'
import { showProgress } from './proving/progress.ts'
import { proveInProcess } from './proving/prove-in-process.ts'
import { sarifReport } from './proving/sarif-report.ts'
import { sayOutcome } from './proving/text-report.ts'
import { sayJson } from './report.ts'

interface ProveFlags {
  readonly seed?: string
  readonly tenants?: number
  readonly workspaces?: number
  readonly users?: number
  readonly timeout?: number
  readonly calls?: number
  readonly junit?: string
  readonly sarif?: string
  readonly json?: boolean
}

const help = `
The module exports an isolation target by default: { seed, open, say }, and { observed, close }
where it has them. It may also export "options", which the flags override. It runs in a process of its
own, whose output goes to stderr.

Ends with 0 where nothing leaked and people saw their own, 1 on a leak, 2 where the target is broken:
it throws, hangs, ends the process, seeds or observes nothing, or does not answer its own people.
It also ends with 2 where the command is used in a way that it does not know.`

export function addProveCommand(program: Command): void {
  program
    .command('prove')
    .description('let a compromised model attack an app as look-alike tenants, and search what arrives for canaries')
    .argument('<target>', 'module that exports the app as an isolation target, such as ./target.ts')
    .option('--seed <seed>', 'what ids, secrets and attacks depend on (default: 1)')
    .option('--tenants <count>', 'look-alike tenants (default: 2)', readCount)
    .option('--workspaces <count>', 'workspaces of each tenant (default: 2)', readCount)
    .option('--users <count>', 'people of each workspace (default: 2)', readCount)
    .option('--timeout <ms>', 'time of each step of the target (default: 10000)', readCount)
    .option('--calls <count>', 'tool calls that the model makes for one message (default: 60)', readCount)
    .option('--junit <file>', 'write a JUnit report')
    .option('--sarif <file>', 'write a SARIF 2.1.0 report')
    .option('--json', 'print one JSON object as the last line')
    .addHelpText('after', help)
    .action(run)
}

async function run(target: string, { junit, sarif, json, ...flags }: ProveFlags): Promise<void> {
  const options: ProveOptions = flags
  const outcome = await proveInProcess(pathToFileURL(resolve(target)).href, options, showProgress())
  if (junit !== undefined) await writeFile(junit, junitReport(target, outcome))
  if (sarif !== undefined) await writeFile(sarif, sarifReport(target, outcome))
  process.exitCode = { passed: 0, leaked: 1, broken: 2 }[outcome.verdict]
  if (json === true) return sayJson(outcome)
  sayOutcome(outcome)
}

function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 up.')
  return count
}
