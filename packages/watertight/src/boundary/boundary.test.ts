import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { boundaryOf, lookAlikes, principalOf, usualGrant, usualRows } from '../../test/support/people.ts'
import { whilePolluted } from '../../test/support/polluted.ts'
import { BoundaryRefused, InvalidInput, NotFound, Unauthenticated } from '../errors.ts'
import { Authority } from './authority.ts'
import {
  isBoundary,
  makeBoundary,
  markRevoked,
  parsePlace,
  renewBoundary,
  requireKnown,
  requireLive,
  stillGranted,
} from './boundary.ts'
import type { Grant } from './directory.ts'
import { narrow } from './narrow.ts'

const minute = 60_000

/** An authority whose clock stands still until it is moved. */
class Clock extends Authority {
  at = 1_000_000_000_000
  override now(): number {
    return this.at
  }
}

function setUp(end = 60 * minute, grant: Partial<Grant> = {}) {
  const clock = new Clock()
  const boundary = boundaryOf({ authority: clock, claims: { expiresAt: clock.at + end }, grant })
  return { clock, boundary, state: requireLive(boundary) }
}

const reasonOf = (work: () => unknown): string => {
  try {
    work()
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(BoundaryRefused)
    return (error as BoundaryRefused).reason
  }
}

describe('a boundary', () => {
  test('should tell what was granted, and where', () => {
    const { boundary, clock } = setUp()
    const told = {
      tenantId: 'acme',
      workspaceId: 'support',
      userId: 'alice',
      role: 'member',
      plan: 'pro',
      region: 'eu',
      allowedToolIds: ['read-ticket', 'update-ticket'],
      allowedDatasourceIds: ['handbook', 'tickets'],
      memoryNamespace: 'acme/support/session/alice',
      traceId: 'trace-secret',
      expiresAt: new Date(clock.at + 15 * minute),
      epoch: 3,
    }
    for (const [name, value] of Object.entries(told)) expect(Reflect.get(boundary, name), name).toEqual(value)
    expect(requireLive(boundary)).toMatchObject({
      issuer: 'session',
      version: 7,
      rows: usualRows,
      life: { revoked: false },
    })
  })

  test('should give look-alike tenants, workspaces, issuers and users a namespace each', () => {
    const spaces = lookAlikes.flatMap((id) => [
      boundaryOf({ claims: { tenantId: id } }).memoryNamespace,
      boundaryOf({ workspaceId: id }).memoryNamespace,
      boundaryOf({ claims: { issuer: id } }).memoryNamespace,
      boundaryOf({ claims: { subject: id } }).memoryNamespace,
    ])
    expect(new Set(spaces).size).toBe(spaces.length)
  })

  test('should end with the proof, and after fifteen minutes at the latest', () => {
    for (const [proof, life] of [
      [5, 5],
      [15, 15],
      [60, 15],
    ] as const) {
      const { boundary, clock } = setUp(proof * minute)
      clock.at += life * minute - 1
      expect(reasonOf(() => requireLive(boundary))).toBe('taken')
      clock.at += 1
      expect(reasonOf(() => requireLive(boundary))).toBe('expired')
      expect(requireKnown(boundary, clock).tenantId).toBe('acme')
    }
  })

  test('should not be made of a principal of another deployment, nor of one whose proof is over', () => {
    const [clock, other] = [new Clock(), new Clock()]
    const principal = principalOf(clock, { expiresAt: clock.at + minute })
    const place = { workspaceId: 'support' }
    expect(() => makeBoundary(other, principal, place, usualGrant)).toThrow(Unauthenticated)
    expect(() => makeBoundary(clock, Object.create(principal), place, usualGrant)).toThrow(Unauthenticated)
    expect(() => makeBoundary(clock, principal, place, undefined)).toThrow(NotFound)
    clock.at += minute
    expect(() => makeBoundary(clock, principal, place, usualGrant)).toThrow(Unauthenticated)
  })

  test('should be open to nobody who holds it', () => {
    const { boundary, state } = setUp()
    const { constructor } = boundary as unknown as { constructor: new (...given: unknown[]) => object }
    for (const by of [undefined, 'boundary', Symbol('boundary'), Symbol.for('boundary')]) {
      expect(() => new constructor(by, { ...state, tenantId: 'acme-eu' })).toThrow(TypeError)
      expect(() => new (class extends constructor {})(by, state)).toThrow(TypeError)
    }
    for (const target of [boundary, state, constructor, constructor.prototype, state.allowedToolIds, state.rows ?? {}])
      expect(Object.isFrozen(target)).toBe(true)
  })

  test('should neither serialise nor print what it holds', () => {
    const { boundary } = setUp()
    expect(() => JSON.stringify({ boundary })).toThrow(TypeError)
    expect(inspect(boundary)).toBe('AgentBoundary { redacted }')
    expect(Object.prototype.toString.call(boundary)).toBe('[object AgentBoundary]')
  })
})

