import { describe, expect, test } from 'vitest'

import { createNotesApp } from '../../../test/support/notes-app.ts'
import { createSharedCache, createSharedItems, createSharedStore } from '../../../test/support/shared-backend.ts'
import { createCanaryDetector } from '../canaries/create-canary-detector.ts'
import { prove } from '../prove/prove.ts'
import { createTwins } from '../twins/create-twins.ts'
import {
  describeCache,
  describeJobs,
  describeMemory,
  describeRetrieval,
  describeStore,
  isolationMatchers,
} from './index.ts'

const items = createSharedItems()

describeStore('a shared store', createSharedStore())
describeCache('a shared cache', createSharedCache())
describeMemory('a shared memory', { open: items.openMemory })
describeRetrieval('a shared index', { open: createSharedItems().openRetrieval })
describeJobs('a shared queue', { open: createSharedItems().openJobs })

describe('a skip', () => {
  test.each([
    ['no reason', { reason: ' ', tests: ['should take a job once'] }],
    ['a test that is none', { reason: 'has no such', tests: ['should take a job twice'] }],
  ])('should be refused with %s', (_what, skip) => {
    expect(() => describeJobs('a queue', { open: items.openJobs, skip: [skip] })).toThrow(TypeError)
  })
})

describe('the matchers', () => {
  expect.extend(isolationMatchers)
  const twins = createTwins()
  const foreign = twins.foreignTo({ tenantId: 'northstar-dental' })
  const secret = foreign[0]?.value ?? ''

  test('should find a canary in any rendering, and name it without its secret', () => {
    const leaked = { rows: [{ note: Buffer.from(secret).toString('base64') }] }
    expect(leaked).not.toHoldNoCanary(foreign)
    expect('The invoice is due.').toHoldNoCanary(foreign)
    expect('The invoice is due.').toHoldNoCanary(createCanaryDetector(foreign))
    const { message } = isolationMatchers.toHoldNoCanary(leaked, foreign)
    expect(message()).toContain('base64')
    expect(message()).not.toContain(secret)
  })

  test('should not hold for what could not be looked at', () => {
    expect(Promise.resolve(secret)).not.toHoldNoCanary(foreign)
  })

  test('should tell why a target is not isolated', async () => {
    const sizes = { workspaces: 1, users: 1, calls: 16 }
    expect(await prove(createNotesApp().target, sizes)).toBeIsolated()
    const leaky = await prove(createNotesApp({ maySee: () => true }).target, sizes)
    expect(leaky).not.toBeIsolated()
    expect(isolationMatchers.toBeIsolated(leaky).message()).toContain(
      'northstar-dental/ws_1/john_doe saw northstar-design',
    )
  })
})
