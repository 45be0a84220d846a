import { expect, test } from 'vitest'

import { BoundaryRefused, Forbidden, NotFound, StoreUnavailable } from '../errors.ts'
import { toRefusal, toStoreRefusal } from './refusal.ts'

const from = (code: string, message: string) => Object.assign(new Error(message), { code })

test.each([
  ['a token that is none', from('42501', 'watertight: no valid token'), BoundaryRefused, 'forged'],
  ['a token whose time is over', from('42501', 'watertight: expired token'), BoundaryRefused, 'expired'],
  ['a token that was revoked', from('42501', 'watertight: revoked token'), BoundaryRefused, 'revoked'],
  ['a row that row security refuses', from('42501', 'new row violates row-level security policy'), Forbidden, 'scope'],
  ['a right that is not granted', from('42501', 'permission denied for table key'), Forbidden, 'scope'],
])('should make a refusal of %s', (_title, error, refusal, reason) => {
  expect(toRefusal(error)).toBeInstanceOf(refusal)
  expect(toRefusal(error)).toMatchObject({ reason, cause: error })
})

test('should say of a right that is not granted that a migration grants it, in any language, and of nothing else', () => {
  const denied = Object.assign(from('42501', 'Zugriff verweigert'), { routine: 'aclcheck_error' })
  expect(toRefusal(denied)).toMatchObject({ code: 'FORBIDDEN', reason: 'scope', cause: denied })
  expect(String(toRefusal(denied))).toContain('grant it in a migration')
  const row = Object.assign(from('42501', 'permission denied'), { routine: 'ExecWithCheckOptions' })
  expect(String(toRefusal(row))).toBe(
    'Forbidden: This boundary does not permit the operation: scope. Ask an admin of the workspace.',
  )
})

test.each([
  from('ECONNREFUSED', 'connect ECONNREFUSED'),
  from('EPIPE', 'write EPIPE'),
  from('ENOTFOUND', 'getaddrinfo ENOTFOUND'),
  from('EAI_AGAIN', 'getaddrinfo EAI_AGAIN'),
  from('57P01', 'terminating connection due to administrator command'),
  from('53300', 'too many clients already'),
  from('08006', 'connection failure'),
  new Error('Connection terminated unexpectedly'),
  new Error('timeout exceeded when trying to connect'),
  new Error('Query read timeout'),
  new Error('Client has encountered a connection error and is not queryable'),
  new Error('Cannot use a pool after calling end on the pool'),
])('should take "$message" for a store that is away', (error) => {
  expect(toRefusal(error)).toBeInstanceOf(StoreUnavailable)
})

// What the application's own work throws is its own, whatever words it uses.
test.each([
  new TypeError('A connection is already held here'),
  new RangeError('the connection to the other service has a timeout'),
  from('42703', 'column "connection_id" does not exist'),
  from('42P01', 'relation "connections" does not exist'),
  from('57014', 'canceling statement due to statement timeout'),
  from('23505', 'duplicate key value violates unique constraint'),
  'a string',
  undefined,
])('should leave %s as it is', (error) => {
  expect(toRefusal(error)).toBe(error)
})

test('should take whatever our own statements meet for a store that is away', () => {
  expect(toStoreRefusal(from('22P02', 'invalid input syntax'))).toBeInstanceOf(StoreUnavailable)
  expect(toStoreRefusal('a string')).toBeInstanceOf(StoreUnavailable)
  const refusal = new NotFound()
  expect(toStoreRefusal(refusal)).toBe(refusal)
})

test('should tell nothing of the database in what may be shown', () => {
  const error = from('42501', 'permission denied for table wt.key of host db.internal')
  for (const refusal of [toRefusal(error), toStoreRefusal(from('XX000', 'secret of db.internal'))])
    expect(JSON.stringify(refusal)).not.toMatch(/db\.internal|wt\.key/)
})
