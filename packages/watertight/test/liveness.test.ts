import { afterEach, describe, expect, test, vi } from 'vitest'

import { boundaryOf, usualGrant, usualRows } from './support/people.ts'
import { Authority, markRevoked, narrow, requireLive } from '../src/boundary/index.ts'
import type { Directory, Grant } from '../src/boundary/index.ts'
import { createLiveness } from '../src/liveness.ts'

const minute = 60_000

/** An authority whose clock stands still until it is moved. */
class Clock extends Authority {
  at = Date.now()
  override now(): number {
    return this.at
  }
}

function setUp(answer: () => Grant | undefined, freshness?: number) {
  const clock = new Clock()
  const grant = vi.fn<Directory['grant']>(async () => answer())
  const liveness = createLiveness(clock, { grant }, freshness)
  const boundary = boundaryOf({ authority: clock, claims: { expiresAt: clock.at + 60 * minute } })
  return { clock, grant, liveness, boundary }
}

describe('the liveness of a run', () => {
  test('should keep its boundary while that lasts, and ask nobody', async () => {
    const { liveness, boundary, clock, grant } = setUp(() => usualGrant)
    const live = liveness.ofRun(boundary).renew
    clock.at += 14 * minute
    expect(await live(clock.at + 60 * minute)).toBe(boundary)
    expect(grant).not.toHaveBeenCalled()
  })

  test('should renew it by a fresh grant, shortly before its end and as often as needed', async () => {
    const { liveness, boundary, clock, grant } = setUp(() => usualGrant)
    const live = liveness.ofRun(boundary).renew
    const until = clock.at + 60 * minute
    for (const passed of [14.6, 14.6, 14.6, 14.6]) {
      clock.at += passed * minute
      const current = await live(until)
      expect(requireLive(current).expiresAt).toBe(Math.min(clock.at + 15 * minute, until))
    }
    expect(grant).toHaveBeenCalledTimes(4)
    clock.at = until
    await expect(live(until)).rejects.toMatchObject({ reason: 'expired' })
  })

  test('should keep what was narrowed away', async () => {
    const { liveness, boundary, clock } = setUp(() => usualGrant)
    const small = narrow(boundary, { tools: [], datasources: ['tickets'], role: 'viewer' })
    const live = liveness.ofRun(small).renew
    const before = requireLive(small)
    clock.at += 16 * minute
    const after = requireLive(await live(clock.at + 60 * minute))
    expect(after).toEqual({ ...before, expiresAt: clock.at + 15 * minute })
    expect(after.life).toBe(before.life)
  })

  test('should not outlive an end that was narrowed to', async () => {
    const { liveness, boundary, clock } = setUp(() => usualGrant)
    const live = liveness.ofRun(narrow(boundary, { expiresAt: new Date(clock.at + 20 * minute) })).renew
    clock.at += 16 * minute
    const current = requireLive(await live(clock.at + 60 * minute))
    expect(current.expiresAt).toBe(current.notAfter)
    clock.at += 4 * minute
    await expect(live(clock.at + 60 * minute)).rejects.toMatchObject({ reason: 'expired' })
  })

  test.each([
    ['nothing', undefined],
    ['another epoch', { ...usualGrant, epoch: usualGrant.epoch + 1 }],
    ['a lower epoch', { ...usualGrant, epoch: usualGrant.epoch - 1 }],
    ['another version', { ...usualGrant, version: usualGrant.version + 1 }],
    ['another member of the same name', { ...usualGrant, rows: { ...usualRows, member: usualRows.tenant } }],
    ['another tenant of the same name', { ...usualGrant, rows: { ...usualRows, tenant: usualRows.member } }],
  ])('should not be renewed by %s', async (_what, answer) => {
    const { liveness, boundary, clock } = setUp(() => answer)
    const live = liveness.ofRun(boundary).renew
    clock.at += 16 * minute
    await expect(live(clock.at + 60 * minute)).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'revoked' })
    const confirmed = setUp(() => answer, 0)
    await expect(confirmed.liveness.ofBoundary(confirmed.boundary)).rejects.toMatchObject({ reason: 'revoked' })
    expect(() => requireLive(confirmed.boundary)).toThrow(/revoked/)
  })

  test('should refuse a boundary of another deployment', async () => {
    const { liveness } = setUp(() => usualGrant)
    await expect(liveness.ofBoundary(boundaryOf())).rejects.toMatchObject({ reason: 'forged' })
    await expect(liveness.ofRun(boundaryOf()).renew(Date.now() + minute)).rejects.toMatchObject({ reason: 'forged' })
  })
})

