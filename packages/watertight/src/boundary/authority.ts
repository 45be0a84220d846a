/** How far the process clock may be from the database's before nothing is served, in milliseconds. */
export const maximumClockOffset = 30_000

/**
 * What one `openWatertight()` vouches for. Principals and boundaries remember who made them, so that one process with
 * two deployments (two regions, two databases) cannot take the boundary of one into the other.
 *
 * It also holds the time by which its boundaries are judged: the process clock, corrected by the offset last learnt
 * from the database, whose clock decides.
 */
export class Authority {
  #offset = 0

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offset
  }

  /** Learns from one reading of the database's clock. Returns the offset, so that the caller can refuse a large one. */
  learn(databaseNow: number): number {
    this.#offset = databaseNow - Date.now()
    return this.#offset
  }
}
