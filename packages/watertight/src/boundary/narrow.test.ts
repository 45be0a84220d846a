import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { boundaryOf, lookAlikes, usualGrant, usualRows } from '../../test/support/people.ts'
import { InvalidInput } from '../errors.ts'
import { isBoundary, narrow, renewBoundary, requireLive, roleReaches } from './index.ts'
import type { AgentBoundary, Narrowing } from './index.ts'

const risks = ['read', 'write', 'sensitive'] as const
const roles = ['viewer', 'member', 'admin', 'owner'] as const
const ids = fc.constantFrom<string[]>(...lookAlikes, 'read-ticket', '*', 'constructor', '__proto__')
const lists = fc.uniqueArray(ids, { maxLength: 8 })
const now = Date.now()
const dates = fc.integer({ min: 60_000, max: 3_600_000 }).map((later) => new Date(now + later))

const steps: fc.Arbitrary<Narrowing> = fc.record(
  {
    tools: lists,
    datasources: lists,
    role: fc.constantFrom(...roles),
    risk: fc.constantFrom(...risks),
    expiresAt: dates,
  },
  { requiredKeys: [] },
)

const starts = fc
  .record({ tools: lists, datasources: lists, role: fc.constantFrom(...roles, 'auditor') })
  .map(({ tools, datasources, role }) => {
    const rows = datasources.map((_, at) => `00000000-0000-4000-8000-0000000001${String(at).padStart(2, '0')}`)
    return boundaryOf({
      claims: { expiresAt: now + 1_800_000 },
      grant: {
        role,
        allowedToolIds: tools,
        allowedDatasourceIds: datasources,
        rows: { ...usualRows, datasources: rows },
      },
    })
  })

const isSubset = (part: readonly string[], whole: readonly string[]) => part.every((id) => whole.includes(id))

function expectWithin(inner: AgentBoundary, outer: AgentBoundary): void {
  expect(isSubset(inner.allowedToolIds, outer.allowedToolIds)).toBe(true)
  expect(isSubset(inner.allowedDatasourceIds, outer.allowedDatasourceIds)).toBe(true)
  expect(inner.expiresAt.getTime()).toBeLessThanOrEqual(outer.expiresAt.getTime())
  for (const least of roles) expect(roleReaches(inner.role, least) && !roleReaches(outer.role, least)).toBe(false)
  const [small, large] = [requireLive(inner), requireLive(outer)]
  expect(risks.indexOf(small.maximumRisk)).toBeLessThanOrEqual(risks.indexOf(large.maximumRisk))
  expect(small.notAfter).toBeLessThanOrEqual(large.notAfter)
  // The rows go with their ids: a row that stayed would be readable in the database though its id is gone.
  const rowOf = new Map(outer.allowedDatasourceIds.map((id, at) => [id, large.rows?.datasources[at]]))
  expect(small.rows?.datasources).toEqual(inner.allowedDatasourceIds.map((id) => rowOf.get(id)))
  const { tenantId, workspaceId, userId, issuer, plan, region, memoryNamespace, traceId, epoch, version, life } = large
  const same = { tenantId, workspaceId, userId, issuer, plan, region, memoryNamespace, traceId, epoch, version }
  expect(small).toMatchObject(same)
  expect(small.life).toBe(life)
}

