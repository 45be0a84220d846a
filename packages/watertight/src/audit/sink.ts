import type { AgentBoundary } from '../boundary/index.ts'
import type { AuditEvent, LoggedEvent } from './event.ts'

/** The port of the audit log. Append-only: there is no way to change or remove an event through it. */
export interface AuditSink {
  /**
   * Makes events durable, in order, or throws. What they record does not happen when it throws.
   *
   * @param boundary whose the events are. It may be over by now: a run's reads are evidence also when the boundary was
   *   revoked right after them, and so is its end.
   */
  append(boundary: AgentBoundary, events: readonly AuditEvent[]): Promise<void>
  /** The events of one run, oldest first, as far as the boundary may see them; none for a run it may not see. */
  ofRun(boundary: AgentBoundary, runId: string): Promise<readonly LoggedEvent[]>
}
