import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

import { beforeAll, describe, expect, test } from 'vitest'

import { answers } from './answers.ts'
import { countFixLines } from './count-fix-lines.ts'
import { defineIncident } from './incident.ts'
import { incidents } from './incidents.ts'
import { cacheKind } from './kinds/cache.ts'
import { recordsKind, CarefulRecords } from './kinds/records.ts'
import { kinds } from './kinds.ts'
import { scenarioNames } from './ours/scenarios.ts'
import { createCast } from './owners.ts'
import { tryIncidents } from './run-leaky.ts'
import type { IncidentResult } from './run-leaky.ts'
import { writeTable } from './table.ts'

const cast = createCast(1, 'short')

test('should have a leaky version for each of the 38 incidents, in a file of its number', () => {
  expect(incidents.map(({ number }) => number)).toEqual(Array.from({ length: 38 }, (_none, at) => at + 1))
  for (const { number, url, sources } of incidents) {
    expect(Number.parseInt(basename(url), 10)).toBe(number)
    expect(sources.length).toBeGreaterThan(0)
  }
})

test('should have an answer for each of them, and an incident for each scenario', () => {
  expect([...answers.keys()].toSorted((one, other) => one - other)).toEqual(incidents.map(({ number }) => number))
  const used = [...answers.values()].flatMap((answer) => ('scenario' in answer ? [answer.scenario] : []))
  expect(new Set(used)).toEqual(new Set(scenarioNames))
})

describe.each(incidents)('$number: $title', ({ number, url }) => {
  test('should be caught', ({ expect: expectHere }) => {
    const result = resultOf(number)
    expectHere(result?.caught, 'nothing that leaks may go unseen').toBeDefined()
    expectHere(result?.caught?.canary).toMatch(/^northstar/)
  })

  test('should be mended by at most ten lines, and let nothing through then', () => {
    expect(countFixLines(url)).toBeGreaterThan(0)
    expect(countFixLines(url)).toBeLessThanOrEqual(10)
    expect(resultOf(number)?.afterFix).toEqual([])
  })
})

const results: IncidentResult[] = []
beforeAll(async () => {
  results.push(...(await tryIncidents()))
}, 120_000)
const resultOf = (number: number) => results.find((result) => result.number === number)

describe('the results', () => {
  test('should hold no secret, nor half of one', () => {
    const { caller, others } = cast
    const told = JSON.stringify(results)
    for (const { canaries } of [caller, ...others.map(({ twin }) => twin)])
      for (const { value } of Object.values(canaries)) expect(told).not.toContain(value.slice(0, 12))
  })

  test('should be what the page says', () => {
    const page = readFileSync(new URL('../../../../docs/incidents.md', import.meta.url), 'utf8')
    expect(page).toContain(writeTable(results))
  })
})

describe.each(Object.values(kinds))('the contract of $name', (kind) => {
  // A promise that nothing can break proves nothing about who keeps it.
  test('should be broken by a component that does nothing', async () => {
    const idle = new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : async () => undefined) })
    await expect((async () => await kind.contract(idle as never, cast.caller))()).rejects.toThrow()
  })
})

describe('the contract of the cache', () => {
  test('should be broken by a cache that keeps tenants apart by never hitting', async () => {
    const never = { answer: async (_caller: unknown, _question: string, compute: () => string) => compute() }
    await expect(cacheKind.contract(never, cast.caller)).rejects.toThrow('answer 2')
  })
})

describe('a version that loses what it keeps', () => {
  // Refusing everybody keeps tenants apart too, and must not pass for it.
  test('should be caught, though no canary arrives anywhere', async () => {
    class Forgetful extends CarefulRecords {
      override async list(): Promise<readonly unknown[]> {
        return []
      }

      override async reach(): Promise<unknown> {
        return 'nothing'
      }
    }
    const { leaky } = defineIncident({
      number: 0,
      url: import.meta.url,
      title: 'forgetful',
      sources: [],
      kind: recordsKind,
      leaky: () => new Forgetful(),
      fixed: () => new CarefulRecords(),
    })
    const { attempts, catches } = await leaky.tryAll(cast)
    expect(new Set(catches.map(({ how }) => how))).toEqual(new Set(['lost']))
    expect(catches).toHaveLength(2 * attempts)
  })
})
