import { exactKey } from '../encoding/index.ts'
import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary } from '../boundary/index.ts'
import { BoundaryRefused, EvidenceRefused } from '../errors.ts'
import type { AuditDraft, AuditEvent } from './event.ts'
import type { AuditSink } from './sink.ts'
import { StoreSink } from './store-sink.ts'

/** The run that events belong to. */
export interface RecordedRun {
  readonly id: string
  readonly promptVersion: string
}

/**
 * Records the decisions of one compartment or run. Evidence comes first: an effect takes its event into its own
 * transaction, and a run's buffered reads are durable before anything leaves it.
 */
export class Recorder {
  readonly #sink: AuditSink
  readonly #run: RecordedRun | undefined
  #pending: AuditEvent[] = []

  constructor(sink: AuditSink, run?: RecordedRun) {
    this.#sink = sink
    this.#run = run
  }

  /**
   * Records a read or a refusal. In a run it is buffered until the next `flush`; outside of one it is durable when this
   * resolves.
   */
  async note(boundary: AgentBoundary, draft: AuditDraft): Promise<void> {
    this.#pending.push(this.#toEvent(boundary, draft))
    if (this.#run === undefined) await this.flush(boundary)
  }

  /** Makes everything noted so far durable. Called before anything leaves: a result, text for the prompt, an effect. */
  async flush(boundary: AgentBoundary): Promise<void> {
    if (this.#pending.length > 0) await this.#send(this.#take(), (events) => this.#sink.append(boundary, events))
  }

  /**
   * Runs an effect together with its evidence.
   *
   * @param drafts the events of the effect
   * @param effect receives the events as JSON text, to be appended in its own transaction; `[]` where the log lies
   *   elsewhere and was written first
   */
  async during<Result>(
    boundary: AgentBoundary,
    drafts: readonly AuditDraft[],
    effect: (events: string) => Promise<Result>,
  ): Promise<Result> {
    const taken = [...this.#take(), ...drafts.map((draft) => this.#toEvent(boundary, draft))]
    if (this.#sink instanceof StoreSink)
      return await this.#restoring(taken, drafts.length, () => effect(JSON.stringify(taken)))
    await this.#send(taken, (events) => this.#sink.append(boundary, events))
    return await effect('[]')
  }

  // An effect that failed leaves no event of its own, but the reads before it still happened.
  async #restoring<Result>(taken: readonly AuditEvent[], own: number, effect: () => Promise<Result>): Promise<Result> {
    try {
      return await effect()
    } catch (error) {
      this.#pending.unshift(...taken.slice(0, taken.length - own))
      throw error
    }
  }

  async #send(events: readonly AuditEvent[], append: (events: readonly AuditEvent[]) => Promise<void>): Promise<void> {
    try {
      await append(events)
    } catch (error) {
      this.#pending.unshift(...events)
      throw error instanceof BoundaryRefused ? error : new EvidenceRefused({ cause: error })
    }
  }

  #take(): AuditEvent[] {
    const taken = this.#pending
    this.#pending = []
    return taken
  }

  #toEvent(boundary: AgentBoundary, draft: AuditDraft): AuditEvent {
    const { tenantId, workspaceId, userId, traceId } = requireLive(boundary)
    return {
      event: draft.event,
      decision: draft.decision ?? 'allowed',
      surface: draft.surface,
      reason: draft.reason ?? null,
      trace_id: traceId,
      tenant_id: tenantId,
      workspace_id: workspaceId,
      user_id: userId,
      agent_run_id: this.#run?.id ?? null,
      prompt_version: this.#run?.promptVersion ?? null,
      retrieval_namespace: draft.surface === 'retrieval' ? exactKey([tenantId, workspaceId]) : null,
      tool_ids: draft.toolIds ?? [],
      datasource_ids: draft.datasourceIds ?? [],
      blocked_cross_boundary_resources: draft.blocked ?? 0,
      detail: draft.detail ?? {},
    }
  }
}
