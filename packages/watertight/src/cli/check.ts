import type { Command } from 'commander'

import { checkDatabase } from '../migrate/index.ts'
import { say, sayJson } from './report.ts'

interface CheckFlags {
  readonly database?: string
  readonly pooling?: 'transaction'
  readonly unprotected?: readonly string[]
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
    .option('--unprotected <tables...>', 'tables that hold nobody’s data, as schema.table')
    .option('--json', 'print one JSON object as the last line')
    .action(run)
}

async function run(flags: CheckFlags): Promise<void> {
  const database = flags.database ?? process.env['WATERTIGHT_DATABASE']
  if (database === undefined) throw new TypeError('check needs --database, or WATERTIGHT_DATABASE.')
  for (const table of flags.unprotected ?? [])
    if (!table.includes('.'))
      throw new TypeError(`--unprotected takes schema.table: for ${table}, say public.${table}.`)
  const { findings, advice } = await checkDatabase({
    database,
    ...(flags.pooling === undefined ? {} : { pooling: flags.pooling }),
    ...(flags.unprotected === undefined ? {} : { unprotectedTables: flags.unprotected }),
  })
  if (findings.length > 0) process.exitCode = 1
  if (flags.json === true) return sayJson({ ok: findings.length === 0, findings, advice })
  for (const finding of findings) say('wrong', finding)
  if (findings.length === 0) say('done', 'isolation holds for this login')
  for (const one of advice) say('note', one)
}
