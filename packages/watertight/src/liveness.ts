import { BoundaryRefused } from './errors.ts'
import { markRevoked, renewBoundary, requireKnown, requireLive, stillGranted } from './boundary/index.ts'
import type { AgentBoundary, Authority, BoundaryState, Directory } from './boundary/index.ts'

/** Whether a boundary still stands, asked at the start of every operation. */
export interface Liveness {
  /** @throws {BoundaryRefused} when the boundary is not live, or the app's directory grants it no more */
  ofBoundary(boundary: AgentBoundary): Promise<AgentBoundary>
  ofRun(boundary: AgentBoundary): RunLiveness
}

/** The boundary of a run: the given one while it lasts, then one renewed from a fresh grant, to the run's own end. */
interface RunLiveness {
  /** @throws {BoundaryRefused} when it is not live, or the grant that it began with is gone */
  renew(until: number): Promise<AgentBoundary>
  /** Refuses a boundary that the process knows to be over. Asks nobody. @throws {BoundaryRefused} */
  requireStanding(): void
}

/** A run renews its boundary this long before it ends, in milliseconds, so that no operation is cut in the middle. */
const renewalMargin = 30_000

/**
 * @param freshness how old an answer of the app's own directory may be, in milliseconds; `undefined` for the built-in
 *   directory, whose epoch and versions the database checks in every statement
 */
export function createLiveness(authority: Authority, directory: Directory, freshness: number | undefined): Liveness {
  // Keyed by boundary: what one was told is no answer for another.
  const confirmed = new WeakMap<BoundaryState['life'], number>()

  const ask = (state: BoundaryState) =>
    directory.grant(
      { issuer: state.issuer, subject: state.userId, tenantId: state.tenantId, expiresAt: state.expiresAt },
      { workspaceId: state.workspaceId },
    )

  async function confirm(state: BoundaryState): Promise<void> {
    if (freshness === undefined) return
    // By the process clock alone: how old an answer is has nothing to do with the database's. One from the future, after
    // the clock was set back, is of no known age.
    const asked = Date.now()
    const age = asked - (confirmed.get(state.life) ?? Number.NEGATIVE_INFINITY)
    if (age >= 0 && age < freshness) return
    if (!stillGranted(state, await ask(state))) {
      markRevoked(state)
      throw new BoundaryRefused('revoked')
    }
    confirmed.set(state.life, asked)
  }

  return {
    async ofBoundary(boundary) {
      await confirm(requireLive(boundary, authority))
      return boundary
    },
    ofRun(first) {
      let current = first
      return {
        async renew(until) {
          const state = requireKnown(current, authority)
          if (state.life.revoked) throw new BoundaryRefused('revoked')
          const last = Math.min(until, state.notAfter)
          if (state.expiresAt - renewalMargin <= authority.now() && state.expiresAt < last)
            current = renewBoundary(state, await ask(state), until)
          await confirm(requireLive(current, authority))
          return current
        },
        requireStanding: () => void requireLive(current, authority),
      }
    },
  }
}
