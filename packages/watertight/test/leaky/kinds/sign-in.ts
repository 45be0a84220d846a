import { ok, rejects } from 'node:assert/strict'

import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** What a caller shows. Everything in it came over the wire, so the caller may change all of it. */
export interface Proof {
  readonly token: string
  /** whom the caller says it is; an e-mail address is public */
  readonly email: string
}

/** The way from a proof to the data of whoever it proves. */
export interface SignIn {
  enrol(owner: Owner, secret: string): Promise<void>
  /** what the identity provider issues to this owner */
  issue(owner: Owner): Promise<Proof>
  enter(proof: Proof): Promise<unknown>
}

export const signInKind: Kind<SignIn> = {
  name: 'sign-in',
  store: 'memory',

  async contract(signIn, owner) {
    await signIn.enrol(owner, 'The notes of the office.')
    const proof = await signIn.issue(owner)
    ok(JSON.stringify(await signIn.enter(proof)).includes('The notes of the office.'))
    await rejects(signIn.enter({ ...proof, token: 'guessed' }))
    await rejects(signIn.enter({ ...proof, token: '' }))
  },

  async seed(signIn, owner, secret) {
    await signIn.enrol(owner, `The notes with ${secret}.`)
    return ''
  },

  own: async (signIn, owner) => await signIn.enter(await signIn.issue(owner)),

  attempts: {
    'enter with the caller’s own proof': async ({ component, caller }) =>
      await component.enter(await component.issue(caller)),
    'enter under their address': async ({ component, caller, other }) => {
      const { token } = await component.issue(caller)
      const { email } = await component.issue(other)
      return await component.enter({ token, email })
    },
  },
}
