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

  test('should take an empty list for none, and zero for a count', () => {
    const none = { allowedToolIds: [], allowedDatasourceIds: [], epoch: 0, version: 0 }
    const grant = { ...usualGrant, ...none, rows: { ...usualRows, datasources: [] } }
    expect(parseGrant(grant)).toEqual(grant)
  })

  test('should be open to no change', () => {
    const { allowedToolIds, allowedDatasourceIds, rows } = parseGrant(usualGrant)
    for (const part of [allowedToolIds, allowedDatasourceIds, rows, rows?.datasources])
      expect(Object.isFrozen(part)).toBe(true)
  })

  test('should name the member that is malformed', () => {
    for (const name of ['role', 'epoch', 'version', 'allowedToolIds', 'allowedDatasourceIds'])
      expect(() => parseGrant({ ...usualGrant, [name]: undefined })).toThrow(`grant.${name} `)
    for (const [name, odd] of Object.entries({ plan: [''], region: [''], allowedToolIds: [['']] }))
      expect(() => parseGrant({ ...usualGrant, [name]: odd })).toThrow(`grant.${name} `)
    expect(() => parseGrant({ ...usualGrant, rows: { ...usualRows, datasources: 'x' } as never })).toThrow(
      'grant.rows.datasources ',
    )
  })

  test.each([undefined, null])('should say that nothing is there for %s', (answer) => {
    expect(() => parseGrant(answer as undefined)).toThrow(NotFound)
  })

  const rows = usualRows
  test.each([
    ['nothing at all', {}],
    ['a list', []],
    ['a number', 7],
    ['a function, whatever it carries', Object.assign(() => undefined, usualGrant)],
    ['inherited members', Object.create(usualGrant)],
    ['an empty role', { ...usualGrant, role: '' }],
    ['a role with a separator', { ...usualGrant, role: 'member|x' }],
    ['a list for a role', { ...usualGrant, role: ['member'] }],
    ['a role with a line break', { ...usualGrant, role: 'member\n' }],
    ['no plan', { ...usualGrant, plan: undefined }],
    ['an empty region', { ...usualGrant, region: '' }],
    ['one tool as a text', { ...usualGrant, allowedToolIds: 'read' }],
    ['tools in a set', { ...usualGrant, allowedToolIds: new Set(['read']) }],
    ['a hole among the tools', { ...usualGrant, allowedToolIds: Array(1) }],
    ['a number among the tools', { ...usualGrant, allowedToolIds: [7] }],
    ['a fraction for an epoch', { ...usualGrant, epoch: 1.5 }],
    ['an epoch beyond whole numbers', { ...usualGrant, epoch: 2 ** 53 }],
    ['an epoch below zero', { ...usualGrant, epoch: -1 }],
    ['a version in words', { ...usualGrant, version: '7' }],
    ['rows that are no rows', { ...usualGrant, rows: 'x' }],
    ['rows that are null', { ...usualGrant, rows: null }],
    ['a row that is no uuid', { ...usualGrant, rows: { ...rows, tenant: 'acme' } }],
    ['a row with more in front', { ...usualGrant, rows: { ...rows, tenant: `x${rows.tenant}` } }],
    ['a row with more behind', { ...usualGrant, rows: { ...rows, tenant: `${rows.tenant}0` } }],
    ['a row in a list', { ...usualGrant, rows: { ...rows, workspace: [rows.workspace] } }],
    ['a row in capitals', { ...usualGrant, rows: { ...rows, member: rows.member.replace('3', 'A') } }],
    ['a row too few', { ...usualGrant, rows: { ...rows, datasources: [] } }],
    ['rows without a workspace', { ...usualGrant, rows: { ...rows, workspace: undefined } }],
  ])('should refuse %s', (_what, answer) => {
    expect(() => parseGrant(answer as unknown as Grant)).toThrow(/grant|directory/)
  })
})
