import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { lookAlikes, principalOf } from '../../test/support/people.ts'
import { whilePolluted } from '../../test/support/polluted.ts'
import { Unauthenticated } from '../errors.ts'
import { Authority } from './authority.ts'
import { makePrincipal, requirePrincipal } from './principal.ts'

const claims = { issuer: 'session', subject: 'alice', tenantId: 'acme', expiresAt: Date.now() + 60_000 }

const reasonOf = (work: () => unknown): string => {
  try {
    work()
    return 'taken'
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthenticated)
    return (error as Unauthenticated).reason
  }
}

/** An authority whose clock stands still until it is moved. */
class Clock extends Authority {
  at = 1_000_000
  override now(): number {
    return this.at
  }
}

describe('makePrincipal', () => {
  test.each(lookAlikes)('should keep %j as it was proved', (id) => {
    const authority = new Authority()
    const proved = { ...claims, issuer: id, subject: id, tenantId: id }
    const principal = makePrincipal(authority, proved)
    expect(requirePrincipal(principal, authority)).toEqual(proved)
    const { issuer, subject, tenantId, expiresAt } = principal
    expect({ issuer, subject, tenantId, expiresAt }).toEqual(proved)
  })

  test.each<[string, string, Partial<Record<keyof typeof claims, unknown>>]>([
    ['no-tenant', 'no tenant', { tenantId: undefined }],
    ['no-tenant', 'an empty tenant', { tenantId: '' }],
    ['invalid', 'a tenant that is null', { tenantId: null }],
    ['invalid', 'a list for a tenant', { tenantId: ['acme'] }],
    ['invalid', 'a tenant with a line break', { tenantId: 'acme\n' }],
    ['invalid', 'no subject', { subject: undefined }],
    ['invalid', 'an empty subject', { subject: '' }],
    ['invalid', 'no issuer', { issuer: undefined }],
    ['invalid', 'an endless issuer', { issuer: 'x'.repeat(257) }],
    ['invalid', 'no end', { expiresAt: undefined }],
    ['invalid', 'an end in words', { expiresAt: '9999999999999' }],
    ['invalid', 'an end that never comes', { expiresAt: Number.POSITIVE_INFINITY }],
    ['invalid', 'an end that is no number', { expiresAt: Number.NaN }],
  ])('should answer %s for %s', (reason, _what, odd) => {
    expect(reasonOf(() => makePrincipal(new Authority(), { ...claims, ...odd } as never))).toBe(reason)
  })

  test('should keep why an id was refused for the server', () => {
    try {
      makePrincipal(new Authority(), { ...claims, subject: '' })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ reason: 'invalid', cause: { code: 'INVALID_INPUT', field: 'subject' } })
    }
    for (const field of ['issuer', 'tenantId'] as const)
      expect(() => makePrincipal(new Authority(), { ...claims, [field]: 'a\0' })).toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ field }) }),
      )
  })

  test('should take no claim from a polluted prototype', async () => {
    for (const name of ['issuer', 'subject', 'tenantId', 'expiresAt'] as const) {
      const { [name]: value, ...rest } = claims
      await whilePolluted(name, value, () => {
        expect(() => makePrincipal(new Authority(), rest as never)).toThrow(Unauthenticated)
      })
    }
  })
})

describe('a principal', () => {
  const authority = new Authority()
  const principal = principalOf(authority)

  test('should be open to nobody who holds it', () => {
    const { constructor } = principal as unknown as { constructor: new (...given: unknown[]) => object }
    for (const by of [undefined, 'principal', Symbol('principal')]) {
      expect(() => new constructor(by, authority, claims)).toThrow(TypeError)
      expect(() => new (class extends constructor {})(by, authority, claims)).toThrow(TypeError)
    }
    for (const target of [principal, constructor, constructor.prototype, requirePrincipal(principal, authority)])
      expect(Object.isFrozen(target)).toBe(true)
  })

  test('should neither serialise nor print what it holds', () => {
    expect(() => JSON.stringify({ principal })).toThrow(TypeError)
    expect(inspect(principal)).toBe('Principal { redacted }')
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'alice'],
    ['a number', 7],
    ['a function', () => principal],
    ['its claims', claims],
    ['a copy', Object.assign({}, principal, claims)],
    ['a proxy', new Proxy(principal, {})],
    ['an heir', Object.create(principal)],
  ])('should not be %s', (_what, forged) => {
    expect(reasonOf(() => requirePrincipal(forged, authority))).toBe('absent')
  })

  test('should count where it was proved alone', () => {
    expect(reasonOf(() => requirePrincipal(principal, authority))).toBe('taken')
    expect(reasonOf(() => requirePrincipal(principal, new Authority()))).toBe('absent')
  })

  test('should count until its proof ends, and not at that moment', () => {
    const clock = new Clock()
    const short = principalOf(clock, { expiresAt: clock.at + 10 })
    clock.at += 9
    expect(reasonOf(() => requirePrincipal(short, clock))).toBe('taken')
    clock.at += 1
    expect(reasonOf(() => requirePrincipal(short, clock))).toBe('expired')
  })
})
