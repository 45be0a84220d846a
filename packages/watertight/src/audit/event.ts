import type { Json } from '../encoding/index.ts'

/** What happened: one event per decision, noun before verb. */
export type AuditEventName =
  | 'run-started' // a run began; the detail is what it was permitted
  | 'run-ended'
  | 'run-explained' // somebody read what a run had used
  | 'memory-read' // a key was found and its value returned
  | 'memory-missed' // a key was asked for that this scope does not hold; the key itself is not recorded
  | 'memory-listed'
  | 'memory-written'
  | 'memory-deleted'
  | 'memory-promoted' // an observation or scratchpad became memory; the detail names its source
  | 'state-written'
  | 'state-deleted'
  | 'document-added'
  | 'document-deleted'
  | 'document-missed' // one was to be deleted that the datasource does not hold; its id is not recorded
  | 'documents-searched' // the detail names the documents returned, never the question
  | 'context-added' // an item entered the prompt
  | 'tool-called' // a tool is about to run: every check has passed
  | 'tool-answered'
  | 'tool-failed' // the tool's own code threw; its message is not recorded
  | 'tool-refused' // the tool's own code passed on a refusal that it met; what was refused has an event of its own
  | 'tool-unknown' // a tool that does not exist for this boundary; its name is not recorded
  | 'argument-reserved' // the model named a tenant, workspace or the like
  | 'role-insufficient'
  | 'policy-denied' // the floor or the policy above it: plan, region, risk, or what the app's policy says
  | 'approval-required' // a person must consent first; the detail holds the digest of what to
  | 'approval-given' // somebody consented, in a boundary of their own
  | 'approval-denied' // somebody did not; or what was denied is tried again
  | 'effect-repeated' // it was made before: its stored result was returned, and nothing was done
  | 'effect-unsettled' // somebody is at it, or it is not known whether it was made: nothing was done
  | 'effect-settled' // a tool's lookup, or a person, has said what became of it
  | 'input-refused' // malformed or oversized
  | 'resource-outside-boundary' // an id that is missing here, or somebody else's: one event for both
  | 'result-withheld' // a store or tool returned a row of another owner: an alarm
  | 'transaction-run' // the application's own SQL ran inside the boundary
  | 'compartment-exported'
  | 'compartment-erased'

/** Ids and counts that belong to an event. Never a value, a question, an argument or an id from the model. */
export interface AuditDetail {
  readonly [name: string]: Json
}

/** What a surface tells of a decision; whose it is and which run it belongs to are added by the recorder. */
export interface AuditDraft {
  readonly event: AuditEventName
  readonly surface: 'memory' | 'retrieval' | 'tools' | 'approvals' | 'effects' | 'runs' | 'compartment'
  /** `allowed` where absent */
  readonly decision?: 'allowed' | 'refused'
  readonly reason?: string
  readonly toolIds?: readonly string[]
  readonly datasourceIds?: readonly string[]
  /** how many ids were refused as missing or foreign */
  readonly blocked?: number
  readonly detail?: AuditDetail
}

/** One event of the log, in the words that log pipelines use. Metadata only. */
export interface AuditEvent {
  readonly event: AuditEventName
  readonly decision: 'allowed' | 'refused'
  readonly surface: AuditDraft['surface']
  readonly reason: string | null
  readonly trace_id: string
  readonly tenant_id: string
  readonly workspace_id: string
  readonly user_id: string
  readonly agent_run_id: string | null
  readonly prompt_version: string | null
  /** what was decided by: the floor, and the policy above it */
  readonly policy_hash: string
  readonly retrieval_namespace: string | null
  readonly tool_ids: readonly string[]
  readonly datasource_ids: readonly string[]
  readonly blocked_cross_boundary_resources: number
  readonly detail: AuditDetail
}

/** An event as it is read back, with the time that the log gave it. */
export interface LoggedEvent extends AuditEvent {
  readonly at: Date
}
