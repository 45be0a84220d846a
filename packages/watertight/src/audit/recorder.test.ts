import { describe, expect, test } from 'vitest'

import { boundaryOf } from '../../test/support/people.ts'
import { EvidenceRefused } from '../errors.ts'
import type { AuditEvent } from './event.ts'
import { Recorder } from './recorder.ts'
import type { AuditSink } from './sink.ts'

/** A log that waits at a gate, and fails while it is told to. */
function createLog() {
  const state = { events: [] as AuditEvent[], gate: Promise.resolve<unknown>(undefined), fails: false }
  const sink: AuditSink = {
    async append(_, events) {
      await state.gate
      if (state.fails) throw new Error('the log is away')
      state.events.push(...events)
    },
    ofRun: async () => [],
  }
  return { state, sink, names: () => state.events.map(({ detail }) => detail['keys']) }
}

const boundary = boundaryOf()
const run = { id: '11111111-1111-4111-8111-111111111111', promptVersion: 'v' }
const read = (key: string) => ({ event: 'memory-read', surface: 'memory', detail: { keys: key } }) as const

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  await new Promise((resolve) => setImmediate(resolve))
  return (await Promise.race([promise.catch(() => undefined), Promise.resolve(pending)])) !== pending
}

describe('a run’s recorder', () => {
  test('should not call a read durable while somebody else’s flush or effect still carries it', async () => {
    for (const carry of ['flush', 'effect'] as const) {
      const { state, sink, names } = createLog()
      const recorder = new Recorder(sink, run)
      const held = Promise.withResolvers<undefined>()
      state.gate = held.promise
      await recorder.note(boundary, read('a'))
      await recorder.note(boundary, read('b'))
      const first = carry === 'flush' ? recorder.flush(boundary) : recorder.during(boundary, [read('c')], async () => 1)
      const second = recorder.flush(boundary)
      const effect = recorder.during(boundary, [read('d')], async () =>
        expect(names()).toEqual(expect.arrayContaining(['a', 'b'])),
      )
      for (const promise of [first, second, effect]) expect(await isSettled(promise)).toBe(false)
      held.resolve(undefined)
      await Promise.all([first, second, effect])
      expect(names()).toEqual(carry === 'flush' ? ['a', 'b', 'd'] : ['a', 'b', 'c', 'd'])
    }
  })

  test('should keep what a failed flush or effect took, and record no effect that did not happen', async () => {
    const { state, sink, names } = createLog()
    const recorder = new Recorder(sink, run)
    await recorder.note(boundary, read('a'))
    state.fails = true
    const effect = recorder.during(boundary, [read('effect')], async () => expect.fail('ran without evidence'))
    const flush = recorder.flush(boundary)
    await expect(effect).rejects.toThrow(EvidenceRefused)
    await expect(flush).rejects.toThrow(EvidenceRefused)
    state.fails = false
    await recorder.note(boundary, read('b'))
    await recorder.flush(boundary)
    expect(names()).toEqual(['a', 'b'])
  })

  test('should not make effects wait for one another that carry nobody else’s reads', async () => {
    const { sink } = createLog()
    const recorder = new Recorder(sink, run)
    const held = Promise.withResolvers<undefined>()
    const slow = recorder.during(boundary, [read('slow')], () => held.promise)
    expect(await recorder.during(boundary, [read('fast')], async () => 'fast')).toBe('fast')
    held.resolve(undefined)
    await slow
  })
})
