import { AsyncLocalStorage } from 'node:async_hooks'

import { exactKey } from '../encoding/index.ts'
import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary, BoundaryState } from '../boundary/index.ts'
import { BoundaryRefused, EvidenceRefused } from '../errors.ts'
import type { AuditDraft, AuditEvent } from './event.ts'
import type { AuditSink } from './sink.ts'
import { StoreSink, writeEvents } from './store-sink.ts'

/** The run that events belong to. */
export interface RecordedRun {
  readonly id: string
  readonly promptVersion: string
}

/** Hears of what no boundary may let happen, when it has happened: a store, an index or a tool gave what is somebody else's. */
export type OnAlarm = (event: AuditEvent) => void | Promise<void>

/** What is the same for all events of a deployment. */
export interface Evidence {
  /** what is decided by (`hashPolicy`) */
  readonly policyHash?: string
  readonly onAlarm?: OnAlarm | undefined
}

/** How many of a run's reads are buffered before they are written beside the work that goes on. */
const bufferLength = 100

/** How long a run's reads are buffered at most, and how long after a failure they are sent again at most, in milliseconds. */
const [bufferTime, longestRetry] = [1_000, 60_000]

// A timer belongs to no flow of calls: one that holds a connection when it starts must not keep it from its own.
const outside = AsyncLocalStorage.snapshot()

// What each log has yet to be told, so that it hears of it before it closes.
const buffering = new WeakMap<AuditSink, Set<Recorder>>()

/** Makes everything durable that runs have noted for a log, as far as it can be written. */
export async function settleAll(sink: AuditSink): Promise<void> {
  await Promise.all([...(buffering.get(sink) ?? [])].map((recorder) => recorder.settle()))
}

/**
 * Records the decisions of one compartment or run. Evidence comes first: an effect takes its event into its own
 * transaction, and a run's buffered reads are durable before anything leaves it, and soon where nothing does: also when
 * the boundary under which they were noted is over by then.
 */
export class Recorder {
  readonly #sink: AuditSink
  readonly #run: RecordedRun | undefined
  readonly #evidence: Evidence
  #pending: AuditEvent[] = []
  // Whose boundary the pending events were noted under; a run's are of one member in one place.
  #noted: { readonly boundary: AgentBoundary; readonly state: BoundaryState } | undefined
  #timer: NodeJS.Timeout | undefined
  // Noted events that somebody else's flush or effect has taken and not yet made durable. Operations of one run overlap:
  // an empty buffer does not say that one's own event is written.
  readonly #underway = new Set<Promise<unknown>>()

  constructor(sink: AuditSink, run?: RecordedRun, evidence: Evidence = {}) {
    this.#sink = sink
    this.#run = run
    this.#evidence = evidence
  }

