import { describe, expect, test } from 'vitest'

import { renderings } from '../../../test/support/renderings.ts'
import { createCanary } from './create-canary.ts'
import { createCanaryDetector } from './create-canary-detector.ts'

/** Canaries enough that none is found by luck of its letters. */
const canaries = Array.from({ length: 12 }, (_none, at) =>
  createCanary({ seed: 'renderings', owner: `owner-${at}`, store: 'memory' }),
)

describe('a canary', () => {
  const detector = createCanaryDetector(canaries)

  test.each(Object.entries(renderings))('should be found when it is rendered as: %s', (_name, render) => {
    const missed = canaries.filter(({ label, value }) => {
      const { findings, gaveUp } = detector.scan(render(value))
      expect(gaveUp).toEqual([])
      expect(JSON.stringify(findings)).not.toContain(value.slice(0, 6))
      expect(findings.map(({ canary }) => canary).filter((canary) => canary !== label)).toEqual([])
      return findings.length === 0
    })
    expect(missed).toEqual([])
  })

  test('should be tried in at least sixty renderings, each of which hides it from a search for the text', () => {
    const [canary] = canaries
    const value = canary?.value ?? ''
    const naive = Object.entries(renderings).filter(([, render]) => {
      const made = render(value)
      return typeof made === 'string'
        ? made.includes(value)
        : JSON.stringify(made, (_key, member: unknown) =>
            typeof member === 'bigint' ? `${member}` : member,
          )?.includes(value)
    })
    expect(Object.keys(renderings).length).toBeGreaterThanOrEqual(60)
    expect(naive.map(([name]) => name)).toEqual(expect.arrayContaining(['exact', 'the name of a member']))
    expect(naive.length).toBeLessThanOrEqual(6)
  })
})
