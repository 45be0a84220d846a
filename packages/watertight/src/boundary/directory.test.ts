import { describe, expect, test } from 'vitest'

import { lookAlikes, usualGrant, usualRows } from '../../test/support/people.ts'
import { NotFound } from '../errors.ts'
import { parseGrant } from './directory.ts'
import type { Grant } from './directory.ts'

describe('parseGrant', () => {
  test('should take a grant as it is', () => {
    expect(parseGrant(usualGrant)).toEqual(usualGrant)
    const { rows: _rows, ...own } = usualGrant
    expect(parseGrant(own)).toEqual({ ...own, rows: undefined })
  })

  test('should keep ids as they came', () => {
    const { allowedToolIds } = parseGrant({ ...usualGrant, allowedToolIds: [...lookAlikes] })
    expect(allowedToolIds).toEqual([...lookAlikes])
  })

  test.each([undefined, null])('should say that nothing is there for %s', (answer) => {
    expect(() => parseGrant(answer as undefined)).toThrow(NotFound)
  })

  const rows = usualRows
  test.each([
    ['nothing at all', {}],
    ['a list', []],
    ['a number', 7],
    ['inherited members', Object.create(usualGrant)],
    ['an empty role', { ...usualGrant, role: '' }],
    ['a role with a separator', { ...usualGrant, role: 'member|x' }],
    ['a role with a line break', { ...usualGrant, role: 'member\n' }],
    ['no plan', { ...usualGrant, plan: undefined }],
    ['an empty region', { ...usualGrant, region: '' }],
    ['one tool as a text', { ...usualGrant, allowedToolIds: 'read' }],
    ['tools in a set', { ...usualGrant, allowedToolIds: new Set(['read']) }],
    ['a hole among the tools', { ...usualGrant, allowedToolIds: Array(1) }],
    ['a number among the tools', { ...usualGrant, allowedToolIds: [7] }],
    ['a fraction for an epoch', { ...usualGrant, epoch: 1.5 }],
    ['an epoch beyond whole numbers', { ...usualGrant, epoch: 2 ** 53 }],
    ['a version in words', { ...usualGrant, version: '7' }],
    ['rows that are no rows', { ...usualGrant, rows: 'x' }],
    ['a row that is no uuid', { ...usualGrant, rows: { ...rows, tenant: 'acme' } }],
    ['a row in capitals', { ...usualGrant, rows: { ...rows, member: rows.member.replace('3', 'A') } }],
    ['a row too few', { ...usualGrant, rows: { ...rows, datasources: [] } }],
    ['rows without a workspace', { ...usualGrant, rows: { ...rows, workspace: undefined } }],
  ])('should refuse %s', (_what, answer) => {
    expect(() => parseGrant(answer as unknown as Grant)).toThrow(/grant|directory/)
  })
})