describe('narrow', () => {
  test('should only shrink, at any depth', () => {
    fc.assert(
      fc.property(starts, fc.array(steps, { maxLength: 6 }), (start, path) => {
        let current = start
        for (const step of path) {
          const next = narrow(current, step)
          expectWithin(next, current)
          expectWithin(next, start)
          current = next
        }
      }),
    )
  })

  test('should come to the same in any order, and twice as once', () => {
    fc.assert(
      fc.property(starts, steps, steps, (start, one, other) => {
        const what = (boundary: AgentBoundary) => ({
          tools: boundary.allowedToolIds.toSorted(),
          datasources: boundary.allowedDatasourceIds.toSorted(),
          rows: requireLive(boundary).rows?.datasources.toSorted(),
          expiresAt: boundary.expiresAt,
          role: boundary.role,
          risk: requireLive(boundary).maximumRisk,
        })
        const forth = what(narrow(narrow(start, one), other))
        expect(what(narrow(narrow(start, other), one))).toEqual(forth)
        expect(what(narrow(narrow(narrow(start, one), one), other))).toEqual(forth)
      }),
    )
  })

  test('should be the intersection exactly, and nothing less', () => {
    fc.assert(
      fc.property(starts, lists, (start, tools) => {
        expect(narrow(start, { tools }).allowedToolIds).toEqual(start.allowedToolIds.filter((id) => tools.includes(id)))
      }),
    )
  })

  test('should leave the given boundary as it was', () => {
    const start = boundaryOf()
    const narrowed = narrow(start, { tools: [], datasources: [], role: 'viewer' })
    expect(isBoundary(narrowed)).toBe(true)
    expect(start.allowedToolIds).toEqual(usualGrant.allowedToolIds)
    expect([start.role, narrowed.role]).toEqual(['member', 'viewer'])
  })

  test('should leave none where an empty list is named, and all where nothing is', () => {
    const start = boundaryOf()
    expect(narrow(start, { tools: [] }).allowedToolIds).toEqual([])
    expect(requireLive(narrow(start, { datasources: [] })).rows?.datasources).toEqual([])
    expect(narrow(start, {}).allowedToolIds).toEqual(usualGrant.allowedToolIds)
  })

  test.each(risks.flatMap((first) => risks.map((then) => [first, then] as const)))(
    'should keep the lower of the risks %s and %s',
    (first, then) => {
      const lower = risks[Math.min(risks.indexOf(first), risks.indexOf(then))]
      expect(requireLive(narrow(narrow(boundaryOf(), { risk: first }), { risk: then })).maximumRisk).toBe(lower)
    },
  )

  test('should leave the risk where it is when it is not named, and a boundary that is new at the highest', () => {
    expect(requireLive(boundaryOf()).maximumRisk).toBe('sensitive')
    const low = narrow(boundaryOf(), { risk: 'read' })
    expect(requireLive(narrow(low, { tools: [] })).maximumRisk).toBe('read')
  })

  test('should keep the risk of a boundary that a run renews', () => {
    const state = requireLive(narrow(boundaryOf(), { risk: 'read' }))
    expect(requireLive(renewBoundary(state, usualGrant, now + 3_600_000)).maximumRisk).toBe('read')
  })

  test('should not lift an unknown role onto the ladder', () => {
    const start = boundaryOf({ grant: { role: 'auditor' } })
    for (const role of roles) expect(narrow(start, { role }).role).toBe('auditor')
  })

  const names = ['tools', 'datasources', 'role', 'risk', 'expiresAt']
  const unreadable: Readonly<Record<string, unknown>> = {
    undefined: undefined,
    null: null,
    'a number': 7,
    'a string': 'read-ticket',
    'a list': ['read-ticket'],
    'a map': new Map([['tools', []]]),
    'a function': () => ({ tools: [] }),
    'inherited members': Object.create({ tools: [] }),
    'a class with a getter': new (class {
      get tools() {
        return []
      }
    })(),
    'an unknown member': { tool: [] },
    'a member of the boundary': { allowedToolIds: [] },
    'another tenant': { tenantId: 'acme-eu' },
    'a symbol': { [Symbol('tools')]: [] },
    'tools that are undefined': { tools: undefined },
    'tools that are null': { tools: null },
    'tools in a set': { tools: new Set() },
    'tools in a string': { tools: 'read-ticket' },
    'datasources that are undefined': { datasources: undefined },
    'an unknown role': { role: 'superuser' },
    'a role that is undefined': { role: undefined },
    'a role in another case': { role: 'Viewer' },
    'a risk that is undefined': { risk: undefined },
    'a risk that is null': { risk: null },
    'an unknown risk': { risk: 'none' },
    'a risk in another case': { risk: 'Read' },
    'a risk that looks alike': { risk: 'r\u0435ad' },
    'a risk with a blank': { risk: 'read ' },
    'a risk in a list': { risk: ['read'] },
    'a risk by its rank': { risk: 0 },
    'the name in the state': { maximumRisk: 'read' },
    'an end that is undefined': { expiresAt: undefined },
    'an end in milliseconds': { expiresAt: Date.now() },
    'an end that is no date': { expiresAt: new Date(Number.NaN) },
  }

  test.each(Object.entries(unreadable))('should refuse %s, which must not mean "as before"', (_what, to) => {
    const asked = typeof to === 'object' && to !== null ? Object.keys(to)[0] : undefined
    const field = names.find((name) => name === asked) ?? 'narrowing'
    expect(() => narrow(boundaryOf(), to as Narrowing)).toThrow(InvalidInput)
    expect(() => narrow(boundaryOf(), to as Narrowing)).toThrow(expect.objectContaining({ field }))
  })

  test('should give a boundary that is over when it is narrowed to the past', () => {
    const over = narrow(boundaryOf(), { expiresAt: new Date(0) })
    expect(() => requireLive(over)).toThrow(/expired/)
  })
})
