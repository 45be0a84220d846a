import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { compareCarelessly } from './careless.ts'
import { createTwins } from './create-twins.ts'
import type { Twins } from './create-twins.ts'
import { lookAlikeKinds, makeLookAlike } from './look-alike.ts'
import { twinStores } from './twin.ts'

const options = fc.record({
  seed: fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' })),
  tenants: fc.integer({ min: 1, max: 40 }),
  workspaces: fc.integer({ min: 1, max: 3 }),
  users: fc.integer({ min: 1, max: 3 }),
})

/** Each list of ids in which look-alikes stand beside one another. */
function neighbours(twins: Twins<'memory'>) {
  const { tenants } = twins
  const workspaces = tenants.map((tenant) => tenant.workspaces)
  return [tenants, ...workspaces, ...workspaces.flat().map((workspace) => workspace.users)]
}

describe('twins', () => {
  test('should be Northstar Dental and Northstar Design where nothing else is said', () => {
    const { tenants } = createTwins()
    expect(tenants.map(({ id, name }) => [id, name])).toEqual([
      ['northstar-dental', 'Northstar Dental'],
      ['northstar-design', 'Northstar Design'],
    ])
    expect(tenants[0]?.resembles).toEqual([{ id: 'northstar-design', by: ['truncated'] }])
  })

  test('should be the same byte for byte, today and on every machine', () => {
    const text = JSON.stringify(createTwins({ seed: 'a settled seed', tenants: 30, workspaces: 3, users: 3 }))
    expect(createHash('sha256').update(text).digest('hex')).toBe(
      'bf0b2c4bf645fd3cd8bfb59cd3da36db5474ad42569ccc58638de91f8b322e33',
    )
  })

  test('should be the same for the same options, and have other secrets for another seed', () => {
    fc.assert(
      fc.property(options, (given) => {
        const twins = createTwins(given)
        expect(JSON.stringify(createTwins(given))).toBe(JSON.stringify(twins))
        const others = new Set(createTwins({ ...given, seed: `${given.seed}'` }).canaries.map(({ value }) => value))
        expect(twins.canaries.filter(({ value }) => others.has(value))).toEqual([])
      }),
      { seed: 1, numRuns: 10 },
    )
  })

  test('should have ids that differ by ===, each with another that a careless comparison takes for it', () => {
    fc.assert(
      fc.property(options, (given) => {
        for (const list of neighbours(createTwins({ ...given, stores: ['memory'] }))) {
          const ids = list.map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
          for (const { id, resembles } of list) {
            if (ids.length > 1) expect(resembles.length, id).toBeGreaterThan(0)
            for (const { id: other, by } of resembles) {
              expect(other).not.toBe(id)
              expect(by.length).toBeGreaterThan(0)
              expect(compareCarelessly(id, other)).toEqual(by)
            }
          }
        }
      }),
      { seed: 2, numRuns: 40 },
    )
  })

  test('should count as asked', () => {
    fc.assert(
      fc.property(options, (given) => {
        const { tenants, canaries } = createTwins(given)
        expect(tenants).toHaveLength(given.tenants)
        expect(new Set(tenants.map(({ workspaces }) => workspaces.length))).toEqual(new Set([given.workspaces]))
        const owners = given.tenants * (1 + given.workspaces * (1 + given.users))
        expect(canaries).toHaveLength(owners * twinStores.length)
        expect(new Set(canaries.map(({ value }) => value)).size).toBe(canaries.length)
        expect(new Set(canaries.map(({ label }) => label)).size).toBe(canaries.length)
      }),
      { seed: 3, numRuns: 15 },
    )
  })

  test('should differ from one another in their ids and secrets alone', () => {
    const { tenants, canaries } = createTwins({ tenants: 12 })
    const bare = tenants.map(({ workspaces }) => {
      const text = JSON.stringify(
        workspaces.map(({ tickets, documents, users }) => [tickets, documents, users.map((user) => user.memories)]),
      )
      return canaries.reduce((left, { value }) => left.replaceAll(value, '*'), text)
    })
    expect(new Set(bare).size).toBe(1)
    expect(bare[0]?.split('*').length).toBeGreaterThan(10)
    expect(new Set(tenants.flatMap(({ workspaces }) => workspaces.map(({ id }) => id))).size).toBe(2)
  })

  test('should tell what is foreign to a tenant, a workspace and a person', () => {
    const { tenants, canaries, foreignTo } = createTwins()
    const [mine, theirs] = tenants
    const [desk, sales] = mine?.workspaces ?? []
    const [john, jane] = desk?.users ?? []
    const place = { tenantId: mine?.id ?? '', workspaceId: desk?.id ?? '', userId: john?.id ?? '' }
    const foreign = new Set(foreignTo(place))
    for (const own of [mine, desk, john])
      expect(foreign.isDisjointFrom(new Set(Object.values(own?.canaries ?? {})))).toBe(true)
    for (const other of [theirs, sales, jane, sales?.users[0], theirs?.workspaces[0]?.users[0]])
      expect(new Set(Object.values(other?.canaries ?? {})).isSubsetOf(foreign)).toBe(true)
    expect(foreign.size).toBe(canaries.length - 3 * twinStores.length)
    // A workspace's own view holds no person's secrets.
    expect(foreignTo({ tenantId: place.tenantId }).length).toBe(canaries.length - twinStores.length)
  })

  test.each([
    { tenantId: 'northstar' },
    { tenantId: 'northstar-dental', userId: 'john_doe' },
    { tenantId: 'northstar-dental', workspaceId: 'ws_1 ' },
  ])('should not call everything foreign to an owner that does not exist: %j', (owner) => {
    expect(() => createTwins().foreignTo(owner)).toThrow(TypeError)
  })

  test.each([{ tenants: 0 }, { workspaces: 1.5 }, { users: -1 }, { tenants: Number.NaN }, { kinds: [] }])(
    'should refuse %j',
    (given) => {
      expect(() => createTwins(given)).toThrow(TypeError)
    },
  )

  test('should keep secrets where it is told', () => {
    const { tenants } = createTwins({ stores: ['vault'] })
    expect(Object.keys(tenants[0]?.canaries ?? {})).toEqual(['vault'])
    expect(JSON.stringify(tenants[0]?.workspaces[0]?.tickets)).toContain(
      tenants[0]?.workspaces[0]?.canaries.vault.value,
    )
  })

  test.each(lookAlikeKinds)('should make ids that look alike in the way of: %s', (kind) => {
    const base = kind === 'leading-zero' ? 'ws_1' : 'john_doe'
    const id = makeLookAlike(base, kind) ?? ''
    expect(id).not.toBe(base)
    expect(compareCarelessly(base, id)).not.toEqual([])
    expect(Buffer.byteLength(id)).toBeLessThan(64)
  })
})

