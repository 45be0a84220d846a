import { describe, expect, test, vi } from 'vitest'

import { lookAlikes } from '../../test/support/people.ts'
import { whilePolluted } from '../../test/support/polluted.ts'
import { Unauthenticated } from '../errors.ts'
import { session } from './session.ts'

const verify = (proved: unknown, options = {}) => session(options).verify(proved as never)
const own = { tenantId: 'acme', userId: 'alice' }

describe('session', () => {
  test.each(lookAlikes)('should take %j as it is', async (id) => {
    const expiresAt = new Date(Date.now() + 60_000)
    expect(await verify({ tenantId: id, userId: id, expiresAt }, { issuer: id })).toEqual({
      issuer: id,
      subject: id,
      tenantId: id,
      expiresAt: expiresAt.getTime(),
    })
  })

  test('should last fifteen minutes where no end is told, and be called session', async () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      expect(await verify(own)).toEqual({
        issuer: 'session',
        subject: 'alice',
        tenantId: 'acme',
        expiresAt: 1_000_000 + 15 * 60_000,
      })
    } finally {
      vi.useRealTimers()
    }
  })

  test('should end at its end, and not after', async () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      expect(await verify({ ...own, expiresAt: new Date(1_000_001) })).toMatchObject({ expiresAt: 1_000_001 })
      for (const over of [1_000_000, 999_999, 0])
        await expect(verify({ ...own, expiresAt: new Date(over) })).rejects.toMatchObject({ reason: 'expired' })
    } finally {
      vi.useRealTimers()
    }
  })

  test.each<[string, string, unknown]>([
    ['absent', 'nobody', undefined],
    ['absent', 'null', null],
    ['no-tenant', 'no tenant', { userId: 'alice' }],
    ['no-tenant', 'an empty tenant', { ...own, tenantId: '' }],
    ['no-tenant', 'a list for a tenant', { ...own, tenantId: ['acme'] }],
    ['no-tenant', 'an inherited tenant', Object.create(own)],
    ['absent', 'no user', { tenantId: 'acme' }],
    ['absent', 'an empty user', { ...own, userId: '' }],
    ['absent', 'a number for a user', { ...own, userId: 7 }],
    ['invalid', 'an end in milliseconds', { ...own, expiresAt: Date.now() + 60_000 }],
    ['invalid', 'an end that is null', { ...own, expiresAt: null }],
    ['invalid', 'an end that is no date', { ...own, expiresAt: new Date(Number.NaN) }],
  ])('should answer %s for %s', async (reason, _what, proved) => {
    const refused = verify(proved)
    await expect(refused).rejects.toBeInstanceOf(Unauthenticated)
    await expect(refused).rejects.toMatchObject({ reason })
  })

  test.each(['', 7, null])('should refuse the issuer %j when it is set up', (issuer) => {
    expect(() => session({ issuer } as never)).toThrow(TypeError)
  })

  test('should take neither tenant, user nor issuer from a polluted prototype', async () => {
    await whilePolluted('tenantId', 'acme-eu', () => expect(verify({ userId: 'alice' })).rejects.toThrow(/no-tenant/))
    await whilePolluted('userId', 'alice2', () => expect(verify({ tenantId: 'acme' })).rejects.toThrow(/absent/))
    await whilePolluted('issuer', 'acme-eu', async () => expect(await verify(own)).toMatchObject({ issuer: 'session' }))
  })
})