describe('requireLive and requireKnown', () => {
  const { clock, boundary, state } = setUp()
  const forgeries: readonly unknown[] = [
    'acme',
    7,
    true,
    '',
    0,
    {},
    () => boundary,
    { ...state },
    state,
    new Proxy(boundary, {}),
    Object.create(boundary),
    Object.create(Object.getPrototypeOf(boundary)),
    structuredClone({ ...state, authority: null }),
  ]

  test('should take the boundary alone', () => {
    expect(requireLive(boundary)).toBe(state)
    expect(requireLive(boundary, clock)).toBe(state)
    expect(requireKnown(boundary, clock)).toBe(state)
    expect(isBoundary(boundary)).toBe(true)
  })

  test.each(forgeries.map((forged) => [inspect(forged, { depth: 0 }), forged] as const))(
    'should refuse %s as forged',
    (_what, forged) => {
      expect(reasonOf(() => requireLive(forged))).toBe('forged')
      expect(reasonOf(() => requireLive(forged, clock))).toBe('forged')
      expect(reasonOf(() => requireKnown(forged, clock))).toBe('forged')
      expect(isBoundary(forged)).toBe(false)
    },
  )

  test.each([undefined, null])('should refuse %s as absent', (absent) => {
    expect(reasonOf(() => requireLive(absent))).toBe('absent')
    expect(reasonOf(() => requireKnown(absent, clock))).toBe('absent')
    expect(isBoundary(absent)).toBe(false)
  })

  test('should refuse the boundary of another deployment as forged', () => {
    expect(reasonOf(() => requireLive(boundary, new Clock()))).toBe('forged')
    expect(reasonOf(() => requireKnown(boundary, new Clock()))).toBe('forged')
  })

  test('should refuse what was revoked, and all that was narrowed from the same', () => {
    const one = setUp()
    const [small, smaller] = [narrow(one.boundary, { tools: [] }), narrow(one.boundary, { role: 'viewer' })]
    markRevoked(requireLive(small))
    for (const over of [one.boundary, small, smaller]) expect(reasonOf(() => requireLive(over))).toBe('revoked')
    expect(reasonOf(() => requireLive(boundary))).toBe('taken')
    expect(requireKnown(small, one.clock).life.revoked).toBe(true)
  })
})

describe('parsePlace', () => {
  test('should take the ids as they are, and make a trace of its own where none is named', () => {
    expect(parsePlace({ workspaceId: 'Support ', traceId: 't' })).toEqual({ workspaceId: 'Support ', traceId: 't' })
    const [one, other] = [parsePlace({ workspaceId: 'support' }), parsePlace({ workspaceId: 'support' })]
    expect(one.traceId).toMatch(/^[0-9a-f-]{36}$/)
    expect(one.traceId).not.toBe(other.traceId)
  })

  test.each<[string, object]>([
    ['workspaceId', {}],
    ['workspaceId', { workspaceId: '' }],
    ['workspaceId', { workspaceId: 7 }],
    ['workspaceId', Object.create({ workspaceId: 'support' })],
    ['traceId', { workspaceId: 'support', traceId: '' }],
    ['traceId', { workspaceId: 'support', traceId: null }],
  ])('should refuse a %s that is missing or malformed', (field, place) => {
    try {
      parsePlace(place as never)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput)
      expect(error).toMatchObject({ field })
    }
  })

  test('should take no workspace from a polluted prototype', async () => {
    await whilePolluted('workspaceId', 'support2', () => {
      expect(() => parsePlace({} as never)).toThrow(InvalidInput)
    })
  })
})

