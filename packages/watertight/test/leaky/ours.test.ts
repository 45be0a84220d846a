import { beforeAll, describe, expect, test } from 'vitest'

import { answers } from './answers.ts'
import { incidents } from './incidents.ts'
import { scenarioNames } from './ours/scenarios.ts'
import { countAnswers, tryWatertight } from './run-leaky.ts'
import type { OursResult } from './run-leaky.ts'

let results: readonly OursResult[]
beforeAll(async () => {
  results = await tryWatertight()
}, 300_000)

const isPending = ({ number }: { readonly number: number }) => {
  const answer = answers.get(number)
  return answer !== undefined && 'pending' in answer
}

describe.each(incidents.filter((incident) => !isPending(incident)))('$number: $title', ({ number }) => {
  test('should show nothing on Watertight', () => {
    const result = results.find((each) => each.number === number)
    expect(result?.attempts).toBeGreaterThan(0)
    expect(result?.catches).toEqual([])
  })
})

describe.each(incidents.filter(isPending))('$number: $title', ({ number }) => {
  test('should not be counted as answered while its surface does not exist', () => {
    expect(results.map((result) => result.number)).not.toContain(number)
  })
})

test('should run every scenario for some incident', () => {
  expect(new Set(results.map(({ scenario }) => scenario))).toEqual(new Set(scenarioNames))
})

test('should count every incident once, as answered or as pending', () => {
  expect(countAnswers(results)).toEqual({ ours: 26, pending: 12 })
})
