import { markRevoked, requireLive } from '../boundary/index.ts'
import type { AgentBoundary } from '../boundary/index.ts'
import { BoundaryRefused, Forbidden, Refusal, StoreUnavailable } from '../errors.ts'

/** The SQLSTATE of every refusal of the database's guard, and of row security on a write. */
const insufficientPrivilege = '42501'

/**
 * Turns what the database said into a refusal. The guard's errors become a refused boundary, lost connections a store
 * that is away; anything else is returned as it is, for the caller to judge.
 */
export function toRefusal(error: unknown, boundary?: AgentBoundary): unknown {
  if (error instanceof Refusal || error instanceof TypeError || !(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === insufficientPrivilege) return fromGuard(error, boundary)
  return isConnectionLost(code, error.message)
    ? new StoreUnavailable('the connection was lost or refused', { cause: error })
    : error
}

/** As `toRefusal`, for statements of our own: an error that is none of the known ones is a store that is away. */
export function toStoreRefusal(error: unknown, boundary?: AgentBoundary): unknown {
  const refusal = toRefusal(error, boundary)
  if (refusal instanceof Refusal || refusal instanceof TypeError) return refusal
  return new StoreUnavailable('a statement failed', { cause: error })
}

function fromGuard(error: Error, boundary: AgentBoundary | undefined): Refusal {
  if (lacksRight(error)) return new Forbidden('scope', { cause: error }, grantIt)
  if (error.message === 'watertight: no approval') return new Forbidden('approval-required', { cause: error })
  if (!error.message.startsWith('watertight: ')) return new Forbidden('scope', { cause: error })
  if (error.message === 'watertight: expired token') return new BoundaryRefused('expired', { cause: error })
  if (error.message !== 'watertight: revoked token') return new BoundaryRefused('forged', { cause: error })
  if (boundary !== undefined) markRevoked(requireLive(boundary))
  return new BoundaryRefused('revoked', { cause: error })
}

const grantIt = 'The app role has no right to something that the statement names: grant it in a migration.'

// A right is the role's, and so every boundary's alike: to be told of it tells nothing of anybody's rows. The message is
// in the server's language; the routine that raised it is not.
function lacksRight(error: Error): boolean {
  return 'routine' in error && error.routine === 'aclcheck_error'
}

/** The SQLSTATE, or the system's error code, if the error has one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const sqlState = /^[0-9A-Z]{5}$/

/** What the driver says on its own account, without a code. Whole beginnings, because `work` throws errors of its own. */
const driverErrors =
  /^(Connection (terminated|ended)|Client (has encountered|was closed)|timeout (exceeded|expired)|Query read timeout|Cannot use a pool)/

// Class 08 is connection exceptions, 57P the server going away, 53 a server that has no room (PostgreSQL, appendix A).
function isConnectionLost(code: string, message: string): boolean {
  if (/^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENET)/.test(code)) return true
  if (sqlState.test(code)) return /^(08|57P|53)/.test(code)
  return driverErrors.test(message)
}
