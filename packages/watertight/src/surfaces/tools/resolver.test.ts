import { describe, expect, test } from 'vitest'

import { boundaryOf, lookAlikes } from '../../../test/support/people.ts'
import { fromTable, tableOf } from './resolver.ts'

describe('fromTable', () => {
  test('should quote names, and ask for tenant, workspace and ids by equality', async () => {
    const sent: unknown[] = []
    const transact = async <Result>(work: (transaction: never) => Promise<Result>): Promise<Result> =>
      await work({ query: async (...given: unknown[]) => (sent.push(given), { rows: [], rowCount: 0 }) } as never)
    const resolver = fromTable('my "desk".ticket', { id: 'no', tenant: 'org', workspace: 'team' })
    await resolver.find(["a' or '1'='1"], { boundary: boundaryOf(), transact })
    expect(sent).toEqual([
      [
        'select y.* from unnest($3::text[]) w(id), lateral (select x.* from "my ""desk"""."ticket" x where x."org" = $1 and x."team" = $2 and x."no"::text = w.id offset 0) y',
        ['acme', 'support', ["a' or '1'='1"]],
      ],
    ])
  })

  test('should take the usual names of columns where none are given', async () => {
    const sent: unknown[] = []
    const transact = async <Result>(work: (transaction: never) => Promise<Result>): Promise<Result> =>
      await work({ query: async (text: string) => (sent.push(text), { rows: [], rowCount: 0 }) } as never)
    await fromTable('ticket').find(['a', 'b', 'c', 'd', 'e'], { boundary: boundaryOf(), transact })
    expect(sent).toEqual([
      'select x.* from "ticket" x where x."tenant_id" = $1 and x."workspace_id" = $2 and x."id"::text = any ($3::text[]) offset 0',
    ])
  })

  test.each(lookAlikes)('should tell the owner and the id %j as they are', (id) => {
    const row = { id: `t-${id}`, tenant_id: id, workspace_id: `w-${id}` }
    expect(fromTable('ticket').owner(row)).toEqual({ tenantId: id, workspaceId: `w-${id}` })
    expect(fromTable('ticket').id(row)).toBe(`t-${id}`)
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

test('should be refused with a column or a type of id that is not known', () => {
  expect(() => fromTable('ticket', { tenent: 'org' } as object)).toThrow(/knows no column tenent/)
  for (const idType of ['int', 'UUID', '', null, 'text[]'])
    expect(() => fromTable('ticket', { idType: idType as 'text' })).toThrow(TypeError)
})

test('should be a table only as it was made: a copy that finds otherwise is asked itself', () => {
  const table = fromTable('ticket')
  expect(tableOf(table)).toMatchObject({ table: 'ticket', idType: 'text' })
  expect(tableOf({ ...table, find: async () => [] })).toBeUndefined()
})
