import type { RefusalCode } from '../../src/index.ts'
import type { Operation } from './operations.ts'

/** What an attack goes for. */
export const attackClasses = {
  T1: 'boundary forged, missing, stale, chosen by the model',
  T2: 'object references: seen, guessed, look-alike',
  T3: 'memory: read, extracted, poisoned, overwritten',
  T4: 'retrieval: filter, rank, count, overwriting',
  T5: 'caches and indexes in the process',
  T6: 'tools: confused deputy, list, reserved arguments',
  T7: 'retry, delay and revocation between steps',
  T8: 'temporary files and sandbox',
  T9: 'logs, traces and errors',
  T10: 'hand-off between agents and runs',
  T11: 'injected instructions, obeyed',
  T12: 'encoded exfiltration',
  T13: 'oracles: existence, counts, error shape',
  T14: 'life cycle: delete, revoke, rename, reuse',
  T15: 'nobody attacks: concurrency, defaults, careless code',
} as const
export type AttackClass = keyof typeof attackClasses

/** Who is kept from whom: another tenant, a workspace of the same tenant, a user of the same workspace. */
export type Pair = 'tenant' | 'workspace' | 'user'
export const pairs = ['tenant', 'workspace', 'user'] as const

/** A refusal of this code, or an answer that holds nothing of anybody else's. */
export type Expected = RefusalCode | 'nothing of the twin'

/**
 * One call on the public face. Texts of its arguments may name `$me.ticketId`, `$twin.memoryKey|case` (a look-alike),
 * `$secret.value|base64` (a rendering), or, alone, `$kept.item`: what an earlier step returned.
 */
export interface Call {
  readonly do: Operation
  readonly with?: readonly unknown[]
  /** whose desk and run it uses: the attacker's where absent */
  readonly by?: 'me' | 'twin'
  /** a desk, a run or a boundary that was kept, in place of one's own */
  readonly on?: string
  /** the name under which what it returns is kept */
  readonly keep?: string
  /** of `obey`: what each call that the text asks for comes to */
  readonly outcomes?: readonly (RefusalCode | 'answer')[]
  /** what it must be refused with; the last step's is the case's `expect` */
  readonly refused?: RefusalCode
}

/**
 * Several calls at once: `together`, as requests come; or `compare`, one after the other, whose outcomes must be the same,
 * so that a record of somebody else's cannot be told from one that is missing.
 */
export interface Group {
  readonly do: 'together' | 'compare'
  readonly each: readonly Call[]
  readonly refused?: RefusalCode
}

export type Step = Call | Group

export interface AttackCase {
  readonly id: string
  readonly class: AttackClass
  readonly against: Pair
  readonly story: string
  /** the attacker's role; a member where absent */
  readonly role?: 'viewer' | 'member' | 'admin' | 'owner'
  /** what happened before the attack, whoever did it */
  readonly setup?: readonly Step[]
  readonly steps: readonly Step[]
  /** what the last step comes to */
  readonly expect: Expected
  /** the incident of docs/incidents.md, CVE, or entry of an OWASP list that it comes from */
  readonly source: string
}

/** A case whose surface does not exist yet. It is listed and counted, and never as executed. */
export interface PendingCase {
  readonly id: string
  readonly class: AttackClass
  readonly surface: 'jobs' | 'cache' | 'sandbox' | 'mcp' | 'credentials' | 'network'
  readonly story: string
  readonly source: string
}
