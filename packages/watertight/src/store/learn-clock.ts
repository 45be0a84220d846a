import { maximumClockOffset } from '../boundary/index.ts'
import type { Authority } from '../boundary/index.ts'
import { ServeRefused } from '../errors.ts'

/**
 * Learns the database's clock, which judges, from one answer of the database.
 *
 * @param now what the database said, in milliseconds since 1970
 * @param sentAt when it was asked, by the process clock
 * @throws {ServeRefused} when the two differ by more than 30 s: what is judged by such a clock is not worth the judging
 */
export function learnClock(authority: Authority, now: unknown, sentAt: number): void {
  // The reading belongs to the middle of its round trip.
  const offset = authority.learn(Number(now) + (Date.now() - sentAt) / 2)
  if (Math.abs(offset) <= maximumClockOffset) return // NaN, an answer that is no time, is refused too
  throw new ServeRefused(['the clock of this machine differs from the database by more than 30 s'])
}
