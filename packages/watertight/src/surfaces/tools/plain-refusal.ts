import {
  BoundaryRefused,
  EffectUnsettled,
  EvidenceRefused,
  Forbidden,
  InvalidInput,
  LimitExceeded,
  NotFound,
  RunEnded,
  StoreUnavailable,
} from '../../errors.ts'
import type { Refusal, RefusalCode } from '../../errors.ts'

/** What other code may refuse with, by prototype: a class of its own may say anything. */
const codes = new Map<unknown, RefusalCode>([
  [NotFound.prototype, 'NOT_FOUND'],
  [Forbidden.prototype, 'FORBIDDEN'],
  [InvalidInput.prototype, 'INVALID_INPUT'],
  [LimitExceeded.prototype, 'LIMIT_EXCEEDED'],
  // What a transaction of the call refuses.
  [BoundaryRefused.prototype, 'BOUNDARY_REFUSED'],
  [EffectUnsettled.prototype, 'EFFECT_UNSETTLED'],
  [EvidenceRefused.prototype, 'EVIDENCE_REFUSED'],
  [RunEnded.prototype, 'RUN_ENDED'],
  [StoreUnavailable.prototype, 'STORE_UNAVAILABLE'],
])

const reasons = new Set<string>([
  'role',
  'plan',
  'region',
  'risk',
  'policy',
  'approval-required',
  'approval-denied',
  'own-approval',
  'scope',
  'reserved-argument',
] satisfies Forbidden['reason'][])

const members = new Set(['name', 'code', 'reason', 'field', 'limit', 'maximum'])

/**
 * What a refusal that other code made says as one of ours: its class and its reason. A cause, a code, a message or a member
 * that was put on it may hold anything, somebody else's record too, and a reason that is none of ours would stop the
 * evidence. The words of an invalid input and of a limit are its author's, to whoever calls.
 *
 * @returns the very refusal where it says no more, another one where it does, `undefined` where it is none of ours
 */
export function findPlainRefusal(error: Refusal): Refusal | undefined {
  if (codes.get(Object.getPrototypeOf(error)) !== error.code) return undefined
  const plain = error instanceof NotFound || error instanceof Forbidden ? remake(error) : undefined
  if (error instanceof Forbidden && plain === undefined) return undefined
  const says = plain === undefined || error.message === plain.message
  if (says && !Object.hasOwn(error, 'cause') && Object.keys(error).every((name) => members.has(name))) return error
  if (plain !== undefined) return plain
  return error instanceof InvalidInput ? new InvalidInput('input', 'what the tool takes') : withoutMore(error)
}

function remake(error: NotFound | Forbidden): Refusal | undefined {
  if (error instanceof NotFound) return new NotFound()
  return reasons.has(error.reason) ? new Forbidden(error.reason) : undefined
}

// The store names what failed in a cause, for the app's own logger; the model is told neither.
function withoutMore(error: Refusal): Refusal | undefined {
  return error instanceof LimitExceeded ? undefined : error
}