describe('a careless comparison', () => {
  test.each([
    ['lower-case', 'acme', 'ACME'],
    ['upper-case', 'straße', 'STRASSE'],
    ['trim', 'acme', 'acme '],
    ['trailing-dots', 'acme', 'acme.'],
    ['white-space', 'a b', 'a  b'],
    ['prefix', 'acme', 'acme-eu'],
    ['prefix', 'user1', 'user10'],
    ['suffix', 'acme', 'my-acme'],
    ['substring', 'north', 'my-northstar'],
    ['truncated', 'northstar-dental', 'northstar-design'],
    ['first-segment', 'a:b', 'a:c'],
    ['like', 'john_doe', 'john-doe'],
    ['like', 'acme%', 'acme2'],
    ['pattern', 'a.b', 'a-b'],
    ['slug', 'john_doe', 'john-doe'],
    ['percent-decoded', 'a%2Db', 'a-b'],
    ['path', 'acme', './acme'],
    ['nfc', 'caf\u00e9', 'cafe\u0301'],
    ['nfkc', 'acme', '\uff41cme'],
    ['accents', 'cafe', 'caf\u00e9'],
    ['confusable', 'acme', '\u0430cme'],
    ['invisible', 'acme', 'a\u200bcme'],
    ['numeric', 'ws_1', 'ws_01'],
    ['e-mail-tag', 'sam', 'sam+eu'],
  ])('should take for one another, by %s: %j and %j', (name, left, right) => {
    expect(compareCarelessly(left, right)).toContain(name)
    expect(compareCarelessly(right, left)).toContain(name)
    expect(compareCarelessly(left, left)).toEqual([])
  })

  test('should tell apart what is not alike', () => {
    expect(compareCarelessly('acme', 'globex')).toEqual([])
    expect(compareCarelessly('%E0%A4%A', 'x')).toEqual([])
  })
})
