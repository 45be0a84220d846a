import type { AuditSink, Recorder } from '../audit/index.ts'
import type { AgentBoundary, Policy } from '../boundary/index.ts'
import type { Json } from '../encoding/index.ts'
import type { Store } from '../store/index.ts'

/** What a surface is opened with. */
export interface House {
  readonly store: Store
  readonly audit: AuditSink
  /** what the app decides by, above the floor */
  readonly policy: Policy | undefined
}

/** Whose surface it is: bound once, by `within(boundary)`, and never again named by whoever uses it. */
export interface Scope {
  /** The live boundary, asked for at the start of every operation. @throws {BoundaryRefused} when it is not live */
  live(): Promise<AgentBoundary>
  readonly recorder: Recorder
}

/** The scope of a run. */
export interface RunScope extends Scope {
  readonly run: { readonly id: string; readonly agent: string; readonly promptVersion: string }
  /** ends with the run: a surface's work in the run's name stops with it */
  readonly signal: AbortSignal
  /**
   * Another registered surface, bound to the same run: what one surface needs of another is handed in, never imported.
   *
   * @param surface the very object that was registered
   * @param within a scope made of this one, which every operation of the surface asks; this one where absent
   * @throws {TypeError} when it was not
   */
  use<Run>(surface: UsableSurface<Run>, within?: RunScope): Run
}

/** A registered surface, as a key to what a run has of it. */
export type UsableSurface<Run> = CompartmentSurface<string, unknown, Run> | RunSurface<string, Run>

/** One item of a compartment, as `export()` gives it to its owner. */
export interface ExportedItem {
  readonly surface: string
  readonly kind: string
  readonly id: string
  readonly value: Json
}

/** What every opened surface can do, whoever uses it. */
interface OpenSurface {
  /** Removes what has expired. Takes no boundary, and returns how many, never what. */
  sweep(): Promise<number>
  /** Gives everything that the boundary's person may take with them. */
  export(scope: Scope): AsyncIterable<ExportedItem>
  /** Removes everything that is the boundary's person's own. Returns how many items. */
  erase(scope: Scope): Promise<number>
  close(): Promise<void>
}

export interface OpenCompartmentSurface<Compartment, Run> extends OpenSurface {
  bind(scope: Scope): Compartment
  bindRun(scope: RunScope): Run
}

export interface OpenRunSurface<Run> extends OpenSurface {
  bindRun(scope: RunScope): Run
}

/** A surface of compartments and of the runs in them. */
export interface CompartmentSurface<Name extends string, Compartment, Run> {
  readonly name: Name
  readonly within: 'compartment'
  open(house: House): Promise<OpenCompartmentSurface<Compartment, Run>>
}

/** A surface of runs only. */
export interface RunSurface<Name extends string, Run> {
  readonly name: Name
  readonly within: 'run'
  open(house: House): Promise<OpenRunSurface<Run>>
}

/** One part of a compartment. A surface that cannot export or erase does not compile. */
export type Surface = CompartmentSurface<string, unknown, unknown> | RunSurface<string, unknown>

/** The surfaces of a list, by name, as a compartment has them. */
export type CompartmentSurfaces<Registered extends readonly Surface[]> = {
  readonly [
    Each in Registered[number] as Each extends CompartmentSurface<infer Name, unknown, unknown> ? Name : never
  ]: Each extends CompartmentSurface<string, infer Compartment, unknown> ? Compartment : never
}

/** The surfaces of a list, by name, as a run has them. */
export type RunSurfaces<Registered extends readonly Surface[]> = {
  readonly [Each in Registered[number] as Each['name']]: Each extends CompartmentSurface<string, unknown, infer Run>
    ? Run
    : Each extends RunSurface<string, infer Run>
      ? Run
      : never
}
