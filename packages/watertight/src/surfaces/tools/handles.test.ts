import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { Keyring } from '../../boundary/index.ts'
import { InvalidInput } from '../../errors.ts'
import { createHandles, handleText } from './handles.ts'

const written = Keyring.generate()
const keyring = Keyring.parse(written)
const place = { tenantId: 'acme', workspaceId: 'support', userId: 'alice', runId: 'run-1' }
const handles = createHandles(keyring, place)

const parts = ['tenantId', 'workspaceId', 'userId', 'runId'] as const
const ids = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter((id) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(id) && id.isWellFormed() && Buffer.byteLength(id) <= 256)

describe('a handle', () => {
  test('should be one for each id, and open to it', () => {
    fc.assert(
      fc.property(ids, ids, (one, other) => {
        const handle = handles.seal('ticket', one)
        expect(handles.open('ticket', handle)).toBe(one)
        expect(handles.seal('ticket', one)).toBe(handle)
        expect(handles.seal('ticket', other) === handle).toBe(one === other)
        expect(handle).toMatch(new RegExp(`^${handleText.source}$`))
      }),
    )
  })

  test('should outlive the process that sealed it', () => {
    const handle = handles.seal('ticket', 'T-1')
    expect(createHandles(Keyring.parse(written), { ...place }).open('ticket', handle)).toBe('T-1')
  })

  test('should be nothing in another tenant, workspace, user, run or type', () => {
    fc.assert(
      fc.property(ids, ids, fc.constantFrom(...parts), (id, other, part) => {
        const handle = handles.seal('ticket', id)
        const elsewhere = createHandles(keyring, { ...place, [part]: other })
        expect(elsewhere.open('ticket', handle)).toBe(other === place[part] ? id : undefined)
        expect(handles.open(other, handle)).toBe(other === 'ticket' ? id : undefined)
      }),
    )
  })

  test.each([
    [
      { tenantId: 'acme/support', workspaceId: 'alice' },
      { tenantId: 'acme', workspaceId: 'support/alice' },
    ],
    [
      { tenantId: 'acme%2F', workspaceId: 'x' },
      { tenantId: 'acme/', workspaceId: 'x' },
    ],
    [{ tenantId: 'Acme' }, { tenantId: 'acme' }],
    [{ tenantId: 'acme ' }, { tenantId: 'acme' }],
    [
      { userId: 'run-1', runId: 'alice' },
      { userId: 'alice', runId: 'run-1' },
    ],
  ])('should be nothing where the parts %j only look like %j', (one, other) => {
    const handle = createHandles(keyring, { ...place, ...one }).seal('ticket', 'T-1')
    expect(createHandles(keyring, { ...place, ...other }).open('ticket', handle)).toBeUndefined()
    expect(createHandles(keyring, { ...place, ...other }).seal('ticket', 'T-1')).not.toBe(handle)
  })

  test('should tell nothing of itself across runs and types', () => {
    const other = createHandles(keyring, { ...place, runId: 'run-2' })
    const three = [handles.seal('ticket', 'T-1'), handles.seal('file', 'T-1'), other.seal('ticket', 'T-1')]
    // What they have in common is the key's number alone.
    const bytes = three.map((handle) => Buffer.from(handle.slice(1), 'base64url').subarray(4).toString('hex'))
    expect(new Set(bytes.map((hex) => hex.slice(0, 8))).size).toBe(3)
    expect(three.join(' ')).not.toContain('T-1')
  })

  test('should not open with any one character changed, left out, added or in the other case', () => {
    const handle = handles.seal('ticket', 'T-12345678901234567')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= hH.\n\0é'
    for (let at = 0; at <= handle.length; at++) {
      const [before, after] = [handle.slice(0, at), handle.slice(at)]
      const changed = Array.from(alphabet, (letter) => before + letter + after.slice(1))
      const added = Array.from(alphabet, (letter) => before + letter + after)
      for (const other of [...changed, ...added, before, after, before + after.slice(1)])
        if (other !== handle) expect(handles.open('ticket', other), JSON.stringify(other)).toBeUndefined()
    }
    for (const other of [
      handle.toUpperCase(),
      handle.toLowerCase(),
      ` ${handle}`,
      `${handle} `,
      `${handle}=`,
      `${handle}==`,
    ])
      expect(handles.open('ticket', other)).toBeUndefined()
  })

  test('should not open in another alphabet or another way to write the same bytes', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const handle = handles.seal('ticket', id)
        const bytes = Buffer.from(handle.slice(1), 'base64url')
        const others = [bytes.toString('base64'), bytes.toString('base64').replaceAll('=', ''), bytes.toString('hex')]
        for (const other of others)
          if (`h${other}` !== handle) expect(handles.open('ticket', `h${other}`)).toBeUndefined()
        // Bits that base64 leaves over.
        const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        for (const letter of last) {
          const other = handle.slice(0, -1) + letter
          if (other !== handle) expect(handles.open('ticket', other)).toBeUndefined()
        }
      }),
      { numRuns: 20 },
    )
  })

  test('should not open when it is another that was cut and put together', () => {
    const [one, other] = [handles.seal('ticket', 'T-1'), handles.seal('ticket', 'T-2')]
    for (let at = 1; at < one.length; at++) {
      const glued = one.slice(0, at) + other.slice(at)
      if (glued !== one && glued !== other) expect(handles.open('ticket', glued)).toBeUndefined()
    }
    expect(handles.open('ticket', one + other)).toBeUndefined()
    expect(handles.open('ticket', one + other.slice(1))).toBeUndefined()
  })

  test.each<unknown>([
    '',
    'h',
    'T-1',
    `h${'A'.repeat(64)}`,
    `h${'A'.repeat(63)}`,
    `h${'A'.repeat(1_000_000)}`,
    undefined,
    null,
    7,
    ['h'],
    {},
  ])('should open nothing for %j', (handle) => expect(handles.open('ticket', handle as string)).toBeUndefined())

  test('should open nothing that anybody makes up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 44, maxLength: 76 }), (bytes) => {
        const head = Buffer.from([0, 0, 0, 1])
        expect(handles.open('ticket', `h${Buffer.concat([head, bytes]).toString('base64url')}`)).toBeUndefined()
      }),
    )
  })

  test('should not tell the length of an id finer than 16 bytes', () => {
    const lengthOf = (bytes: number) => handles.seal('ticket', 'x'.repeat(bytes)).length
    for (let blocks = 0; blocks < 15; blocks++) {
      const lengths = Array.from({ length: 16 }, (_, more) => blocks * 16 + more).filter((bytes) => bytes > 0)
      expect(new Set(lengths.map(lengthOf)).size).toBe(1)
    }
    expect(lengthOf(256)).toBeGreaterThan(lengthOf(255))
    expect(handles.open('ticket', handles.seal('ticket', 'x'.repeat(256)))).toBe('x'.repeat(256))
  })

  test.each(['À', 'aĀ', '€', '\u{10ffff}', 'é'])('should give %j back, whose bytes look like padding', (id) => {
    expect(handles.open('ticket', handles.seal('ticket', id))).toBe(id)
  })

  test.each<unknown>(['', 'a\0', '\ud83d', 'x'.repeat(257), 7, null, undefined])(
    'should not be made of %j, which is no id',
    (id) => {
      expect(() => handles.seal('ticket', id as string)).toThrow(InvalidInput)
      expect(() => handles.seal(id as string, 'T-1')).toThrow(InvalidInput)
      for (const part of parts) expect(() => createHandles(keyring, { ...place, [part]: id })).toThrow(InvalidInput)
    },
  )
})