describe('a renewal', () => {
  test('should ask for the very caller and place that the boundary is of', async () => {
    const { liveness, boundary, clock, grant } = setUp(() => usualGrant)
    const { expiresAt } = requireLive(boundary)
    clock.at += 15 * minute
    await liveness.ofRun(boundary).renew(clock.at + minute)
    const caller = { issuer: 'session', subject: 'alice', tenantId: 'acme', expiresAt }
    expect(grant.mock.calls).toEqual([[caller, { workspaceId: 'support' }]])
  })

  test('should come half a minute before the end, and not where the run ends with it', async () => {
    for (const [passed, left, asked] of [
      [14.5 * minute - 1, 10 * minute, 0],
      [14.5 * minute, 10 * minute, 1],
      [14.5 * minute, 0.5 * minute, 0],
      [14.5 * minute, 0.5 * minute - 1, 0],
    ] as const) {
      const { liveness, boundary, clock, grant } = setUp(() => usualGrant)
      clock.at += passed
      await liveness.ofRun(boundary).renew(clock.at + left)
      expect(grant).toHaveBeenCalledTimes(asked)
    }
  })

  test('should not be asked for once the boundary was revoked', async () => {
    const { liveness, boundary, clock, grant } = setUp(() => usualGrant)
    const run = liveness.ofRun(boundary)
    run.requireStanding()
    markRevoked(requireLive(boundary))
    clock.at += 15 * minute
    await expect(run.renew(clock.at + minute)).rejects.toMatchObject({ reason: 'revoked' })
    expect(() => run.requireStanding()).toThrow(/revoked/)
    expect(grant).not.toHaveBeenCalled()
  })

  test('should be what a run stands on afterwards', async () => {
    const { liveness, boundary, clock } = setUp(() => usualGrant)
    const run = liveness.ofRun(boundary)
    clock.at += 15 * minute
    expect(() => run.requireStanding()).toThrow(/expired/)
    await run.renew(clock.at + minute)
    run.requireStanding()
    clock.at += minute
    expect(() => run.requireStanding()).toThrow(/expired/)
  })
})

describe("an answer of the app's own directory", () => {
  afterEach(() => vi.useRealTimers())

  test('should count until it is as old as it may be, and for the boundary that it was about', async () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const { liveness, boundary, clock, grant } = setUp(() => usualGrant, 1_000)
    const twin = boundaryOf({ authority: clock, claims: { subject: 'alice2', expiresAt: clock.at + minute } })
    for (const [at, asked] of [
      [1_000_000, 1],
      [1_000_000, 1],
      [1_000_999, 1],
      [1_001_000, 2],
      [1_001_999, 2],
    ] as const) {
      vi.setSystemTime(at)
      expect(await liveness.ofBoundary(boundary)).toBe(boundary)
      expect(grant).toHaveBeenCalledTimes(asked)
    }
    await liveness.ofBoundary(twin)
    expect(grant).toHaveBeenCalledTimes(3)
    expect(grant.mock.lastCall).toMatchObject([{ subject: 'alice2' }, { workspaceId: 'support' }])
    await liveness.ofRun(boundary).renew(clock.at + minute)
    expect(grant).toHaveBeenCalledTimes(3)
  })

  test('should not count when it is of the future, after the clock was set back', async () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const { liveness, boundary, grant } = setUp(() => usualGrant, 1_000)
    await liveness.ofBoundary(boundary)
    vi.setSystemTime(999_999)
    await liveness.ofBoundary(boundary)
    expect(grant).toHaveBeenCalledTimes(2)
  })

  test('should be asked for each time where none may be old', async () => {
    const { liveness, boundary, grant } = setUp(() => usualGrant, 0)
    for (const asked of [1, 2, 3]) {
      await liveness.ofBoundary(boundary)
      expect(grant).toHaveBeenCalledTimes(asked)
    }
  })
})
