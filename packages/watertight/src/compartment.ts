import { explainRun } from './audit/index.ts'
import type { AuditSink, Evidence, Explanation } from './audit/index.ts'
import type { AgentBoundary } from './boundary/index.ts'
import { BoundaryRefused, NotFound, RunEnded } from './errors.ts'
import type { Liveness } from './liveness.ts'
import { createCompartmentApprovals } from './services/approvals/index.ts'
import type { CompartmentApprovals } from './services/approvals/index.ts'
import { createCompartmentEffects } from './services/effects/index.ts'
import type { CompartmentEffects } from './services/effects/index.ts'
import { startRun } from './services/runs/index.ts'
import type { RunContext, RunOptions, RunState, StartedRun } from './services/runs/index.ts'
import type { Store, Transaction } from './store/index.ts'
import type {
  CompartmentSurfaces,
  ExportedItem,
  OpenCompartmentSurface,
  OpenRunSurface,
  RunScope,
  RunSurfaces,
  Scope,
  Surface,
  UsableSurface,
} from './surfaces/surface.ts'

/** Everything that one boundary can reach. */
export type Compartment<Registered extends readonly Surface[]> = CompartmentBase<Registered> &
  CompartmentSurfaces<Registered>

interface CompartmentBase<Registered extends readonly Surface[]> {
  readonly boundary: AgentBoundary
  /** Starts an agent execution. It ends with `end()`, with `await using`, or when its lifetime is over. */
  startRun(options: RunOptions): Promise<Run<Registered>>
  /**
   * Tells which memory, document, tool and permission a run used.
   *
   * @throws {NotFound} `NOT_FOUND` unless the run is this person's, or this person an admin of its workspace
   */
  explain(runId: string): Promise<Explanation>
  /** Calls that wait for a person's consent, or have it: for people, never for a model. */
  readonly approvals: CompartmentApprovals
  /** Effects of which nobody can say whether they were made: for people, never for a model. */
  readonly effects: CompartmentEffects
  /**
   * Runs the app's own SQL in one transaction inside the boundary. Row security applies to it.
   *
   * @param work awaits nothing but the transaction, which holds a connection: no model, tool or network call
   */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>
  /** Gives everything that this person may take with them, surface by surface. */
  export(): AsyncIterable<ExportedItem>
  /** Removes everything that is this person's own. Returns how many items. Evidence stays. */
  erase(): Promise<number>
}

/** One agent execution: a compartment's surfaces, run state, context, and an end. */
export type Run<Registered extends readonly Surface[] = readonly []> = RunBase & RunSurfaces<Registered>

interface RunBase extends AsyncDisposable {
  readonly id: string
  readonly agent: string
  readonly promptVersion: string
  readonly expiresAt: Date
  readonly state: RunState
  readonly context: RunContext
  /** Ends the run: its evidence is durable when this resolves, its state is gone. Ending twice does nothing. */
  end(): Promise<void>
}

/** A surface that was opened, with its name. */
export type OpenedSurface =
  | {
      readonly surface: Surface
      readonly within: 'compartment'
      readonly opened: OpenCompartmentSurface<unknown, unknown>
    }
  | { readonly surface: Surface; readonly within: 'run'; readonly opened: OpenRunSurface<unknown> }

export interface CompartmentPorts {
  readonly boundary: AgentBoundary
  readonly scope: Scope
  readonly liveness: Liveness
  readonly store: Store
  readonly audit: AuditSink
  readonly evidence: Evidence
  readonly surfaces: readonly OpenedSurface[]
}

