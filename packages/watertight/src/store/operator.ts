import type { Claims } from '../boundary/index.ts'
import { functionQuery } from './call.ts'
import { sessionOf, withClient } from './checkout.ts'
import type { Engine, Row } from './client.ts'
import { toStoreRefusal } from './refusal.ts'
import type { TokenMint } from './token.ts'

/** The functions behind the operator door (migrations/0006-operator.sql, 0008-late-evidence.sql, 0012-effects-and-approvals.sql). Each returns ids and counts at most. */
export type OperatorFunction =
  | 'operator_ping'
  | 'operator_put_tenant'
  | 'operator_put_workspace'
  | 'operator_put_datasource'
  | 'operator_put_member'
  | 'operator_remove_member'
  | 'operator_suspend_tenant'
  | 'operator_raise_epoch'
  | 'operator_raise_version'
  | 'operator_mirror_grant'
  | 'operator_sweep_run_state'
  | 'operator_late_evidence'
  | 'operator_sweep_effects'

/** Calls a function behind the operator door: the one way of work that has no caller. */
export async function operate(
  engine: Engine,
  mint: TokenMint,
  name: OperatorFunction,
  values: readonly unknown[],
): Promise<Row[]> {
  return await callAs(engine, name, values, (pid) => mint.operator(pid))
}

/** Asks what a verified principal may do now: the only call that a principal's token opens. */
export async function findGrant(
  engine: Engine,
  mint: TokenMint,
  claims: Claims,
  workspaceId: string,
): Promise<Row | undefined> {
  const rows = await callAs(engine, 'grant_of', [workspaceId], (pid) => mint.principal(claims, pid))
  return rows[0]
}

async function callAs(
  engine: Engine,
  name: string,
  values: readonly unknown[],
  sign: (pid: number) => string,
): Promise<Row[]> {
  try {
    return await withClient(engine, async (client) => {
      const { pid } = await sessionOf(engine, client)
      const { rows } = await client.query(functionQuery(engine, name, [sign(pid), ...values]))
      return rows
    })
  } catch (error) {
    throw toStoreRefusal(error)
  }
}
