import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { boundaryOf } from '../../test/support/people.ts'
import { whilePatched, whilePolluted } from '../../test/support/polluted.ts'
import type { Grant } from './index.ts'
import { findFloorDenial, hashPolicy, narrow, requireLive } from './index.ts'
import type { BoundaryState, Policy, Risk } from './index.ts'
import type { FloorDenial, PolicyTool } from './policy.ts'
import { isRisk, riskReaches } from './policy.ts'

const risks = ['read', 'write', 'sensitive'] as const

const usualTool: PolicyTool = { name: 'read-ticket', risk: 'read', role: 'viewer' }

function stateOf(grant: Partial<Grant> = {}, risk: Risk = 'sensitive'): BoundaryState {
  return requireLive(narrow(boundaryOf({ grant }), { risk }))
}

function denialOf(tool: Partial<Record<keyof PolicyTool, unknown>>, grant?: Partial<Grant>, risk?: Risk) {
  return findFloorDenial(stateOf(grant, risk), { ...usualTool, ...tool } as PolicyTool)
}

// Words by their places in lists, as a table on paper: it shares nothing with the code but what both were told.
const ranks: Readonly<Record<string, number>> = { viewer: 1, member: 2, admin: 3, owner: 4 }
const reach: ReadonlySet<string> = new Set([
  'read>read',
  'write>read',
  'write>write',
  'sensitive>read',
  'sensitive>write',
  'sensitive>sensitive',
])

type Granted = Pick<Grant, 'allowedToolIds' | 'role' | 'plan' | 'region'>

function denialsByTheModel(grant: Granted, maximum: string, tool: PolicyTool): readonly string[] {
  const least = Object.hasOwn(ranks, tool.role) ? (ranks[tool.role] ?? 9) : 9
  const rank = Object.hasOwn(ranks, grant.role) ? (ranks[grant.role] ?? 0) : 0
  return [
    ...(new Set(grant.allowedToolIds).has(tool.name) ? [] : ['tool']),
    ...(rank >= least ? [] : ['role']),
    ...(tool.plans === undefined || new Set(tool.plans).has(grant.plan) ? [] : ['plan']),
    ...(tool.regions === undefined || new Set(tool.regions).has(grant.region) ? [] : ['region']),
    ...(reach.has(`${maximum}>${tool.risk}`) ? [] : ['risk']),
  ]
}

const names = fc.constantFrom('read-ticket', 'Read-ticket', 'read-ticket ', 'caf\u00e9', 'cafe\u0301', '*', '__proto__')
const roles = fc.constantFrom('viewer', 'member', 'admin', 'owner', 'auditor', 'Owner', 'constructor', 'length')
const plans = fc.constantFrom('free', 'pro', 'Pro', '*', 'toString')
const regions = fc.constantFrom('eu', 'us', 'EU', '*', 'length')
const lists = <Item>(items: fc.Arbitrary<Item>) =>
  fc.option(fc.uniqueArray(items, { maxLength: 3 }), { nil: undefined })

const grants = fc
  .record({ tools: fc.uniqueArray(names, { maxLength: 4 }), role: roles, plan: plans, region: regions })
  .map(({ tools, ...grant }) => ({ ...grant, allowedToolIds: tools }))

const tools: fc.Arbitrary<PolicyTool> = fc.record({
  name: names,
  risk: fc.constantFrom(...risks, 'Read' as Risk, '' as Risk, 'constructor' as Risk),
  role: roles,
  plans: lists(plans),
  regions: lists(regions),
})

