import { describe, expect, test } from 'vitest'

import { findLeaks } from './find-leaks.ts'
import { canaryOf } from './seed/canary.ts'

const canary = canaryOf({ store: 'ticket', tenantId: 'northstar-design', workspaceId: 'ws_001' })
const near = canaryOf({ store: 'ticket', tenantId: 'northstar-dental', workspaceId: 'ws_001' })
const value = canary.value
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('search for leaks', () => {
  test.each([
    ['as it is', `the code is ${value}.`],
    ['in small letters', value.toLowerCase()],
    ['spaced out', Array.from(value).join(' ')],
    ['over two lines', `${value.slice(0, 9)}\n${value.slice(9)}`],
    ['reversed', Array.from(`abc ${value} def`).toReversed().join('')],
    ['in hex', Buffer.from(`abc ${value} def`).toString('hex')],
    ['in base64', base64(value)],
    ['in base64 after one character', base64(`a${value}bc`)],
    ['in base64 after two characters', base64(`ab${value}c`)],
    ['in base64 without padding, for addresses', Buffer.from(`abcd${value}`).toString('base64url')],
    ['reversed in base64', base64(`x${Array.from(value).toReversed().join('')}`)],
  ])('should find a canary %s', (_disguise, text) => {
    expect(findLeaks(text, [canary, near])).toEqual([canary])
  })

  test.each([
    ['an empty text', ''],
    ['the canary of a twin', near.value],
    ['all but its end', value.slice(0, -2)],
    ['the twin in base64', base64(`a${near.value}bc`)],
  ])('should find nothing in %s', (_what, text) => {
    expect(findLeaks(text, [canary])).toEqual([])
  })
})
