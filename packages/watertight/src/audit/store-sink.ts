import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary, BoundaryState } from '../boundary/index.ts'
import { EvidenceRefused } from '../errors.ts'
import type { Row, Store } from '../store/index.ts'
import type { AuditDetail, AuditEvent, LoggedEvent } from './event.ts'
import type { AuditSink } from './sink.ts'

/**
 * Events as the functions of the store take them: JSON without what the token says, which is whose they are, and without
 * what most events say.
 */
export function writeEvents(events: readonly AuditEvent[]): string {
  return JSON.stringify(events.map(toRow))
}

function toRow(event: AuditEvent) {
  return {
    event: event.event,
    decision: event.decision === 'allowed' ? undefined : event.decision,
    surface: event.surface,
    reason: event.reason ?? undefined,
    trace_id: event.trace_id,
    agent_run_id: event.agent_run_id ?? undefined,
    prompt_version: event.prompt_version ?? undefined,
    policy_hash: event.policy_hash,
    retrieval_namespace: event.retrieval_namespace ?? undefined,
    tool_ids: event.tool_ids.length > 0 ? event.tool_ids : undefined,
    datasource_ids: event.datasource_ids.length > 0 ? event.datasource_ids : undefined,
    blocked_cross_boundary_resources: event.blocked_cross_boundary_resources || undefined,
    detail: event.detail,
  }
}

/** The log in the store itself, where an effect and its event commit in one transaction. */
export class StoreSink implements AuditSink {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async append(boundary: AgentBoundary, events: readonly AuditEvent[]): Promise<void> {
    if (events.length > 0) await this.#store.call(boundary, 'audit_record', [writeEvents(events)])
  }

  /**
   * Makes events of a run durable that were noted while its boundary was live, now that no token of it would be taken.
   *
   * @param noted the boundary as it was then: whose the events are
   * @param ended whether the run ends with them; it ends once
   */
  async appendLate(noted: BoundaryState, runId: string, events: readonly AuditEvent[], ended = false): Promise<void> {
    const { rows } = noted
    if (rows === undefined) throw new EvidenceRefused()
    const values = [rows.tenant, rows.workspace, rows.member, runId, ended, writeEvents(events)]
    await this.#store.operate('operator_late_evidence', values)
  }

  async ofRun(boundary: AgentBoundary, runId: string): Promise<readonly LoggedEvent[]> {
    const { tenantId, workspaceId } = requireLive(boundary)
    const rows = await this.#store.call(boundary, 'audit_of_run', [runId])
    return rows.map((row) => parseEvent(row, tenantId, workspaceId))
  }
}

// The rows were written by `append` and read under row security, so their members have the types that the table gives them.
function parseEvent(row: Row, tenantId: string, workspaceId: string): LoggedEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns of wt.audit_event, checked by the table
  const columns = row as unknown as Omit<AuditEvent, 'tenant_id' | 'workspace_id'> & {
    at_ms: number
    detail: AuditDetail
  }
  return {
    at: new Date(columns.at_ms),
    event: columns.event,
    decision: columns.decision,
    surface: columns.surface,
    reason: columns.reason,
    trace_id: columns.trace_id,
    tenant_id: tenantId,
    workspace_id: workspaceId,
    user_id: columns.user_id,
    agent_run_id: columns.agent_run_id,
    prompt_version: columns.prompt_version,
    policy_hash: columns.policy_hash,
    retrieval_namespace: columns.retrieval_namespace,
    tool_ids: columns.tool_ids,
    datasource_ids: columns.datasource_ids,
    blocked_cross_boundary_resources: columns.blocked_cross_boundary_resources,
    detail: columns.detail,
  }
}
