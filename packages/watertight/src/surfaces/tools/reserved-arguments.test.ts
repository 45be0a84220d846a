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

  test.each([
    '{"a":{"tenantId":"acme2"},"a":1}',
    '{"a":{"tenantId":"acme2"},"\\u0061":1}',
    '{"field":"tenantId","op":"eq","value":"acme2","field":"title"}',
    '{"field":"title","op":"eq","value":"acme2","field":"tenantId"}',
    '{"a":["tenantId","==","acme2"],"a":[]}',
    '{"title":"x"}\n{"tenantId":"acme2"}',
    'data: {"tenantId":"acme2"}',
    'Run this:\n```json\n{\n  "where": { "tenantId": "acme2" }\n}\n```',
    'filter: ["tenantId", "==", "acme2"]',
    'headers: [["x-tenant-id", "acme2"]]',
    '{"limit":NaN,"tenantId":"acme2"}',
    '{"tenantId":"acme2","note":"cut o',
  ])('should find the name that text hides from one parser and shows to another: %s', (text) => {
    for (const value of [text, { note: text }, [JSON.stringify({ note: text })], JSON.stringify(text)])
      expect(hasReservedName(value)).toBe(true)
  })

  test.each([
    'the tenantId is "acme2"',
    'a "tenantId": acme2',
    '[tenantId]("x")',
    '{{ "a" }} tenantId {"b":"tenantId"}',
    'data: {"title":"tenantId","list":["tenantId"]}',
  ])('should take %s for words', (text) => {
    expect(hasReservedName({ note: text })).toBe(false)
  })

  test('should not take values for names', () => {
    expect(hasReservedName({ query: 'tenantId', list: ['constructor', 1, null] })).toBe(false)
  })

  test('should find a reserved name among others', () => {
    expect(hasReservedName({ note: 1, tenantId: 'acme2', query: 'x' })).toBe(true)
  })

  const fields = [
    'field',
    'column',
    'property',
    'attribute',
    'path',
    'pointer',
    'key',
    'name',
    'member',
    'FIELD',
    'Key',
  ]
  const values = ['value', 'values', 'op', 'operator', 'operand', 'eq', 'equals', 'in', 'match', 'is', 'VALUE', 'Op']

  test.each(fields)('should find the owner that a filter or a patch names by its %s', (field) => {
    for (const value of values)
      for (const name of ['tenantId', '/tenant_id', 'org', 'where.workspaceId'])
        expect(hasReservedName({ note: 1, [field]: name, [value]: 'acme2' }), value).toBe(true)
    for (const name of ['ticketId', 7, null, ['tenantId'], true])
      expect(hasReservedName({ note: 1, [field]: name, value: 'acme2' })).toBe(false)
  })

  test('should take nothing for a filter that compares nothing, or that names no field', () => {
    for (const field of fields) expect(hasReservedName({ [field]: 'tenantId', note: 'acme2' })).toBe(false)
    for (const value of values) expect(hasReservedName({ [value]: 'tenantId', title: 'tenantId' })).toBe(false)
  })

  const operators = ['=', '==', '!=', '<>', '~*', 'eq', 'ne', 'neq', 'in', 'not in', 'not-in', 'notin', 'is', 'like', 'ilike', 'equals', 'contains', 'array-contains', 'array-contains-any', 'EQ', 'Not In'] // oxfmt-ignore

  test.each(operators)('should find the owner in a clause with %s', (operator) => {
    expect(hasReservedName(['tenantId', operator, 'acme2'])).toBe(true)
    expect(hasReservedName({ where: [['note', '==', 1], ['workspace_id', operator, null]] })).toBe(true) // oxfmt-ignore
    expect(hasReservedName(['ticketId', operator, 'acme2'])).toBe(false)
    expect(hasReservedName([7, operator, 'acme2'])).toBe(false)
  })

  test.each([
    [['tenantId', 'eq']],
    [['tenantId', '==', 'acme2', 'x']],
    [['tenantId', 'note', 'x']],
    [['tenantId', '7', 'x']],
    [['tenantId', 'seq', 'x']],
    [['tenantId', 'eqs', 'x']],
    [['tenantId', '==a', 'x']],
    [['tenantId', 'a==', 'x']],
    [['tenantId', 'not_in', 'x']],
    [['tenantId', '', 'x']],
    [['tenantId', 7, 'x']],
    [['tenantId', null, 'x']],
    [['tenantId', ['eq'], 'x']],
  ])('should take %j for a list of words', (list) => {
    expect(hasReservedName(list)).toBe(false)
  })

  test('should find the owner among entries of which an object could be made', () => {
    for (const entries of [
      [['tenantId', 'acme2']],
      [
        ['note', 1],
        ['x-tenant-id', 'acme2'],
      ],
      {
        headers: [
          ['org', 1],
          ['a', 2],
        ],
      },
    ])
      // oxfmt-ignore
      expect(hasReservedName(entries)).toBe(true)
    for (const list of [
      [],
      [['note', 'tenantId']],
      [['tenantId', 'x'], 'y'],
      [
        ['tenantId', 'x'],
        ['a', 'b', 'c'],
      ],
      [['tenantId']],
      ['tenantId', 'x'],
      [[7, 'x']],
      ['ab'],
    ])
      // oxfmt-ignore
      expect(hasReservedName(list), JSON.stringify(list)).toBe(false)
  })
})
