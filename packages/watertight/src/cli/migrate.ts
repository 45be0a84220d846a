import type { Command } from 'commander'

import { migrateDatabase } from '../migrate/index.ts'
import { say, sayJson } from './report.ts'

interface MigrateFlags {
  readonly database?: string
  readonly appRole: string
  readonly migrations?: string
  readonly json?: boolean
}

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('create or update the schema wt with the owner’s login, and install the keys of WATERTIGHT_KEYS')
    .option('--database <url>', 'postgres:// address with the owner’s login (default: WATERTIGHT_OWNER_DATABASE)')
    .requiredOption('--app-role <name>', 'the login that the server uses; it owns nothing')
    .option(
      '--migrations <folder>',
      'numbered *.sql files of your own, applied after ours; :"app" stands for the app role',
    )
    .option('--json', 'print one JSON object as the last line')
    .action(run)
}

async function run(flags: MigrateFlags): Promise<void> {
  const database = flags.database ?? process.env['WATERTIGHT_OWNER_DATABASE']
  if (database === undefined) throw new TypeError('migrate needs --database, or WATERTIGHT_OWNER_DATABASE.')
  const { applied, madeKeys } = await migrateDatabase({
    database,
    appRole: flags.appRole,
    ...(flags.migrations === undefined ? {} : { applicationMigrations: flags.migrations }),
    onApplied: (name) => {
      if (flags.json !== true) say('done', name)
    },
  })
  if (flags.json === true) return sayJson({ applied, ...(madeKeys === undefined ? {} : { madeKeys }) })
  say('done', applied.length === 0 ? 'the schema is up to date' : `${applied.length} files applied`)
  if (madeKeys !== undefined) {
    say('note', 'Keys were made. Keep them where your secrets are; they are printed this once:')
    process.stdout.write(`WATERTIGHT_KEYS=${madeKeys}\n`)
  }
}