describe('the floor', () => {
  test('should be what a model of it on paper is', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(grants, fc.constantFrom(...risks), tools, (grant, risk, tool) => {
        const denial = findFloorDenial(stateOf(grant, risk), tool)
        const [first] = denialsByTheModel(grant, risk, tool)
        expect(denial).toBe(first)
        seen.add(String(denial))
      }),
      { numRuns: 3000 },
    )
    // Agreement about denials alone would say nothing.
    expect([...seen].toSorted()).toEqual(['plan', 'region', 'risk', 'role', 'tool', 'undefined'])
  })

  test('should allow no more once the boundary is narrowed', () => {
    fc.assert(
      fc.property(grants, fc.constantFrom(...risks), fc.constantFrom(...risks), tools, (grant, risk, lower, tool) => {
        const wide = narrow(boundaryOf({ grant }), { risk })
        const small = narrow(wide, { risk: lower, tools: ['read-ticket', '*'], role: 'member' })
        if (findFloorDenial(requireLive(wide), tool) === undefined) return
        expect(findFloorDenial(requireLive(small), tool)).toBeDefined()
      }),
    )
  })

  test('should deny what is not named', () => {
    expect(denialOf({}, { allowedToolIds: [] })).toBe('tool')
    expect(denialOf({ name: '*' })).toBe('tool')
    expect(denialOf({}, { allowedToolIds: ['*'] })).toBe('tool')
    expect(denialOf({ plans: [] })).toBe('plan')
    expect(denialOf({ regions: [] })).toBe('region')
    expect(denialOf({})).toBeUndefined()
  })

  test.each([
    ['role', { role: 'superuser' }],
    ['role', { role: '' }],
    ['role', { role: undefined }],
    ['role', { role: 'Viewer' }],
    ['plan', { plans: ['Pro'] }],
    ['plan', { plans: ['pro ', 'p', 'pro-eu'] }],
    ['plan', { plans: 'professional' }],
    ['region', { regions: ['EU', 'e', 'eu-west'] }],
    ['region', { regions: [['eu']] }],
    ['risk', { risk: 'none' }],
    ['risk', { risk: undefined }],
    ['risk', { risk: 'Read' }],
    ['risk', { risk: 0 }],
    ['tool', { name: undefined }],
  ] as const)('should deny for its %s what nobody knows: %j', (denial, tool) => {
    expect(denialOf(tool)).toBe(denial)
  })

  test('should deny a role, a plan and a region of a member that no tool names', () => {
    expect(denialOf({}, { role: 'auditor' })).toBe('role')
    expect(denialOf({ plans: ['pro'] }, { plan: 'trial' })).toBe('plan')
    expect(denialOf({ regions: ['eu'] }, { region: 'moon' })).toBe('region')
  })

  test.each([
    ['another case', 'Read-ticket'],
    ['capitals', 'READ-TICKET'],
    ['a blank after it', 'read-ticket '],
    ['a blank before it', ' read-ticket'],
    ['a blank without width', 'read-ticket\u200b'],
    ['a Cyrillic e', 'r\u0435ad-ticket'],
    ['a full-width letter', '\uff52ead-ticket'],
    ['another dash', 'read\u2010ticket'],
    ['a part of it', 'read'],
    ['more than it', 'read-ticket-2'],
    ['a dotless i', 'read-t\u0131cket'],
  ])('should deny a tool whose name looks alike: %s', (_what, name) => {
    expect(denialOf({ name })).toBe('tool')
    // No directory that is parsed grants some of these.
    expect(findFloorDenial({ ...stateOf(), allowedToolIds: [name] }, usualTool)).toBe('tool')
  })

  // Such a name is in no grant: the directory's answer is refused for it.
  test.each(['read-ticket\n', 'read-ticket\0', 'read-ticket\u2028', 'read-ticket\ud800'])(
    'should deny a tool whose name no grant can hold: %j',
    (name) => {
      expect(denialOf({ name })).toBe('tool')
    },
  )

  test('should keep composed and decomposed names apart', () => {
    expect(denialOf({ name: 'cafe\u0301' }, { allowedToolIds: ['caf\u00e9'] })).toBe('tool')
    expect(denialOf({ name: 'caf\u00e9' }, { allowedToolIds: ['cafe\u0301'] })).toBe('tool')
  })
})

/** Every denial there is, each from a tool that lacks one thing. */
const denied: readonly (readonly [FloorDenial, object])[] = [
  ['tool', { name: 'delete-everything' }],
  ['role', { role: 'owner' }],
  ['role', { role: 'superuser' }],
  ['plan', { plans: ['enterprise'] }],
  ['region', { regions: ['us'] }],
  ['risk', { risk: 'write' }],
  ['risk', { risk: 'none' }],
]

