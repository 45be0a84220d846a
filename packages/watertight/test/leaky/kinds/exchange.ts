import { equal, ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { settle } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

export interface Asking {
  /** the number that the client gave its request: every client counts from 1 */
  readonly requestId?: number
  /** the client goes away while its request is on the wire */
  readonly cancel?: boolean
  /** the work breaks off in the middle */
  readonly fail?: boolean
}

/** Questions and answers over something that callers share: a connection, a transport, a login. */
export interface Exchange {
  keep(owner: Owner, text: string): Promise<void>
  /** what the owner kept, or undefined when it kept nothing or did not wait for the answer */
  ask(caller: Owner, asking?: Asking): Promise<string | undefined>
}

export const exchangeKind: Kind<Exchange> = {
  name: 'exchange',
  store: 'tickets',

  async contract(exchange, owner) {
    await exchange.keep(owner, 'The invoice is due.')
    equal(await exchange.ask(owner), 'The invoice is due.')
    equal(await exchange.ask(owner, { requestId: 2 }), 'The invoice is due.')
    await settle(async () => await exchange.ask(owner, { cancel: true }))
    equal(await exchange.ask(owner), 'The invoice is due.')
    await exchange.ask(owner, { fail: true }).catch(() => undefined)
    ok(await exchange.ask(owner))
  },

  async seed(exchange, owner, secret) {
    await exchange.keep(owner, `The reference is ${secret}.`)
    return ''
  },

  own: (exchange, owner) => exchange.ask(owner),

  attempts: {
    ask: ({ component, caller }) => component.ask(caller),
    'ask right after them': async ({ component, caller, other }) => {
      await component.ask(other)
      return await component.ask(caller)
    },
    'ask beside them, under the same request id': async ({ component, caller, other }) => {
      const theirs = soon(component.ask(other, { requestId: 1 }))
      const mine = soon(component.ask(caller, { requestId: 1 }))
      await theirs
      return await mine
    },
    'ask after they cancelled': async ({ component, caller, other }) => {
      await component.ask(other, { cancel: true })
      return await component.ask(caller)
    },
    'ask after theirs broke off': async ({ component, caller, other }) => {
      await component.ask(other, { fail: true }).catch(() => undefined)
      return await component.ask(caller)
    },
  },
}

// A request whose answer went to somebody else is never answered.
async function soon(answer: Promise<string | undefined>): Promise<string | undefined> {
  return await Promise.race([answer, sleep(50, undefined)])
}
