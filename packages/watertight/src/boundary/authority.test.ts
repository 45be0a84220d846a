import { describe, expect, test, vi } from 'vitest'

import { Authority, maximumClockOffset } from './authority.ts'

describe('Authority', () => {
  test('should judge by the process clock until it has learnt, then by the clock of the database', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const authority = new Authority()
      expect(authority.now()).toBe(1_000_000)
      expect(authority.learn(1_004_000)).toBe(4_000)
      expect(authority.now()).toBe(1_004_000)
      vi.setSystemTime(1_001_000)
      expect(authority.now()).toBe(1_005_000)
      expect(authority.learn(999_000)).toBe(-2_000)
      expect(authority.now()).toBe(999_000)
    } finally {
      vi.useRealTimers()
    }
  })

  test('should keep the time of each deployment apart', () => {
    const [one, other] = [new Authority(), new Authority()]
    one.learn(Date.now() + 3_600_000)
    expect(Math.abs(other.now() - Date.now())).toBeLessThan(1_000)
    expect(maximumClockOffset).toBe(30_000)
  })
})