  /**
   * Records a read or a refusal. In a run it is buffered until the next `flush`; outside of one it is durable when this
   * resolves.
   */
  async note(boundary: AgentBoundary, draft: AuditDraft): Promise<void> {
    const state = requireLive(boundary)
    const event = this.#toEvent(state, draft)
    this.#pending.push(event)
    if (event.event === 'result-withheld') this.#raiseAlarm(event)
    this.#noted = { boundary, state }
    if (this.#run === undefined) await this.flush(boundary)
    else if (this.#pending.length >= bufferLength && this.#underway.size === 0) this.#settleBeside()
    else this.#settleIn(bufferTime)
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
    const state = requireLive(boundary)
    const own = drafts.map((draft) => this.#toEvent(state, draft))
    const noted = this.#take()
    if (this.#sink instanceof StoreSink && !apart) {
      try {
        return await this.#keeping(noted, () => effect(writeEvents([...noted, ...own])))
      } catch (error) {
        throw await this.#settledFirst(error)
      }
    }
    await this.#append(boundary, noted, own)
    return await effect('[]')
  }

  /**
   * Makes everything noted so far durable without asking whether the boundary is still live: it was when this was noted.
   *
   * @throws {EvidenceRefused} when it could not be written; it is kept, and sent again
   */
  async settle(): Promise<void> {
    while (this.#underway.size > 0) await this.#settled()
    const noted = this.#take()
    if (noted.length === 0 || this.#noted === undefined) return
    const { boundary, state } = this.#noted
    await this.#keeping(noted, () => this.#sendAnyhow(boundary, state, noted))
  }

  /**
   * Ends the run when its boundary is over: what was noted and the end itself are durable when this resolves.
   *
   * @param state the boundary as it was
   * @param reason why it is over
   * @param end ends the run in the store, where the log lies elsewhere
   */
  async endLate(
    state: BoundaryState,
    boundary: AgentBoundary,
    reason: string,
    end: () => Promise<unknown>,
  ): Promise<void> {
    while (this.#underway.size > 0) await this.#settled()
    const noted = this.#take()
    const own = this.#toEvent(state, { event: 'run-ended', surface: 'runs', reason })
    await this.#keeping(noted, async () => {
      if (this.#sink instanceof StoreSink) {
        await this.#sink.appendLate(state, own.agent_run_id ?? '', [...noted.map(late(reason)), own], true)
        return
      }
      await this.#sink.append(boundary, [...noted, own]).catch((error: unknown) => {
        throw new EvidenceRefused({ cause: error })
      })
      await end()
    })
  }

  async #append(boundary: AgentBoundary, noted: readonly AuditEvent[], own: readonly AuditEvent[]): Promise<void> {
    try {
      await this.#keeping(noted, () => this.#sink.append(boundary, [...noted, ...own]))
    } catch (error) {
      if (error instanceof BoundaryRefused) throw await this.#settledFirst(error)
      throw new EvidenceRefused({ cause: error })
    }
  }

  async #sendAnyhow(boundary: AgentBoundary, state: BoundaryState, noted: readonly AuditEvent[]): Promise<void> {
    try {
      await this.#sink.append(boundary, noted)
    } catch (error) {
      if (!(error instanceof BoundaryRefused && this.#sink instanceof StoreSink && this.#run !== undefined))
        throw new EvidenceRefused({ cause: error })
      await this.#sink.appendLate(state, this.#run.id, noted.map(late(error.reason)))
    }
  }

  // Whoever is told that the boundary is over has left the evidence of what was read before. Where that fails the timer
  // goes on; the answer is the same.
  async #settledFirst(thrown: unknown): Promise<unknown> {
    if (thrown instanceof BoundaryRefused) await this.settle().catch(() => undefined)
    return thrown
  }

  // What leaves the run later then waits for less. Nobody waits for this one: where it fails the timer sends it again.
  #settleBeside(): void {
    this.#settleIn(bufferTime)
    void outside(() => this.settle().catch(() => undefined))
  }

  #settleIn(delay: number): void {
    if (this.#timer !== undefined) return
    const recorders = buffering.get(this.#sink) ?? new Set()
    buffering.set(this.#sink, recorders.add(this))
    // Does not keep a process alive that has nothing else to do: closing waits for what is noted.
    this.#timer = outside(setTimeout, () => void this.#settleOnTime(delay), delay).unref()
  }

  async #settleOnTime(delay: number): Promise<void> {
    this.#timer = undefined
    await this.settle().catch(() => undefined)
    if (this.#pending.length > 0) this.#settleIn(Math.min(delay * 2, longestRetry))
    else buffering.get(this.#sink)?.delete(this)
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

  // Nobody waits for it, and what it throws is dropped: what was withheld stays withheld.
  #raiseAlarm(event: AuditEvent): void {
    void outside(async () => await this.#evidence.onAlarm?.(structuredClone(event))).catch(() => undefined)
  }

  #take(): AuditEvent[] {
    const taken = this.#pending
    this.#pending = []
    return taken
  }

  #toEvent({ tenantId, workspaceId, userId, traceId }: BoundaryState, draft: AuditDraft): AuditEvent {
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
      policy_hash: this.#evidence.policyHash ?? '',
      retrieval_namespace: draft.surface === 'retrieval' ? exactKey([tenantId, workspaceId]) : null,
      tool_ids: draft.toolIds ?? [],
      datasource_ids: draft.datasourceIds ?? [],
      blocked_cross_boundary_resources: draft.blocked ?? 0,
      detail: draft.detail ?? {},
    }
  }
}

// The log gives an event the time at which it was written: after the boundary's end it would look like a breach of it.
const late = (reason: string) => (event: AuditEvent) => ({
  ...event,
  detail: { ...event.detail, writtenAfterBoundary: reason },
})
