import { existsSync } from 'node:fs'

import type { Command } from 'commander'

import { FolderRefused, openWatertight, session } from '../index.ts'
import type { Approval, CompartmentApprovals } from '../index.ts'
import { say, sayJson, sayResult } from './report.ts'

interface ApprovalsFlags {
  readonly database?: string
  readonly tenant: string
  readonly workspace: string
  readonly user: string
  readonly issuer?: string
  readonly pooling?: 'transaction'
  readonly unprotected?: readonly string[]
  readonly json?: boolean
}

/** `watertight approvals`: what waits for a person's consent, and the person's word on it, in that person's own boundary. */
export function addApprovalsCommand(program: Command): void {
  const approvals = program
    .command('approvals')
    .description('list the calls that wait for a person’s consent, approve or deny one, as a member of the workspace')
    .requiredOption('--tenant <id>', 'the tenant, by the app’s id')
    .requiredOption('--workspace <id>', 'the workspace')
    .requiredOption('--user <id>', 'who decides; the shell that runs this vouches for them')
    .option('--issuer <name>', 'under which the directory knows that user (default: session)')
    .option(
      '--database <url>',
      'postgres:// address with the server’s login, or a data folder (default: WATERTIGHT_DATABASE)',
    )
    .option('--pooling <mode>', 'transaction, where a transaction pooler stands between')
    .option('--unprotected <tables...>', 'tables that hold nobody’s data, as schema.table')
    .option('--json', 'print one JSON object as the last line')
    .configureHelp({ showGlobalOptions: true })
  const flags = () => approvals.opts<ApprovalsFlags>()
  approvals
    .command('list')
    .description('the requests that this member may decide, and their own')
    .action(() => within(flags(), async (desk) => list(await desk.list(), flags().json === true)))
  for (const verdict of ['approve', 'deny'] as const)
    approvals
      .command(`${verdict} <id>`)
      .description(
        verdict === 'approve' ? 'consent to one call with exactly its arguments, once' : 'say no to one call',
      )
      .action((id: string) => within(flags(), (desk) => decide(desk, verdict, id, flags().json === true)))
}

async function within(flags: ApprovalsFlags, work: (approvals: CompartmentApprovals) => Promise<void>): Promise<void> {
  const database = flags.database ?? process.env['WATERTIGHT_DATABASE']
  if (database === undefined) throw new TypeError('approvals needs --database, or WATERTIGHT_DATABASE.')
  // To look is not to make: opening a folder that is not there would.
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(database) && !existsSync(database))
    throw new FolderRefused('there is none at this path', 'Name the folder that the server opens.')
  await using watertight = await openWatertight({
    database,
    identity: session(flags.issuer === undefined ? {} : { issuer: flags.issuer }),
    surfaces: [],
    ...(flags.pooling === undefined ? {} : { pooling: flags.pooling }),
    ...(flags.unprotected === undefined ? {} : { unprotectedTables: flags.unprotected }),
  })
  const principal = await watertight.identify({ tenantId: flags.tenant, userId: flags.user })
  const boundary = await watertight.boundary(principal, { workspaceId: flags.workspace })
  await work(watertight.within(boundary).approvals)
}

function list(approvals: readonly Approval[], json: boolean): void {
  if (json) return sayJson({ approvals })
  for (const { id, toolId, requestedBy, approvedBy, isOwn, expiresAt, input } of approvals) {
    const state = approvedBy === undefined ? (isOwn ? 'waits for somebody else' : 'waits') : `approved by ${approvedBy}`
    sayResult('note', `${id}  ${toolId}  asked by ${requestedBy}, ${state}, until ${expiresAt.toISOString()}`)
    // One line, and no control sequence of whoever wrote the arguments.
    sayResult(
      'note',
      `  ${JSON.stringify(input).replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')}`,
    )
  }
  if (approvals.length === 0) sayResult('done', 'nothing waits')
}

async function decide(
  approvals: CompartmentApprovals,
  verdict: 'approve' | 'deny',
  id: string,
  json: boolean,
): Promise<void> {
  await approvals[verdict](id)
  if (json) return sayJson({ id, verdict: verdict === 'approve' ? 'approved' : 'denied' })
  say('done', verdict === 'approve' ? 'approved, for this call and once' : 'denied')
}
