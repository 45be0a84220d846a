import { createHmac, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'

import { describe, expect, test } from 'vitest'

import { KeysRefused } from '../errors.ts'
import { Keyring } from './keyring.ts'

const secret = (byte: number) => Buffer.alloc(32, byte).toString('base64url')
const purposes = ['database-token', 'snapshot', 'handle', 'salt'] as const

/** HKDF-SHA256 for one block (RFC 5869, section 2), written out: an empty salt is 32 zero bytes. */
function hkdf(input: Buffer, info: string): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(input).digest()
  return createHmac('sha256', extracted).update(info).update(Buffer.of(1)).digest()
}

describe('Keyring', () => {
  test('should sign with the first key and know all', () => {
    const ring = Keyring.parse(`2:${secret(2)},1:${secret(1)}`)
    expect(ring.kid).toBe('2')
    expect(ring.kids).toEqual(['2', '1'])
    expect(ring.sign('handle', 'x')).toBe(Keyring.parse(`2:${secret(2)}`).sign('handle', 'x'))
    expect(ring.sign('handle', 'x')).not.toBe(Keyring.parse(`1:${secret(1)}`).sign('handle', 'x'))
  })

  test('should take blanks around a part, and a key id of several digits', () => {
    expect(Keyring.parse(` 123456789:${secret(2)} , 12:${secret(1)} `).kids).toEqual(['123456789', '12'])
  })

  test.each([undefined, '', ' \n'])('should say of %j that no keys were given', (written) => {
    expect(() => Keyring.parse(written)).toThrow(/none were given/)
  })

  test('should derive by HKDF, as written out beside it', () => {
    const ring = Keyring.parse(`2:${secret(2)},1:${secret(1)}`)
    for (const purpose of purposes) {
      expect(ring.derive(purpose)).toEqual(hkdf(Buffer.alloc(32, 2), `watertight/${purpose}`))
      expect(ring.derive(purpose, '1')).toEqual(hkdf(Buffer.alloc(32, 1), `watertight/${purpose}`))
      const mac = createHmac('sha256', ring.derive(purpose)).update('message').digest('hex')
      expect(ring.sign(purpose, 'message')).toBe(mac)
    }
  })

  test('should give each purpose and each key id a key of its own', () => {
    const ring = Keyring.parse(`2:${secret(2)},1:${secret(1)}`)
    const derived = purposes.flatMap((purpose) => ring.kids.map((kid) => ring.derive(purpose, kid).toString('hex')))
    expect(new Set(derived).size).toBe(derived.length)
  })

  test('should hand out copies, so that nobody changes a key', () => {
    const ring = Keyring.parse(`1:${secret(1)}`)
    ring.derive('handle').fill(0)
    expect(ring.derive('handle')).toEqual(hkdf(Buffer.alloc(32, 1), 'watertight/handle'))
  })

  test('should refuse a key id that is not in the ring', () => {
    for (const kid of ['2', '', '01', '__proto__', 'constructor'])
      expect(() => Keyring.parse(`1:${secret(1)}`).derive('handle', kid)).toThrow(KeysRefused)
  })

  test('should read what it generates, new each time', () => {
    const written = Keyring.generate()
    expect(Keyring.parse(written).kids).toEqual(['1'])
    expect(Keyring.parse(` ${written} `).sign('salt', 'x')).toBe(Keyring.parse(written).sign('salt', 'x'))
    expect(Keyring.generate()).not.toBe(written)
  })

  const good = secret(1)
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['an empty text', ''],
    ['blanks', '  '],
    ['no key id', good],
    ['an empty key id', `:${good}`],
    ['key id 0', `0:${good}`],
    ['a key id with a sign', `-1:${good}`],
    ['a key id in words', `one:${good}`],
    ['a key id with a separator of tokens', `1|2:${good}`],
    ['a short secret', `1:${good.slice(1)}`],
    ['a long secret', `1:${good}A`],
    ['a secret in plain base64', `1:${Buffer.alloc(32, 0xff).toString('base64')}`],
    ['a secret in hex', `1:${randomBytes(32).toString('hex')}`],
    ['an empty part', `1:${good},`],
    ['one key id twice', `1:${good},1:${secret(2)}`],
    ['a second line', `1:${good}\n2:${good}`],
  ])('should refuse %s, and repeat none of it', (_what, written) => {
    try {
      Keyring.parse(written as string)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(KeysRefused)
      if (typeof written === 'string' && written.trim() !== '') expect(inspect(error)).not.toContain(written.slice(-20))
    }
  })

  test('should not serialise, and print redacted', () => {
    const ring = Keyring.parse(`1:${good}`)
    expect(() => JSON.stringify({ ring })).toThrow(TypeError)
    // oxlint-disable-next-line typescript/no-base-to-string -- what printing shows is the question
    for (const printed of [inspect(ring), inspect(ring, { customInspect: false, showHidden: true }), String(ring)])
      expect(printed).not.toMatch(/AQEB|01 01/)
    expect(inspect(ring)).toBe('Keyring { redacted }')
    expect(inspect(structuredClone(ring), { showHidden: true })).toBe('{}')
  })
})
