import type { Command } from 'commander'

import { openWatertight, ServeRefused, session } from '../index.ts'
import { say, sayJson } from './report.ts'

interface CheckFlags {
  readonly database?: string
  readonly pooling?: 'transaction'
  readonly json?: boolean
}

export function addCheckCommand(program: Command): void {
  program
    .command('check')
    .description('ask the database whether isolation would hold for the server’s login, as every start does')
    .option(
      '--database <url>',
      'postgres:// address with the server’s login, or a data folder (default: WATERTIGHT_DATABASE)',
    )
    .option('--pooling <mode>', 'transaction, where a transaction pooler stands between')
    .option('--json', 'print one JSON object as the last line')
    .action(run)
}

async function run(flags: CheckFlags): Promise<void> {
  const database = flags.database ?? process.env['WATERTIGHT_DATABASE']
  if (database === undefined) throw new TypeError('check needs --database, or WATERTIGHT_DATABASE.')
  const findings = await findingsOf(database, flags.pooling)
  if (flags.json === true) sayJson({ ok: findings.length === 0, findings })
  else if (findings.length === 0) say('done', 'isolation holds for this login')
  else for (const finding of findings) say('wrong', finding)
  if (findings.length > 0) process.exitCode = 1
}

async function findingsOf(database: string, pooling: CheckFlags['pooling']): Promise<readonly string[]> {
  try {
    const opened = await openWatertight({
      database,
      identity: session(),
      surfaces: [],
      ...(pooling === undefined ? {} : { pooling }),
    })
    await opened.close()
    return []
  } catch (error) {
    if (error instanceof ServeRefused) return error.findings
    throw error
  }
}
