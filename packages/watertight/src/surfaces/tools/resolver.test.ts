import { describe, expect, test } from 'vitest'

import { boundaryOf } from '../../../test/support/people.ts'
import { fromTable } from './resolver.ts'

describe('fromTable', () => {
  test('should quote names, and ask for tenant, workspace and ids by equality', async () => {
    const sent: unknown[] = []
    const transact = async <Result>(work: (transaction: never) => Promise<Result>): Promise<Result> =>
      await work({ query: async (...given: unknown[]) => (sent.push(given), { rows: [], rowCount: 0 }) } as never)
    const resolver = fromTable('my "desk".ticket', { id: 'no', tenant: 'org', workspace: 'team' })
    await resolver.find(["a' or '1'='1"], { boundary: boundaryOf(), transact })
    expect(sent).toEqual([
      [
        'select * from "my ""desk"""."ticket" where "org" = $1 and "team" = $2 and "no"::text = any ($3::text[])',
        ['acme', 'support', ["a' or '1'='1"]],
      ],
    ])
  })

  test('should take a number for an id', () => {
    expect(fromTable('ticket').id({ id: 7 })).toBe('7')
  })

  test.each([null, undefined, {}, ['acme'], Number.NaN, true])('should not take %s for an owner or an id', (value) => {
    const resolver = fromTable('ticket')
    expect(resolver.owner({ tenant_id: value, workspace_id: value })).toEqual({ tenantId: '', workspaceId: '' })
    expect(resolver.id({ id: value })).toBe('')
  })
})
