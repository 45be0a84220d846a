import { deepEqual } from 'node:assert/strict'

import { settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

export type Hear = (text: string) => void

/** Answers that are streamed, and can be picked up again after a broken connection. */
export interface Streams {
  start(owner: Owner): Promise<string>
  publish(owner: Owner, id: string, text: string): Promise<void>
  /** hears what was said so far, and what is said from now on */
  subscribe(caller: Owner, id: string, hear: Hear): Promise<void>
}

export const streamsKind: Kind<Streams> = {
  name: 'streams',
  store: 'logs',

  async contract(streams, owner) {
    const id = await streams.start(owner)
    await streams.publish(owner, id, 'one')
    const heard: string[] = []
    await streams.subscribe(owner, id, (text) => heard.push(text))
    await streams.publish(owner, id, 'two')
    deepEqual(heard, ['one', 'two'])
  },

  async seed(streams, owner, secret) {
    const id = await streams.start(owner)
    await streams.publish(owner, id, `The code is ${secret}.`)
    return id
  },

  async own(streams, owner, id) {
    const heard: string[] = []
    await streams.subscribe(owner, id, (text) => heard.push(text))
    return heard
  },

  attempts: {
    'hear while they speak': async ({ component, caller, other, mine, theirs, says }) => {
      const heard: string[] = []
      await component.subscribe(caller, mine, (text) => heard.push(text))
      await component.publish(other, theirs, `And again, ${says.other}.`)
      return heard
    },
    'subscribe to their stream': async ({ component, caller, theirs }) => {
      const heard: string[] = []
      return [await settleAll(() => component.subscribe(caller, theirs, (text) => heard.push(text))), heard]
    },
    'publish into their stream': ({ component, caller, theirs, says }) =>
      component.publish(caller, theirs, `Planted, with ${says.caller}.`),
  },
}
