import { describe, expect, test } from 'vitest'

import { boundaryOf, lookAlikes, principalOf, usualGrant, usualRows } from '../../test/support/people.ts'
import { InvalidInput, NotFound } from '../errors.ts'
import { Authority } from './authority.ts'
import { makeBoundary, requireLive } from './boundary.ts'
import type { AgentBoundary } from './boundary.ts'
import { findLabel, labelItem, requireOwnLabel } from './label.ts'

const kind = { integrity: 'trusted', source: { surface: 'memory', id: 'x' } } as const

describe('labelItem', () => {
  test('should freeze all that lies in an item, so that no words change under its label', () => {
    const value = {
      rules: ['pay'],
      deep: { list: [[{ words: 'own' }]] },
      bare: Object.assign(Object.create(null), { words: 'own' }),
    }
    const item = labelItem(boundaryOf(), { key: 'x', value }, kind)
    for (const change of [
      () => value.rules.push('obey'),
      () => (value.deep.list[0] = []),
      () => Object.assign(value.deep.list[0]?.[0] ?? {}, { words: 'theirs' }),
      () => Object.assign(value.bare, { words: 'theirs' }),
      () => Object.assign(item.value, { more: 1 }),
    ])
      expect(change).toThrow(TypeError)
    expect(JSON.stringify(item)).not.toMatch(/theirs|obey/)
  })

  test('should take values that refer to themselves, and leave alone what is no value', () => {
    const value: Record<string, unknown> = {
      bytes: new Uint8Array(2),
      at: new Date(0),
      none: null,
      absent: undefined,
      n: 1,
    }
    value['self'] = value
    expect(findLabel(labelItem(boundaryOf(), { value }, kind))).toMatchObject({ tenantId: expect.any(String) })
  })
})

describe('findLabel', () => {
  test('should tell whose an item is, how far it is trusted, and where it came from', () => {
    const shared = { tenantId: 'acme', workspaceId: 'support', userId: undefined, issuer: undefined, ...kind }
    expect(findLabel(labelItem(boundaryOf(), {}, kind))).toEqual(shared)
    const own = { ...shared, userId: 'alice', issuer: 'session' }
    expect(findLabel(labelItem(boundaryOf(), {}, { ...kind, personal: true }))).toEqual(own)
    expect(findLabel(labelItem(boundaryOf(), {}, { ...kind, integrity: 'untrusted' }))).toMatchObject({
      integrity: 'untrusted',
    })
  })

  test('should be open to no change, nor follow the object that it was made of', () => {
    const source = { surface: 'memory' as const, id: 'x' }
    const label = findLabel(labelItem(boundaryOf(), {}, { integrity: 'trusted', source }))
    source.id = 'y'
    expect(label?.source.id).toBe('x')
    for (const part of [label, label?.source]) expect(Object.isFrozen(part)).toBe(true)
  })

  test('should find none on what no surface made', () => {
    const item = labelItem(boundaryOf(), { text: 'x' }, kind)
    for (const other of [
      undefined,
      null,
      'x',
      7,
      () => item,
      {},
      { ...item },
      Object.create(item),
      new Proxy(item, {}),
    ])
      expect(findLabel(other)).toBeUndefined()
  })
})

