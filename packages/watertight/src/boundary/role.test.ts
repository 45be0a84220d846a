import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { roleReaches } from './role.ts'

const ladder = ['viewer', 'member', 'admin', 'owner']

describe('roleReaches', () => {
  test('should order the four roles', () => {
    for (const [rank, role] of ladder.entries())
      for (const [asked, least] of ladder.entries()) expect(roleReaches(role, least)).toBe(rank >= asked)
  })

  test.each([undefined, null])('should let a role that is %s reach nothing, nor be reached', (absent) => {
    for (const role of ladder) {
      expect(roleReaches(absent as never, role)).toBe(false)
      expect(roleReaches(role, absent as never)).toBe(false)
    }
    expect(roleReaches(absent as never, absent as never)).toBe(false)
  })

  test('should let no other name reach anything, nor be reached', () => {
    const others = fc.oneof(
      fc.string(),
      fc.constantFrom('Owner', 'owner ', 'OWNER', '', 'superuser', '__proto__', 'constructor', 'length', '0', '3'),
    )
    fc.assert(
      fc.property(
        others.filter((name) => !ladder.includes(name)),
        fc.constantFrom(...ladder),
        (name, known) => {
          expect(roleReaches(name, known)).toBe(false)
          expect(roleReaches(known, name)).toBe(false)
          expect(roleReaches(name, name)).toBe(false)
        },
      ),
    )
  })
})
