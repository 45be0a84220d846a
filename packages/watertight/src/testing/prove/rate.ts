/** How often something happened, with what can be said about it. */
export interface Rate {
  /** how often it could have happened */
  readonly n: number
  readonly hits: number
  /** hits of n; 0 where n is 0 */
  readonly rate: number
  /** the 95 % interval of Wilson, from 0 to 1: what n says about the next time, also where there was no hit at all */
  readonly low: number
  readonly high: number
}

/**
 * Counts how often something happened, with the interval of E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference" (1927): for no hit in few attempts it does not say never.
 */
export function rateOf(hits: number, n: number): Rate {
  if (n === 0) return { n, hits, rate: 0, low: 0, high: 1 }
  const z = 1.959963984540054
  const rate = hits / n
  const middle = rate + (z * z) / (2 * n)
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n))
  const whole = 1 + (z * z) / n
  // At the ends the two terms are equal but for rounding.
  const low = hits === 0 ? 0 : (middle - spread) / whole
  const high = hits === n ? 1 : (middle + spread) / whole
  return { n, hits, rate, low, high }
}
