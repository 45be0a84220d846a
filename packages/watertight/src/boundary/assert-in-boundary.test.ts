import { describe, expect, test } from 'vitest'

import { boundaryOf, lookAlikes } from '../../test/support/people.ts'
import { NotFound } from '../errors.ts'
import { assertInBoundary } from './assert-in-boundary.ts'

const mine = boundaryOf()
const own = { tenantId: 'acme', workspaceId: 'support', subject: 'a ticket' }

function refusalOf(record: unknown): unknown {
  try {
    return assertInBoundary(mine, record as typeof own)
  } catch (error) {
    return error
  }
}

describe('assertInBoundary', () => {
  test('should take a record of the boundary', () => {
    expect(() => assertInBoundary(mine, own)).not.toThrow()
    expect(() => assertInBoundary(mine, Object.assign(Object.create(null), own))).not.toThrow()
  })

  const outside: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a text', 'acme'],
    ['no owner', { subject: 'x' }],
    ['no workspace', { tenantId: 'acme' }],
    ['no tenant', { workspaceId: 'support' }],
    ['an inherited owner', Object.create(own)],
    ['lists of one', { tenantId: ['acme'], workspaceId: ['support'] }],
    ['ids that become the ids', { tenantId: new String('acme'), workspaceId: { toString: () => 'support' } }],
    ['another workspace', { ...own, workspaceId: 'support2' }],
    ...lookAlikes.filter((id) => id !== 'acme').map((tenantId) => [tenantId, { ...own, tenantId }] as const),
    ...['Support', 'support ', 'support.', 'supp\u200bort', ''].map(
      (workspaceId) => [workspaceId, { ...own, workspaceId }] as const,
    ),
  ]

  test.each(outside)('should refuse %j', (_what, record) => {
    expect(refusalOf(record)).toBeInstanceOf(NotFound)
  })

  test('should refuse what is missing and what is foreign in the same words', () => {
    const words = outside.map(([, record]) => JSON.stringify(refusalOf(record)))
    expect(new Set(words).size).toBe(1)
    expect(words[0]).not.toContain('acme')
  })
})
