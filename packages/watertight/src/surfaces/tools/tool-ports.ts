import type { AgentBoundary, Policy } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import type { RefusalCode } from '../../errors.ts'
import type { Effects } from '../../services/effects/index.ts'
import type { Store } from '../../store/index.ts'
import type { RunScope } from '../surface.ts'
import type { Tool } from './define-tool.ts'
import type { Handles } from './handles.ts'
import type { Resolver } from './resolver.ts'

/** What a tool answered. Labelled for its boundary, and untrusted. */
export interface Observation {
  readonly toolId: string
  readonly value: Json
}

/** What a call ran into that is no refusal. For the server's eyes. */
export interface ToolFailure {
  /** whose call it was */
  readonly boundary: AgentBoundary
  readonly runId: string
  readonly toolId: string
  /** what was thrown, as far as it can be logged: its class, its code, and where it came from; never its words */
  readonly error: { readonly name: string; readonly code: string | undefined; readonly frames: readonly string[] }
  /**
   * what was thrown, as it was. It may hold anything, other customers' words too, so it is in no listing of members: neither
   * `JSON.stringify`, `console.log` nor a spread shows it
   */
  readonly cause: unknown
}

/** How a call ended, for the app's own log. */
export interface ToolCallEnd {
  readonly boundary: AgentBoundary
  readonly runId: string
  readonly toolId: string
  readonly milliseconds: number
  /** the refusal's code; `undefined` where the tool answered */
  readonly refused: RefusalCode | undefined
  /** of the arguments, what the tool's `logged` names */
  readonly input: Json
  /** of the answer, the same; `undefined` where there was none */
  readonly result: Json | undefined
}

/** What every call of a run's tools works with. */
export interface ToolPorts {
  readonly store: Store
  readonly scope: RunScope
  readonly tools: ReadonlyMap<string, Tool>
  readonly resolvers: ReadonlyMap<string, Resolver>
  readonly effects: Effects
  readonly policy: Policy | undefined
  /** what a model is shown in place of ids, and gives back; `undefined` where it is shown the ids themselves */
  readonly handles: ((boundary: AgentBoundary) => Handles) | undefined
  readonly onFailure: ((failure: ToolFailure) => void | Promise<void>) | undefined
  readonly onCall: ((end: ToolCallEnd) => void | Promise<void>) | undefined
  readonly maximumInputBytes: number
  readonly maximumOutputBytes: number
  /** how long a call may take where its tool does not say, in milliseconds */
  readonly timeLimit: number
  /** how long a request for consent stands, in milliseconds */
  readonly approvalLifetime: number
}

/** One call that has passed the checks of its form. */
export interface Call {
  readonly boundary: AgentBoundary
  readonly tool: Tool
  /** the model's arguments, as they were read */
  readonly input: Json
  /** what the tool's schema made of them */
  readonly parsed: unknown
  /** the key of this call and no other */
  readonly key: string
}
