import { describe, expect, test } from 'vitest'

import { hasReservedName, isReservedName } from './reserved-arguments.ts'

const reserved = ['tenantId', 'x-tenant-id', 'org', 'ws_id', 'boundary', '__proto__', 'constructor', 'prototype']

describe('isReservedName', () => {
  test.each(reserved)('should reserve %s', (name) => expect(isReservedName(name)).toBe(true))
  test.each(['proto', 'ticketId'])('should not reserve %s', (name) => expect(isReservedName(name)).toBe(false))
})

describe('hasReservedName', () => {
  test.each(reserved)('should find %s at any depth', (name) => {
    const holding = JSON.parse(`{${JSON.stringify(name)}:1}`)
    for (const value of [holding, [holding], { a: holding }, { a: [{ b: [[holding]] }] }])
      expect(hasReservedName(value)).toBe(true)
  })

  test('should not take values for names', () => {
    expect(hasReservedName({ query: 'tenantId', list: ['constructor', 1, null] })).toBe(false)
  })
})
