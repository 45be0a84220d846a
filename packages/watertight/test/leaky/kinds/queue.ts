import { deepEqual, equal } from 'node:assert/strict'

import { settle } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** Work that is done later, by a worker that had other work before. */
export interface Queue {
  enqueue(owner: Owner, text: string): Promise<void>
  /** works off the queue, in a process that was last busy for somebody, or for nobody */
  work(ambient: Owner | undefined): Promise<void>
  /** what was done for an owner */
  done(owner: Owner): Promise<readonly string[]>
}

export const queueKind: Kind<Queue> = {
  name: 'queue',
  store: 'jobs',

  async contract(queue, owner) {
    await queue.enqueue(owner, 'first')
    await queue.enqueue(owner, 'second')
    deepEqual(await queue.done(owner), [])
    await queue.work(owner)
    deepEqual(await queue.done(owner), ['first', 'second'])
    await queue.work(owner)
    equal((await queue.done(owner)).length, 2)
  },

  async seed(queue, owner, secret) {
    await queue.enqueue(owner, `Export the account ${secret}`)
    return ''
  },

  // Whatever the attempt left undone is done now, for whom it was enqueued.
  async own(queue, owner) {
    await settle(() => queue.work(owner))
    return await queue.done(owner)
  },

  attempts: {
    'let a worker of the caller do it': async ({ component, caller }) => {
      await component.work(caller)
      return await component.done(caller)
    },
    'let a worker of nobody do it': async ({ component, caller }) => {
      await settle(() => component.work(undefined))
      return await component.done(caller)
    },
  },
}
