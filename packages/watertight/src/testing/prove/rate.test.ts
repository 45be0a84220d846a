import { expect, test } from 'vitest'

import { rateOf } from './rate.ts'

// From the table in R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('should give the interval of %i in %i', (hits, n, low, high) => {
  const rate = rateOf(hits, n)
  expect(rate.low).toBeCloseTo(low, 4)
  expect(rate.high).toBeCloseTo(high, 4)
  expect(rate.rate).toBe(hits / n)
})

test('should say of nothing that it may be anything', () => {
  expect(rateOf(0, 0)).toEqual({ n: 0, hits: 0, rate: 0, low: 0, high: 1 })
  expect(rateOf(5, 5).high).toBe(1)
})
