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
  // Noted events that somebody else's flush or effect has taken and not yet made durable. Operations of one run overlap:
  // an empty buffer does not say that one's own event is written.
  readonly #underway = new Set<Promise<unknown>>()

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
    while (this.#underway.size > 0) await this.#settled()
    if (this.#pending.length === 0) return
    await this.#append(boundary, this.#take(), [])
  }

  /**
   * Runs an effect together with its evidence.
   *
   * @param drafts the events of the effect
   * @param effect receives the events as JSON text, to be appended in its own transaction; `[]` where they were written
   *   first: when the log lies elsewhere, or the effect does
   * @param options `apart`: the effect lies where it cannot append to the log
   */
  async during<Result>(
    boundary: AgentBoundary,
    drafts: readonly AuditDraft[],
    effect: (events: string) => Promise<Result>,
    { apart = false }: { readonly apart?: boolean } = {},
  ): Promise<Result> {
    while (this.#underway.size > 0) await this.#settled()
    const own = drafts.map((draft) => this.#toEvent(boundary, draft))
    const noted = this.#take()
    if (this.#sink instanceof StoreSink && !apart)
      return await this.#keeping(noted, () => effect(JSON.stringify([...noted, ...own])))
    await this.#append(boundary, noted, own)
    return await effect('[]')
  }

  async #append(boundary: AgentBoundary, noted: readonly AuditEvent[], own: readonly AuditEvent[]): Promise<void> {
    try {
      await this.#keeping(noted, () => this.#sink.append(boundary, [...noted, ...own]))
    } catch (error) {
      throw error instanceof BoundaryRefused ? error : new EvidenceRefused({ cause: error })
    }
  }

  // Who fails puts these events back, so the next in line sends them again: nobody goes on without them. Asked for in a
  // loop, with nothing awaited behind it: between a look and the next step somebody else may take what is noted.
  async #settled(): Promise<void> {
    await Promise.allSettled(this.#underway)
  }

  // An effect that failed leaves no event of its own, but the reads before it still happened.
  async #keeping<Result>(noted: readonly AuditEvent[], send: () => Promise<Result>): Promise<Result> {
    const sending = this.#attempt(noted, send)
    if (noted.length === 0) return await sending // nobody waits for an event of somebody else's in it
    this.#underway.add(sending)
    try {
      return await sending
    } finally {
      this.#underway.delete(sending)
    }
  }

  async #attempt<Result>(noted: readonly AuditEvent[], send: () => Promise<Result>): Promise<Result> {
    try {
      return await send()
    } catch (error) {
      this.#pending.unshift(...noted)
      throw error
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
