import { describe, expect, test } from 'vitest'

import { hasReservedName, isReservedName } from './reserved-arguments.ts'

const reserved = [
  'tenantId', 'tenant_id', 'TENANT-ID', 'Tenant Id', 'tenant.id', 'tenant[id]', 'tenantid', 'tenant', 'tenants', 'x-tenant-id', 'X_Tenant',
  'targetTenantId', 'context.tenantId', 'sourceWorkspaceIds', 'orgId', 'org', 'organizationId', 'organisation_id',
  'workspaceId', 'workspace', 'WORKSPACE_ID', 'ｔｅｎａｎｔＩｄ', 'ten\u200bantId', 'te\u0301nantId', 't\u00e9nantId', 'ſource_workſpace_id',
  'boundary', 'memoryNamespace', 'allowedToolIds', 'allowed_datasource_ids', '__proto__', 'constructor', 'prototype',
] // prettier-ignore
const plain = [
  'ticketId',
  'id',
  'query',
  'key',
  'status',
  'note',
  'origin',
  'organ',
  'works',
  'tenancy',
  'lieutenant',
  'x',
  'proto',
]

describe('isReservedName', () => {
  test.each(reserved)('should reserve %s', (name) => expect(isReservedName(name)).toBe(true))
  test.each(plain)('should not reserve %s', (name) => expect(isReservedName(name)).toBe(false))
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
