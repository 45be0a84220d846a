import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary } from '../boundary/index.ts'
import type { Row, Store } from '../store/index.ts'
import type { AuditDetail, AuditEvent, LoggedEvent } from './event.ts'
import type { AuditSink } from './sink.ts'

/** The log in the store itself, where an effect and its event commit in one transaction. */
export class StoreSink implements AuditSink {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async append(boundary: AgentBoundary, events: readonly AuditEvent[]): Promise<void> {
    if (events.length > 0) await this.#store.call(boundary, 'audit_record', [JSON.stringify(events)])
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
    retrieval_namespace: columns.retrieval_namespace,
    tool_ids: columns.tool_ids,
    datasource_ids: columns.datasource_ids,
    blocked_cross_boundary_resources: columns.blocked_cross_boundary_resources,
    detail: columns.detail,
  }
}
