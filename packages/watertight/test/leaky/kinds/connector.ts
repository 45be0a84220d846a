import { ok } from 'node:assert/strict'

import { NotFound } from '../../../src/index.ts'
import { settleAll } from '../kind.ts'
import type { Kind } from '../kind.ts'
import { keyOf } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { partsOf, requireWhole } from './absent.ts'

/** A call to a service outside, in the name of an account that somebody connected. */
export interface Call {
  /** what is asked of the service; `everything` is all that the credential may see */
  readonly path: 'mine' | 'everything'
  /** what the model put into the arguments */
  readonly credentialId?: string
  readonly host?: string
}

/** Keeps credentials of accounts, and calls the service with them. */
export interface Connector {
  /** @returns the id of the credential */
  connect(owner: Owner, account: string): Promise<string>
  call(caller: Scope, call: Call): Promise<unknown>
  /** what a host that the caller runs has received so far */
  received(host: string): readonly unknown[]
}

/** The service outside: it knows whose token is whose, and tells everything to whoever has the token of the operator. */
class Upstream {
  readonly host = 'api.crm.example'
  readonly operator = 'token-of-the-operator'
  readonly #accounts = new Map<string, string>()
  readonly #received = new Map<string, unknown[]>()

  open(account: string): string {
    const token = `token-${this.#accounts.size + 1}`
    this.#accounts.set(token, account)
    return token
  }

  /** What a host answers to a request with that token. A foreign host keeps what it is sent. */
  answer(host: string, token: string, path: Call['path']): unknown {
    const account = this.#accounts.get(token)
    if (host !== this.host) this.#received.set(host, [...this.received(host), { token, account }])
    if (token === this.operator)
      return path === 'everything' ? [...this.#accounts.values()] : [...this.#accounts.values()].at(-1)
    return account
  }

  received(host: string): readonly unknown[] {
    return this.#received.get(host) ?? []
  }
}

/** A connector as it should be. A leaky version puts one thing of it as its incident had it. */
export class CarefulConnector implements Connector {
  protected readonly upstream = new Upstream()
  protected readonly tokens = new Map<string, string>()
  protected readonly owners = new Map<string, string>()

  async connect(owner: Owner, account: string): Promise<string> {
    const token = this.upstream.open(account)
    this.owners.set(keyOf(owner), token)
    const credentialId = `credential-${this.tokens.size + 1}`
    this.tokens.set(credentialId, token)
    return credentialId
  }

  async call(caller: Scope, call: Call): Promise<unknown> {
    return this.upstream.answer(this.hostOf(call), this.tokenOf(caller, call), call.path)
  }

  received(host: string): readonly unknown[] {
    return this.upstream.received(host)
  }

  protected tokenOf(caller: Scope, _call: Call): string {
    const token = this.owners.get(keyOf(requireWhole(caller)))
    if (token === undefined) throw new NotFound()
    return token
  }

  protected hostOf(_call: Call): string {
    return this.upstream.host
  }
}

const host = 'collect.attacker.example'

export const connectorKind: Kind<Connector> = {
  name: 'connector',
  store: 'credentials',

  async contract(connector, owner) {
    const credentialId = await connector.connect(owner, 'The account of the office.')
    for (const call of [{ path: 'mine' }, { path: 'everything' }, { path: 'mine', credentialId }] as const)
      ok(JSON.stringify(await connector.call(owner, call)).includes('The account of the office.'))
  },

  seed: (connector, owner, secret) => connector.connect(owner, `The account with the code ${secret}.`),

  own: (connector, owner) => connector.call(owner, { path: 'mine' }),

  attempts: {
    call: ({ component, caller }) => component.call(caller, { path: 'mine' }),
    'call right after them': async ({ component, caller, other }) => {
      await component.call(other, { path: 'mine' })
      return await component.call(caller, { path: 'mine' })
    },
    'call with a part of the caller missing': ({ component, caller }) =>
      settleAll(...partsOf(caller).map((part) => () => component.call(part, { path: 'mine' }))),
    'ask for everything': ({ component, caller }) => component.call(caller, { path: 'everything' }),
    'call with their credential': ({ component, caller, theirs }) =>
      component.call(caller, { path: 'mine', credentialId: theirs }),
    'send their credential to a host of the caller': async ({ component, caller, theirs }) => [
      await settleAll(() => component.call(caller, { path: 'mine', credentialId: theirs, host })),
      component.received(host),
    ],
  },
}
