import { describe, expect, test } from 'vitest'

import { createRedact } from './redact.ts'

describe('createRedact', () => {
  const value = {
    status: 'open',
    amount: 10,
    note: 'canary',
    customer: { email: 'ann@acme.example', name: 'Ann' },
    rows: [
      { id: 'T-1', status: 'open', title: 'canary' },
      { id: 'T-2', status: 'closed', password: 'hunter2' },
    ],
    'ann@acme.example': true,
  }

  test('should show nothing, names of members neither, where nobody said what may be shown', () => {
    for (const each of [value, [value], 'canary', 4711, null, true]) expect(createRedact([])(each)).toBe('[not logged]')
  })

  test('should show what was named, and leave out the rest with its names', () => {
    const shown = createRedact(['status', 'amount', 'rows[*].status', 'nowhere.at.all'])(value)
    expect(shown).toEqual({ status: 'open', amount: 10, rows: [{ status: 'open' }, { status: 'closed' }] })
  })

  test('should not show the parts of what was named whole', () => {
    expect(createRedact(['rows', 'customer'])(value)).toEqual({ rows: '[list of 2]', customer: '[object]' })
  })

  test('should hide what has the name of a secret, also where it was named', () => {
    const shown = createRedact([
      'rows[*].password',
      'rows[*].id',
      'x-api-key',
      'auth.Authorization',
      'login.userPassword',
    ])({
      ...value,
      'x-api-key': 'x',
      auth: { Authorization: 'y' },
      login: { userPassword: 'z' },
    })
    expect(shown).toEqual({
      rows: [{ id: 'T-1' }, { id: 'T-2', password: '[redacted]' }],
      'x-api-key': '[redacted]',
      auth: { Authorization: '[redacted]' },
      login: { userPassword: '[redacted]' },
    })
    expect(value.rows[1]).toHaveProperty('password', 'hunter2')
  })

  test.each([
    'ann@acme.example',
    'Ünï@exämple.org',
    'Bearer abc.def',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    'sk-live-0123456789abcdef',
    'ghp_0123456789abcdefABCDEF0123456789abcd',
    'AKIAIOSFODNN7EXAMPLE',
    '4111 1111 1111 1111',
    '0f3a9c1de5b74f20a1c2d3e4f5a6b7c8',
    '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----',
  ])('should take a secret out of a text that was named: %s', (secret) => {
    const shown = JSON.stringify(createRedact(['note'])({ note: `see ${secret} and more` }))
    expect(shown).not.toContain(secret)
    expect(shown).toContain('[redacted] and more')
  })

  test('should leave ordinary words', () => {
    const note = 'The invoice export of T-1042 fails since 2026-11-20, see chapter 12.'
    expect(createRedact(['note'])({ note })).toEqual({ note })
  })

  test.each(['', '.', 'a..b', 'a[', 'a[]', '[*', 'a b', 'a.[0]x y', '*'])('should refuse the path %j', (path) => {
    expect(() => createRedact([path])).toThrow(TypeError)
  })
})
