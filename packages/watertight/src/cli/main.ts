import { Command } from 'commander'

import { addCheckCommand } from './check.ts'
import { addMigrateCommand } from './migrate.ts'
import { addProtectCommand } from './protect.ts'
import { addProveCommand } from './prove.ts'
import { reportError } from './report.ts'

const program = new Command('watertight')
  .description('Keeps each customer’s context inside its own compartment.')
  .showHelpAfterError()
addMigrateCommand(program)
addProtectCommand(program)
addCheckCommand(program)
addProveCommand(program)

try {
  await program.parseAsync()
} catch (error) {
  reportError(error)
}
