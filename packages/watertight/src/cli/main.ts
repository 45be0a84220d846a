import { readFileSync } from 'node:fs'

import { Command, CommanderError } from 'commander'

import { addApprovalsCommand } from './approvals.ts'
import { addCheckCommand } from './check.ts'
import { addMigrateCommand } from './migrate.ts'
import { addProtectCommand } from './protect.ts'
import { addProveCommand } from './prove.ts'
import { reportError, reportMisuse } from './report.ts'

const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library's own manifest, packed with it
const { version } = JSON.parse(manifest) as { readonly version: string }
const program = new Command('watertight')
  .version(version)
  .description('Keeps each customer’s context inside its own compartment.')
  .showHelpAfterError()
  .exitOverride()
addMigrateCommand(program)
addProtectCommand(program)
addCheckCommand(program)
addProveCommand(program)
addApprovalsCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  const json = process.argv.includes('--json')
  if (error instanceof CommanderError) reportMisuse(error, json)
  else reportError(error, json)
}
