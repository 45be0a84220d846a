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
  const { applied, madeKeys, madeRole } = await migrateDatabase({
    database,
    appRole: flags.appRole,
    ...(flags.migrations === undefined ? {} : { applicationMigrations: flags.migrations }),
    onApplied: (name) => {
      if (flags.json !== true) say('done', name)
    },
  })
  if (flags.json === true)
    return sayJson({
      applied,
      ...(madeKeys === undefined ? {} : { madeKeys }),
      ...(madeRole ? { madeRole } : {}),
    })
  say('done', countOf(applied.length))
  if (madeRole)
    say(
      'note',
      `The role ${flags.appRole} was made, without a password. Set one in psql: \\password ${quote(flags.appRole)}`,
    )
  if (madeKeys !== undefined) {
    say('note', 'Keys were made. Keep them where your secrets are; they are printed this once:')
    process.stdout.write(`WATERTIGHT_KEYS=${madeKeys}\n`)
  }
}

function countOf(applied: number): string {
  if (applied === 0) return 'the schema is up to date'
  return applied === 1 ? '1 file applied' : `${applied} files applied`
}

// psql folds a name to lower case that is not quoted.
function quote(role: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(role) ? role : `"${role.replaceAll('"', '""')}"`
}
