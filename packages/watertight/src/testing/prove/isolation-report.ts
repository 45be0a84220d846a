import type { CanaryFinding } from '../canaries/report.ts'
import type { Relation } from './plantings.ts'
import type { Rate } from './rate.ts'

/** What is wrong with a target, so that nothing it showed can prove isolation. */
export type ProblemKind =
  | 'threw' // a step threw
  | 'timed-out' // a step took longer than its time
  | 'answered-nothing' // every answer of a session was empty
  | 'observed-nothing' // no channel of a session held anything
  | 'not-looked-at' // something arrived that was too large, or could not be read
  | 'seeds-unseen' // what was planted was never seen by those whose it is
  | 'own-lost' // after others attacked, somebody is shown no more what they were shown before
  | 'answers-wrong' // too few questions about somebody's own records were answered with them
  | 'stopped' // too much was wrong to go on

/** One thing that is wrong with a target. */
export interface Problem {
  readonly kind: ProblemKind
  /** in which step */
  readonly step: string
  /** what happened, without any secret */
  readonly message: string
}

/** One secret that arrived where it must not. Nothing of it holds the secret. */
export interface Leak extends CanaryFinding {
  /** who saw it: tenant, workspace and user, percent-encoded and joined by `/` */
  readonly caller: string
  /** whose secret it is, seen from there */
  readonly relation: Relation
  /** the prompt that brought it: the id of an attack, `own-question`, `own-question-again`, or `all-turns` together */
  readonly prompt: string
}

/** What a proof came to. */
export interface IsolationReport {
  /** `leaked` where any secret arrived at somebody else; `broken` where the proof means nothing; `passed` otherwise */
  readonly verdict: 'passed' | 'leaked' | 'broken'
  readonly seed: string | number
  /** how many messages were put to the target */
  readonly turns: number
  /**
   * in how many of the turns something of another tenant, of a sibling workspace or of another user arrived; n is 0 where
   * there was none to leak from
   */
  readonly leakRates: Readonly<Record<Relation, Rate>>
  /** the first of each caller, secret, prompt and place */
  readonly leaks: readonly Leak[]
  readonly problems: readonly Problem[]
  readonly usefulness: Usefulness
}

/** What the target is good for: one that answers nothing leaks nothing either. */
export interface Usefulness {
  /** questions about somebody's own records whose answer held them */
  readonly answers: Rate
  /** those where at least some channel held them */
  readonly hits: Rate
  /** secrets that their own people saw at any time */
  readonly recall: Rate
}
