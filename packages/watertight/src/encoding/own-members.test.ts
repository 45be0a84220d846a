import { describe, expect, test } from 'vitest'

import { whilePolluted } from '../../test/support/polluted.ts'
import { ownMembers } from './own-members.ts'

describe('ownMembers', () => {
  test('should copy what is own and enumerable', () => {
    const value = Object.create({ inherited: 1 }, { hidden: { value: 2 }, own: { value: 3, enumerable: true } })
    expect({ ...ownMembers(value) }).toEqual({ own: 3 })
  })

  test('should have nothing to inherit from', async () => {
    await whilePolluted('tenantId', 'acme', () => {
      expect(ownMembers({})['tenantId']).toBeUndefined()
      expect(ownMembers(undefined)['tenantId']).toBeUndefined()
      expect('tenantId' in ownMembers(null)).toBe(false)
    })
    expect(ownMembers({})['constructor']).toBeUndefined()
  })

  test('should read each member once', () => {
    const answers = [1, 2]
    const members = ownMembers({
      get a() {
        return answers.shift()
      },
    })
    expect([members['a'], members['a'], answers.length]).toEqual([1, 1, 1])
  })

  test('should keep a member called __proto__ a member', () => {
    const members = ownMembers(JSON.parse('{"__proto__":{"tenantId":"acme"}}'))
    expect(members['tenantId']).toBeUndefined()
    expect(members['__proto__']).toEqual({ tenantId: 'acme' })
  })
})
