/**
 * Every refusal of Watertight. A refusal holds names and reasons of ours, never a value, an id or a content:
 * whoever reads the message may be the model.
 */

/** The stable codes, one per class. Compare codes, not messages. */
export type RefusalCode =
  | 'UNAUTHENTICATED'
  | 'BOUNDARY_REFUSED'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'INVALID_INPUT'
  | 'LIMIT_EXCEEDED'
  | 'STORE_UNAVAILABLE'
  | 'SERVE_REFUSED'
  | 'FOLDER_REFUSED'
  | 'KEYS_REFUSED'
  | 'EVIDENCE_REFUSED'
  | 'RUN_ENDED'
  | 'PEER_MISSING'
  | 'TOOL_FAILED'
  | 'EFFECT_UNSETTLED'

/** The base of every refusal: a typed error that says no, with a stable `code`. */
export abstract class Refusal extends Error {
  abstract readonly code: RefusalCode

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }

  /** What may cross a wire: name, code and message. Never the stack, never the cause. */
  toJSON(): { name: string; code: RefusalCode; message: string } {
    return { name: this.name, code: this.code, message: this.message }
  }
}

/** Nobody was proved: no token, a token that does not verify, or one that names no tenant. An adapter answers 401. */
export class Unauthenticated extends Refusal {
  override readonly code = 'UNAUTHENTICATED'
  readonly reason: 'absent' | 'invalid' | 'expired' | 'no-tenant'

  constructor(reason: Unauthenticated['reason'], options?: ErrorOptions) {
    super(
      `The caller was not authenticated: ${reason}. Send a token that this service's identity provider issued.`,
      options,
    )
    this.reason = reason
  }
}

/** The boundary is no boundary (any more). `sealed`: a snapshot that nobody resumed. */
export class BoundaryRefused extends Refusal {
  override readonly code = 'BOUNDARY_REFUSED'
  readonly reason: 'absent' | 'forged' | 'sealed' | 'expired' | 'revoked'

  constructor(reason: BoundaryRefused['reason'], options?: ErrorOptions) {
    super(
      `The boundary was refused: ${reason}. Make a new one from a verified principal with watertight.boundary().`,
      options,
    )
    this.reason = reason
  }
}

/** What an operator names and the directory may not have. */
type DirectoryEntry = 'tenant' | 'workspace' | 'datasource' | 'member'

/** Missing and somebody else's are this one refusal: same class, same message, same code (CWE-203). */
export class NotFound extends Refusal {
  override readonly code = 'NOT_FOUND'

  /** @param entry what the directory lacks: for its admin side alone, which has no boundary and nobody to keep it from */
  constructor(entry?: DirectoryEntry) {
    super(
      entry === undefined
        ? 'Nothing by that id exists inside this boundary. Check the id, or ask for access to it.'
        : `The directory has no such ${entry}. Add it first, or check the id.`,
    )
  }
}

/** The boundary is sound, but its role, its allow-list or the policy does not reach this far. */
export class Forbidden extends Refusal {
  override readonly code = 'FORBIDDEN'
  readonly reason:
    | 'role'
    | 'plan'
    | 'region'
    | 'risk'
    | 'policy'
    | 'approval-required'
    | 'approval-denied'
    | 'own-approval'
    | 'scope'
    | 'reserved-argument'

  constructor(reason: Forbidden['reason'], options?: ErrorOptions, remedy = 'Ask an admin of the workspace.') {
    super(`This boundary does not permit the operation: ${reason}. ${remedy}`, options)
    this.reason = reason
  }
}

/** A person must consent first. `approvalId` names the request, for whoever decides; it is in no message. */
export class ApprovalRequired extends Forbidden {
  readonly #approvalId: string

  constructor(approvalId: string) {
    super('approval-required', undefined, 'A person who may approve it was asked; call it again once they have.')
    this.#approvalId = approvalId
  }

  /** what `approvals.approve()` and `deny()` take */
  get approvalId(): string {
    return this.#approvalId
  }
}

