import { randomUUID } from 'node:crypto'

import { Recorder } from '../../audit/index.ts'
import type { AuditSink, Evidence } from '../../audit/index.ts'
import { requireLive } from '../../boundary/index.ts'
import type { AgentBoundary, BoundaryState } from '../../boundary/index.ts'
import { ownMembers, requireId } from '../../encoding/index.ts'
import { BoundaryRefused, InvalidInput, RunEnded } from '../../errors.ts'
import type { Store } from '../../store/index.ts'
import { createRunContext } from './run-context.ts'
import type { RunContext } from './run-context.ts'
import { createRunState } from './run-state.ts'
import type { RunState } from './run-state.ts'

/** How long a run lives when nothing is said, and at most, in milliseconds. */
const runLifetime = { usual: 60 * 60_000, maximum: 30 * 24 * 60 * 60_000 } as const

export interface RunOptions {
  /** the agent's name */
  readonly agent: string
  /** the version of the prompt that it runs with */
  readonly promptVersion: string
  /** how long the run may last, in milliseconds; an hour by default, 30 days at most */
  readonly lifetime?: number
}

/** One agent execution, as every run has it; the registered surfaces are added beside. */
export interface StartedRun {
  readonly id: string
  readonly agent: string
  readonly promptVersion: string
  readonly expiresAt: Date
  readonly state: RunState
  readonly context: RunContext
  readonly recorder: Recorder
  readonly signal: AbortSignal
  /** The live boundary of the run. @throws {RunEnded} @throws {BoundaryRefused} */
  live(): Promise<AgentBoundary>
  /** Ends the run: its evidence is durable, its state is gone. Ending twice does nothing. */
  end(): Promise<void>
}

export interface RunPorts {
  readonly store: Store
  readonly audit: AuditSink
  readonly evidence: Evidence
  /** the boundary as it is now: the first one while it lasts, then one renewed from a fresh grant */
  readonly liveness: {
    renew(until: number): Promise<AgentBoundary>
    requireStanding(): void
  }
}

/** Starts a run: its row and its first event, which says what it was permitted, commit together. */
export async function startRun(ports: RunPorts, boundary: AgentBoundary, options: RunOptions): Promise<StartedRun> {
  const state = requireLive(boundary)
  const { agent, promptVersion, lifetime: asked } = ownMembers(options)
  const run = {
    id: randomUUID(),
    agent: requireId(agent, 'agent'),
    promptVersion: requireId(promptVersion, 'promptVersion'),
  }
  const lifetime = requireLifetime(asked)
  const recorder = new Recorder(ports.audit, run, ports.evidence)
  const { role, plan, region, allowedToolIds, allowedDatasourceIds } = state
  const detail = { agent: run.agent, role, plan, region, allowedToolIds, allowedDatasourceIds }
  const [row] = await recorder.during(boundary, [{ event: 'run-started', surface: 'runs', detail }], (events) =>
    ports.store.call(boundary, 'run_start', [run.id, run.agent, run.promptVersion, state.traceId, lifetime, events]),
  )
  const expiresAt = Number(row?.['run_start'])
  return assemble(ports, { ...run, boundary, state, expiresAt }, recorder)
}

interface RunFacts {
  readonly id: string
  readonly agent: string
  readonly promptVersion: string
  readonly expiresAt: number
  /** the boundary that it began with, and what that was: whose the run is does not change when it is renewed or over */
  readonly boundary: AgentBoundary
  readonly state: BoundaryState
}

function assemble(ports: RunPorts, run: RunFacts, recorder: Recorder): StartedRun {
  const ending = new AbortController()
  const requireRunning = () => {
    if (ending.signal.aborted || run.expiresAt <= run.state.authority.now()) throw new RunEnded()
  }
  const live = async () => {
    requireRunning()
    try {
      return await ports.liveness.renew(run.expiresAt)
    } catch (error) {
      // What was read before is evidence, and nothing that follows would write it. Where it cannot be, the recorder goes on.
      await recorder.settle().catch(() => undefined)
      throw error
    }
  }
  const requireStanding = () => {
    requireRunning()
    ports.liveness.requireStanding()
  }
  let ended: Promise<void> | undefined
  const end = async () => {
    await endRun(ports, run, recorder)
    ending.abort(new RunEnded())
  }
  return {
    id: run.id,
    agent: run.agent,
    promptVersion: run.promptVersion,
    expiresAt: new Date(run.expiresAt),
    state: createRunState(ports.store, run.id, live, recorder),
    context: createRunContext({ live, requireStanding, recorder }),
    recorder,
    signal: ending.signal,
    live,
    end: () => {
      // One end at a time; one that failed may be tried again, because its evidence is not durable yet.
      ended ??= end().catch((error: unknown) => {
        ended = undefined
        throw error
      })
      return ended
    },
  }
}

// With a live boundary as every effect, and without one all the same: a run that was revoked has an end, too.
async function endRun(ports: RunPorts, run: RunFacts, recorder: Recorder): Promise<void> {
  try {
    const boundary = await ports.liveness.renew(run.expiresAt)
    await recorder.during(boundary, [{ event: 'run-ended', surface: 'runs' }], (events) =>
      ports.store.call(boundary, 'run_end', [run.id, events]),
    )
  } catch (error) {
    if (!(error instanceof BoundaryRefused)) throw error
    const { rows } = run.state
    await recorder.endLate(run.state, run.boundary, error.reason, () =>
      ports.store.operate('operator_late_evidence', [rows?.tenant, rows?.workspace, rows?.member, run.id, true, '[]']),
    )
  }
}

function requireLifetime(lifetime: unknown): number {
  if (lifetime === undefined) return runLifetime.usual
  if (typeof lifetime !== 'number' || !Number.isFinite(lifetime) || lifetime <= 0 || lifetime > runLifetime.maximum) {
    throw new InvalidInput('lifetime', `more than 0 and at most ${runLifetime.maximum} milliseconds`)
  }
  return lifetime
}
