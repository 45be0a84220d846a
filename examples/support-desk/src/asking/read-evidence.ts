import type { DeskCompartment } from '../desk/open-desk.ts'

/** Reads the audit events of a run as their owner may: each as JSON, with every column that there is. */
export async function readEvidence(desk: DeskCompartment, runId: string): Promise<readonly string[]> {
  const { rows } = await desk.transact((transaction) =>
    transaction.query('select to_json(event)::text as event from wt.audit_event event where agent_run_id = $1', [
      runId,
    ]),
  )
  return rows.map((row) => String(row['event']))
}