/** Binds the registered surfaces to one boundary. */
export function bindCompartment<Registered extends readonly Surface[]>(
  ports: CompartmentPorts,
): Compartment<Registered> {
  const { boundary, scope, store, audit, evidence, surfaces } = ports
  const base: CompartmentBase<Registered> = {
    boundary,
    approvals: Object.freeze(createCompartmentApprovals(store, scope)),
    effects: Object.freeze(createCompartmentEffects(store, scope)),
    async startRun(options) {
      const liveness = ports.liveness.ofRun(await scope.live())
      return bindRun(surfaces, await startRun({ store, audit, liveness, evidence }, boundary, options))
    },
    async explain(runId) {
      const asking = await scope.live()
      const explanation = await explainRun(audit, asking, runId).catch(noteOutside(scope, asking))
      await scope.recorder.note(asking, {
        event: 'run-explained',
        surface: 'compartment',
        detail: { runId: explanation.runId },
      })
      return explanation
    },
    async transact(work) {
      const asking = await scope.live()
      // The application's own statements are not ours to describe: the event says that they ran, and commits first, so
      // that no effect of theirs is without evidence.
      await scope.recorder.note(asking, { event: 'transaction-run', surface: 'compartment' })
      return await store.transact(asking, work)
    },
    async *export() {
      await scope.recorder.note(await scope.live(), { event: 'compartment-exported', surface: 'compartment' })
      for (const { opened } of surfaces) yield* opened.export(scope)
    },
    async erase() {
      await scope.recorder.note(await scope.live(), { event: 'compartment-erased', surface: 'compartment' })
      let erased = 0
      for (const { opened } of surfaces) erased += await opened.erase(scope)
      return erased
    },
  }
  const bound = surfaces.flatMap(({ surface, within, opened }) =>
    within === 'compartment' ? [[surface.name, opened.bind(scope)] as const] : [],
  )
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the surfaces were opened from `Registered`, each under its name
  return Object.freeze(Object.assign(base, Object.fromEntries(bound))) as unknown as Compartment<Registered>
}

// Who asked about a run that is not theirs to see leaves evidence; the id that was asked for is not recorded.
function noteOutside(scope: Scope, asking: AgentBoundary) {
  return async (error: unknown): Promise<never> => {
    if (error instanceof NotFound) {
      await scope.recorder.note(asking, {
        event: 'resource-outside-boundary',
        surface: 'compartment',
        decision: 'refused',
        reason: 'run',
        blocked: 1,
      })
    }
    throw error
  }
}

function bindRun<Registered extends readonly Surface[]>(
  surfaces: readonly OpenedSurface[],
  started: StartedRun,
): Run<Registered> {
  const { id, agent, promptVersion, expiresAt, state, context, recorder, signal } = started
  const end = () => started.end()
  const bound = new Map<unknown, unknown>()
  const use = <Bound>(surface: UsableSurface<Bound>, within?: RunScope): Bound => {
    if (!bound.has(surface)) {
      throw new TypeError(`The surface ${surface.name} was not registered: hand use() the very object that was.`)
    }
    const narrower = within && surfaces.find((each) => each.surface === surface)?.opened.bindRun(within)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is bound under a surface is what that surface bound
    return (narrower ?? bound.get(surface)) as Bound
  }
  const scope: RunScope = {
    live: () => started.live(),
    recorder,
    signal,
    run: { id, agent, promptVersion },
    use,
  }
  for (const { surface, opened } of surfaces) bound.set(surface, opened.bindRun(scope))
  const base: RunBase = {
    id,
    agent,
    promptVersion,
    expiresAt,
    state,
    context,
    end,
    [Symbol.asyncDispose]: () => endQuietly(end),
  }
  const named = surfaces.map(({ surface }) => [surface.name, bound.get(surface)] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  return Object.freeze(Object.assign(base, Object.fromEntries(named))) as unknown as Run<Registered>
}

// A run whose boundary was revoked cannot write its end, and `await using` would put that refusal in front of the one
// that tells the caller why.
async function endQuietly(end: () => Promise<void>): Promise<void> {
  try {
    await end()
  } catch (error) {
    if (!(error instanceof BoundaryRefused) && !(error instanceof RunEnded)) throw error
  }
}