// Whatever changed since: a grant that is another one is no ground to go on.
const changed: Readonly<Record<string, Grant | undefined | null>> = {
  'nothing at all': undefined,
  null: null,
  'another epoch': { ...usualGrant, epoch: 4 },
  'an earlier version': { ...usualGrant, version: 6 },
  'another tenant under the same id': { ...usualGrant, rows: { ...usualRows, tenant: usualRows.member } },
  'another workspace under the same id': { ...usualGrant, rows: { ...usualRows, workspace: usualRows.member } },
  'a member who was added again': { ...usualGrant, rows: { ...usualRows, member: usualRows.tenant } },
  'no rows any more': (({ rows: _rows, ...own }) => own)(usualGrant),
}

describe('stillGranted', () => {
  const { state } = setUp()

  test('should say so of the very grant that it was made from', () => {
    expect(stillGranted(state, { ...usualGrant })).toBe(true)
  })

  test.each(Object.entries(changed))('should not say so of %s', (_what, answer) => {
    expect(stillGranted(state, answer as Grant | undefined)).toBe(false)
  })

  test('should compare the grants of an app that has no rows', () => {
    const { rows: _rows, ...own } = usualGrant
    const clock = new Clock()
    const principal = principalOf(clock, { expiresAt: clock.at + minute })
    const mine = requireLive(makeBoundary(clock, principal, { workspaceId: 'support' }, own))
    expect(stillGranted(mine, { ...own })).toBe(true)
    expect(stillGranted(mine, usualGrant)).toBe(false)
    expect(stillGranted(mine, { ...own, version: 8 })).toBe(false)
  })

  test('should refuse an answer that is no grant', () => {
    expect(() => stillGranted(state, {} as never)).toThrow(TypeError)
  })
})

describe('renewBoundary', () => {
  test('should go on for fifteen minutes, and not beyond the run', () => {
    const { clock, state } = setUp()
    clock.at += 16 * minute
    const later = requireLive(renewBoundary(state, usualGrant, clock.at + 60 * minute))
    expect(later).toEqual({ ...state, expiresAt: clock.at + 15 * minute })
    expect(later.life).toBe(state.life)
    const short = requireLive(renewBoundary(state, usualGrant, clock.at + 5))
    expect(short.expiresAt).toBe(clock.at + 5)
  })

  test('should not go on beyond an end that was narrowed to, and keep what was narrowed away', () => {
    const { clock, boundary } = setUp()
    const small = requireLive(narrow(boundary, { tools: [], role: 'viewer', expiresAt: new Date(clock.at + minute) }))
    const later = requireLive(renewBoundary(small, usualGrant, clock.at + 60 * minute))
    expect(later).toMatchObject({ expiresAt: clock.at + minute, role: 'viewer', allowedToolIds: [] })
  })

  test.each(Object.entries(changed))('should refuse when the directory answers %s', (_what, answer) => {
    const { clock, state } = setUp()
    expect(reasonOf(() => renewBoundary(state, answer as Grant | undefined, clock.at + minute))).toBe('revoked')
  })

  test('should refuse what was revoked, whatever the directory answers', () => {
    const { clock, state } = setUp()
    markRevoked(state)
    expect(reasonOf(() => renewBoundary(state, usualGrant, clock.at + minute))).toBe('revoked')
  })
})