describe('a process that was tampered with', () => {
  const patches: readonly (readonly [string, object, PropertyKey, unknown])[] = [
    ['Array.prototype.includes', Array.prototype, 'includes', () => true],
    ['Array.prototype.indexOf', Array.prototype, 'indexOf', () => 0],
    ['Array.prototype.some', Array.prototype, 'some', () => true],
    ['Array.prototype.find', Array.prototype, 'find', () => 'read'],
    ['Set.prototype.has', Set.prototype, 'has', () => true],
    ['Map.prototype.get', Map.prototype, 'get', () => 9],
    ['Object.is', Object, 'is', () => true],
    ['Object.hasOwn', Object, 'hasOwn', () => true],
    ['Object.assign', Object, 'assign', () => ({ ...usualTool })],
    ['String.prototype.localeCompare', String.prototype, 'localeCompare', () => 0],
    [
      'Array.prototype[Symbol.iterator]',
      Array.prototype,
      Symbol.iterator,
      function* () {
        yield 'delete-everything'
      },
    ],
  ]

  test.each(patches)('should not open the floor by another %s', (_name, owner, name, patch) => {
    const state = stateOf({}, 'read')
    for (const [denial, tool] of denied) {
      const asked = { ...usualTool, ...tool } as PolicyTool
      expect(whilePatched(owner, name, patch, () => findFloorDenial(state, asked))).toBe(denial)
    }
    expect(whilePatched(owner, name, patch, () => isRisk('none'))).toBe(false)
    expect(whilePatched(owner, name, patch, () => riskReaches('read', 'write'))).toBe(false)
  })

  test.each([
    ['risk', 'read', 'risk'],
    ['role', 'viewer', 'role'],
    ['name', 'read-ticket', 'tool'],
  ] as const)('should not take the %s that a tool lacks from a polluted prototype', async (member, value, denial) => {
    const { [member]: _left, ...rest } = usualTool
    const found = await whilePolluted(member, value, () => findFloorDenial(stateOf(), rest as PolicyTool))
    expect(found).toBe(denial)
  })

  test.each([
    ['allowedToolIds', ['delete-everything'], 'tool'],
    ['plan', 'enterprise', 'plan'],
    ['maximumRisk', 'sensitive', 'risk'],
    ['3', 'superuser', 'role'],
    ['4', 'superuser', 'role'],
    ['superuser', 0, 'role'],
  ] as const)('should not take %s of a boundary from a polluted prototype', async (name, value, denial) => {
    const state = stateOf({}, 'read')
    for (const [expected, tool] of denied.filter(([kind]) => kind === denial)) {
      const asked = { ...usualTool, ...tool } as PolicyTool
      expect(await whilePolluted(name, value, () => findFloorDenial(state, asked))).toBe(expected)
    }
  })

  test('should read each member of a tool once', () => {
    const reads: string[] = []
    const tool = new Proxy(
      { ...usualTool, plans: ['enterprise'] },
      {
        get(target, name, self) {
          reads.push(String(name))
          return reads.filter((read) => read === 'plans').length > 1 ? ['pro'] : Reflect.get(target, name, self)
        },
      },
    )
    expect(findFloorDenial(stateOf(), tool)).toBe('plan')
    expect(reads.toSorted()).toEqual(['name', 'plans', 'risk', 'role'])
  })
})

describe('hashPolicy', () => {
  const policyOf = (hash: unknown, decide: unknown = () => true) => ({ hash, decide }) as Policy

  test('should tell the floor alone and each policy apart, and stay the same for one', () => {
    const hashes = [undefined, policyOf('a'), policyOf('b'), policyOf('null'), policyOf('a"]')].map(hashPolicy)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashes.every((hash) => /^[0-9a-f]{32}$/.test(hash))).toBe(true)
    expect(hashPolicy(policyOf('a', () => false))).toBe(hashes[1])
    // Written into evidence: another value here is another policy in every log.
    expect(hashPolicy(undefined)).toBe('71fa3734ae537b2ec4ad7bbdfee10b5c')
  })

  test.each([
    ['null', null],
    ['a function', () => true],
    ['a string', 'permit'],
    ['no members', {}],
    ['no hash', { decide: () => true }],
    ['an empty hash', policyOf('')],
    ['a hash that is no text', policyOf(7)],
    ['nothing that decides', { hash: 'a' }],
    ['an answer instead of what decides', policyOf('a', true)],
  ])('should refuse %s for a policy', (_what, policy) => {
    expect(() => hashPolicy(policy as Policy)).toThrow(TypeError)
    expect(() => hashPolicy(policy as Policy)).toThrow(/policy needs a hash and decide/)
  })
})