/** The input has the wrong shape. `field` names the part that is wrong, never its value. */
export class InvalidInput extends Refusal {
  override readonly code = 'INVALID_INPUT'
  readonly field: string

  constructor(field: string, expected: string, options?: ErrorOptions) {
    super(`${field} is not valid: it must be ${expected}. Send it again in that form.`, options)
    this.field = field
  }
}

/** The input is larger than a limit. The message names the limit. */
export class LimitExceeded extends Refusal {
  override readonly code = 'LIMIT_EXCEEDED'
  readonly limit: string
  readonly maximum: number

  constructor(limit: string, maximum: number) {
    super(
      `The limit ${limit} (${maximum}) was exceeded. Send less, or raise the limit where the surface is registered.`,
    )
    this.limit = limit
    this.maximum = maximum
  }
}

/** The database could not be reached, or the transaction did not commit. What was underway is there whole or not at all. */
export class StoreUnavailable extends Refusal {
  override readonly code = 'STORE_UNAVAILABLE'

  constructor(reason: string, options?: ErrorOptions) {
    super(`The database is not available: ${reason}. Nothing half-written is kept; try again later.`, options)
  }
}

/** Start-up or a migration found that isolation would not hold, and does nothing. `findings` says each thing to mend. */
export class ServeRefused extends Refusal {
  override readonly code = 'SERVE_REFUSED'
  readonly findings: readonly string[]

  constructor(findings: readonly string[], to: 'serve' | 'migrate' = 'serve') {
    super(`Watertight refuses to ${to}: ${findings.join('; ')}. Mend each finding and start again.`)
    this.findings = findings
  }
}

/** The embedded data folder cannot be opened as it is: in use by another process, or of another make. */
export class FolderRefused extends Refusal {
  override readonly code = 'FOLDER_REFUSED'

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`The data folder was refused: ${what}. ${remedy}`, options)
  }
}

/** Keys are absent, malformed, or not those that the data was written under. */
export class KeysRefused extends Refusal {
  override readonly code = 'KEYS_REFUSED'

  constructor(what: string, remedy: string, options?: ErrorOptions) {
    super(`The keys were refused: ${what}. ${remedy}`, options)
  }
}

/** The audit event could not be made durable, so what it would have recorded did not happen. */
export class EvidenceRefused extends Refusal {
  override readonly code = 'EVIDENCE_REFUSED'

  constructor(options?: ErrorOptions) {
    super(
      'The audit event could not be written, so the operation was refused. Restore the audit store and try again.',
      options,
    )
  }
}

/** The run has ended or outlived its time; nothing is read or written in its name any more. */
export class RunEnded extends Refusal {
  override readonly code = 'RUN_ENDED'

  constructor() {
    super('The run has ended. Start another one with startRun().')
  }
}

/** An optional package that the chosen option needs is not installed. */
export class PeerMissing extends Refusal {
  override readonly code = 'PEER_MISSING'

  constructor(option: string, packages: readonly string[], options?: ErrorOptions) {
    super(`${option} needs a package that is not installed. Run: npm install ${packages.join(' ')}`, options)
  }
}

/**
 * A call acts once, and this one did not act. `underway`: another try is at it. `unknown`: nobody can say whether an earlier
 * try took effect, so it is not tried again until the tool's lookup or a person has said so. `made`: it took effect, and
 * there is no answer of it to give.
 */
export class EffectUnsettled extends Refusal {
  override readonly code = 'EFFECT_UNSETTLED'
  readonly reason: 'underway' | 'unknown' | 'made'

  constructor(reason: EffectUnsettled['reason']) {
    super(`The effect of this call is settled elsewhere: ${reason}. Do not repeat it; a person can look at it.`)
    this.reason = reason
  }
}

/** A tool's own code threw, or took too long. It carries nothing of what was thrown: `onFailure` of `tools()` hears of that. */
export class ToolFailed extends Refusal {
  override readonly code = 'TOOL_FAILED'

  constructor() {
    super('The tool failed. Try again later, or without it.')
  }
}