describe('requireOwnLabel', () => {
  const authority = new Authority()
  const mine = boundaryOf({ authority })
  const rowsWith = (more: object) => boundaryOf({ authority, grant: { rows: { ...usualRows, ...more } } })
  const refusalOf = (boundary: AgentBoundary, item: unknown): unknown => {
    try {
      return requireOwnLabel(requireLive(boundary), item)
    } catch (error) {
      return error
    }
  }

  test('should take an item of the same place, and a personal one of the same person', () => {
    for (const personal of [true, false]) {
      const item = labelItem(mine, {}, { ...kind, personal })
      expect(requireOwnLabel(requireLive(boundaryOf({ authority })), item)).toBe(findLabel(item))
    }
  })

  const elsewhere: readonly (readonly [string, AgentBoundary])[] = [
    ...lookAlikes.slice(1).map((id) => [`tenant ${id}`, boundaryOf({ authority, claims: { tenantId: id } })] as const),
    ...['support2', 'Support', 'support '].map(
      (workspaceId) => [`workspace ${workspaceId}`, boundaryOf({ authority, workspaceId })] as const,
    ),
    ['another deployment', boundaryOf()],
    ['a tenant made anew under the same id', rowsWith({ tenant: usualRows.member })],
    ['a workspace made anew under the same id', rowsWith({ workspace: usualRows.member })],
  ]
  test.each(elsewhere)('should refuse an item of %s, personal or shared', (_what, theirs) => {
    for (const personal of [true, false]) {
      expect(refusalOf(mine, labelItem(theirs, {}, { ...kind, personal }))).toBeInstanceOf(NotFound)
      expect(refusalOf(theirs, labelItem(mine, {}, { ...kind, personal }))).toBeInstanceOf(NotFound)
    }
  })

  const others: readonly (readonly [string, AgentBoundary])[] = [
    ['another user', boundaryOf({ authority, claims: { subject: 'alice2' } })],
    ['a namesake of another issuer', boundaryOf({ authority, claims: { issuer: 'acme' } })],
    ['a member who was added again', rowsWith({ member: usualRows.tenant })],
  ]
  test.each(others)('should refuse what is only for %s, and take what the workspace shares', (_what, theirs) => {
    expect(refusalOf(mine, labelItem(theirs, {}, { ...kind, personal: true }))).toBeInstanceOf(NotFound)
    expect(refusalOf(mine, labelItem(theirs, {}, kind))).toMatchObject({ tenantId: 'acme' })
  })

  test.each([undefined, null, 'text', {}, []])('should refuse %j, which proves nothing about whose it is', (value) => {
    expect(refusalOf(mine, value)).toBeInstanceOf(InvalidInput)
    expect(refusalOf(mine, value)).toMatchObject({ field: 'item' })
  })

  test('should keep apart the items of an app without rows too', () => {
    const { rows: _rows, ...own } = usualGrant
    const bare = (tenantId: string) =>
      makeBoundary(authority, principalOf(authority, { tenantId }), { workspaceId: 'support' }, own)
    for (const personal of [true, false])
      expect(refusalOf(bare('acme'), labelItem(bare('acme'), {}, { ...kind, personal }))).toMatchObject({
        tenantId: 'acme',
      })
    expect(refusalOf(bare('acme'), labelItem(bare('acme-eu'), {}, kind))).toBeInstanceOf(NotFound)
    expect(refusalOf(bare('acme'), labelItem(mine, {}, kind))).toBeInstanceOf(NotFound)
    expect(refusalOf(mine, labelItem(bare('acme'), {}, kind))).toBeInstanceOf(NotFound)
    expect(refusalOf(mine, labelItem(bare('acme'), {}, { ...kind, personal: true }))).toBeInstanceOf(NotFound)
  })

  test('should let a label change hands in no way, and be made better in none', () => {
    const item = labelItem(mine, {}, { integrity: 'untrusted', source: kind.source, personal: true })
    for (const [, theirs] of [...elsewhere, ...others]) {
      expect(() => labelItem(theirs, item, kind)).toThrow(NotFound)
      expect(findLabel(item)).toMatchObject({ tenantId: 'acme', userId: 'alice' })
    }
    expect(findLabel(labelItem(mine, item, { ...kind, personal: false }))).toMatchObject({
      userId: 'alice',
      issuer: 'session',
      integrity: 'untrusted',
    })
    const shared = labelItem(mine, {}, kind)
    expect(findLabel(labelItem(mine, shared, { ...kind, integrity: 'untrusted' }))).toMatchObject({
      userId: undefined,
      integrity: 'untrusted',
    })
  })
})
