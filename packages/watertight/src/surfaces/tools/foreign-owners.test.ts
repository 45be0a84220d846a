import { describe, expect, test } from 'vitest'

import { lookAlikes } from '../../../test/support/people.ts'
import type { Json } from '../../encoding/index.ts'
import { countForeign } from './foreign-owners.ts'

const owner = { tenantId: 'acme', workspaceId: 'support' }
const count = (value: Json) => countForeign(owner, value)

describe('countForeign', () => {
  const own: readonly Json[] = [
    null,
    'acme2',
    7,
    {},
    [],
    { tenantId: 'acme', workspaceId: 'support' },
    { tenant: { id: 'acme', name: 'Acme 2' } },
    { tenant: { tenantId: 'acme' } },
    { tenant: { _id: 'acme', uuid: 'acme' } },
    { tenant: { ID: 'acme' } },
    { tenant: { id: 'acme', workspaceId: 'support', tenantName: 'Acme 2', kid: 'x', idx: 'y' } },
    { workspace: { workspace_id: 'support' } },
    { tenantIds: ['acme', 'acme'] },
    { tenants: [{ id: 'acme' }, 'acme'] },
    { tenants: [{ tenantId: 'acme' }] },
    { tenant: { id: { tenantId: 'acme' } } },
    { tenants: [] },
    { isTenant: true, tenant: false },
    { workspaces: 3, tenants: 0 },
    { tenantName: 'Acme 2', workspaceSlug: 'support2', org_slug: null },
    { ticketId: 'acme2', note: 'tenantId acme2' },
    { memoryNamespace: 'acme2/support' },
    { text: 'no JSON {"tenantId":"acme2"}' },
    { rows: [{ org_id: 'acme', ws_id: 'support' }] },
  ]
  test.each(own)('should let %j be', (value) => expect(count(value)).toBe(0))

  test('should compare numbers by how they are written, and a number of tenants with nothing', () => {
    const numbered = { tenantId: '7', workspaceId: '12' }
    expect(countForeign(numbered, { tenantId: 7, workspaceId: 12, workspaces: 3 })).toBe(0)
    for (const value of [{ tenantId: 70 }, { tenantIds: [7, 8] }, { tenant: 8 }, { tenants: [8] }, { tenantIds: 8 }])
      expect(countForeign(numbered, value), JSON.stringify(value)).toBe(1)
  })

  test.each(lookAlikes.slice(1))('should count %j, which only looks like the own tenant', (id) => {
    for (const value of [
      { tenantId: id },
      { org_id: id },
      { tenant: id },
      { tenant: { id } },
      { tenant: { uuid: id } },
      { tenant: { _id: id } },
      { tenants: ['acme', id] },
      { tenants: [{ id: 'acme' }, { id }] },
      { tenantIds: [id] },
      { note: JSON.stringify({ tenantId: id }) },
      { note: `{"tenantId":${JSON.stringify(id)},"tenantId":"acme"}` },
      { note: `{"tenantId":"acme","tenantId":${JSON.stringify(id)}}` },
      { note: `{"a":1}\n{"tenantId":${JSON.stringify(id)}}` },
      { note: `{"tenant":{"name":"x","id":${JSON.stringify(id)},"id":"acme"}}` },
      { note: `{"tenantId":${JSON.stringify(id)},"note":"cut o` },
      { deep: [[{ tenantId: id, workspaceId: 'support' }]] },
      { tenantId: 'acme', workspaceId: 'support', org: id },
    ])
      expect(count(value), JSON.stringify(value)).toBe(1)
  })

  test.each(['support2', 'Support', 'support ', ''])(
    'should count %j, which only looks like the own workspace',
    (id) => {
      for (const value of [{ workspaceId: id }, { ws_id: id }, { workspace: { id } }, { workspaces: [id] }])
        expect(count(value), JSON.stringify(value)).toBe(1)
    },
  )

  test.each<Json>([
    { tenantId: null },
    { tenant: null },
    { tenant: {} },
    { tenant: { name: 'acme' } },
    { tenant: { workspaceId: 'support' } },
    { tenant: { id: null } },
    { tenant: { kid: 'acme' } },
    { tenant: { idx: 'acme' } },
    { tenant: { tenantName: 'acme' } },
    { workspaceId: 'acme' },
    { tenantId: 'support' },
  ])('should count %j, which names somebody else or nobody', (value) => expect(count(value)).toBe(1))

  test('should count each object once, and every object', () => {
    expect(count([{ tenantId: 'acme2', workspaceId: 'support2' }, { tenantId: 'acme' }, { tenantId: 'acme_' }])).toBe(2)
    for (const value of [
      { tenantId: 'acme2', child: { tenantId: 'acme2' } },
      { tenant: { tenantId: 'acme2' } },
      { tenant: { id: 'acme', tenant_id: 'acme2' } },
    ])
      expect(count(value)).toBe(2)
  })
})
