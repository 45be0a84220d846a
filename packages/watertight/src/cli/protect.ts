import type { Command } from 'commander'

import { protectTable } from '../migrate/index.ts'

interface ProtectFlags {
  readonly tenant: string
  readonly workspace: string
  readonly appRole?: string
}

export function addProtectCommand(program: Command): void {
  program
    .command('protect')
    .description('print the migration that puts a table of your own under row security on the boundary')
    .argument('<table>', 'table or schema.table')
    .option('--tenant <column>', 'the column that names the tenant', 'tenant_id')
    .option('--workspace <column>', 'the column that names the workspace', 'workspace_id')
    .option('--app-role <name>', 'the login that the server uses (default: the placeholder :"app")')
    .action((table: string, { tenant, workspace, appRole }: ProtectFlags) => {
      process.stdout.write(protectTable({ table, tenant, workspace, ...(appRole === undefined ? {} : { appRole }) }))
    })
}
