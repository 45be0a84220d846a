import { describe, expect, test } from 'vitest'

import { Authority } from '../boundary/index.ts'
import { learnClock } from './learn-clock.ts'

describe('learnClock', () => {
  test('should judge by the database’s clock', () => {
    const authority = new Authority()
    learnClock(authority, Date.now() + 20_000, Date.now())
    expect(authority.now() - Date.now()).toBeGreaterThan(19_000)
  })

  test.each([31_000, -31_000, Number.NaN])('should refuse a clock that is off by %d ms', (offset) => {
    expect(() => learnClock(new Authority(), Date.now() + offset, Date.now())).toThrow(/clock/)
  })
})