describe('a handle of another key', () => {
  const secret = written.split(':')[1] ?? ''
  const other = Keyring.generate().slice(2)

  test('should open as long as the ring has its key, and the current one seals', () => {
    const handle = handles.seal('ticket', 'T-1')
    const rotated = createHandles(Keyring.parse(`2:${other},1:${secret}`), place)
    expect(rotated.open('ticket', handle)).toBe('T-1')
    expect(rotated.seal('ticket', 'T-1')).not.toBe(handle)
    expect(rotated.open('ticket', rotated.seal('ticket', 'T-1'))).toBe('T-1')
    expect(handles.open('ticket', rotated.seal('ticket', 'T-1'))).toBeUndefined()
    expect(createHandles(Keyring.parse(`2:${other}`), place).open('ticket', handle)).toBeUndefined()
  })

  test('should be nothing under the same number with another secret, or the same secret with another number', () => {
    const handle = handles.seal('ticket', 'T-1')
    expect(createHandles(Keyring.parse(`1:${other}`), place).open('ticket', handle)).toBeUndefined()
    const renumbered = createHandles(Keyring.parse(`999999999:${secret}`), place)
    const bytes = Buffer.from(handle.slice(1), 'base64url')
    bytes.writeUInt32BE(999_999_999)
    expect(renumbered.open('ticket', `h${bytes.toString('base64url')}`)).toBeUndefined()
    expect(renumbered.open('ticket', renumbered.seal('ticket', 'T-1'))).toBe('T-1')
  })
})
