import { equal } from 'node:assert/strict'

import { settle } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** Runs that are suspended for a while, and go on later. What a guest may read can end in between. */
export interface Resumption {
  put(owner: Owner, text: string): Promise<void>
  allow(owner: Owner, guest: Owner): Promise<void>
  revoke(owner: Owner, guest: Owner): Promise<void>
  /** suspends a run that is about to read what the owner put */
  suspend(caller: Owner, owner: Owner): Promise<string>
  resume(caller: Owner, runId: string): Promise<string>
}

export const resumptionKind: Kind<Resumption> = {
  name: 'resumption',
  store: 'documents',

  async contract(runs, owner) {
    await runs.put(owner, 'The plan of the week.')
    equal(await runs.resume(owner, await runs.suspend(owner, owner)), 'The plan of the week.')
    await runs.put(owner, 'The plan of the month.')
    equal(await runs.resume(owner, await runs.suspend(owner, owner)), 'The plan of the month.')
  },

  async seed(runs, owner, secret) {
    await runs.put(owner, `The plan has the code ${secret}.`)
    return await runs.suspend(owner, owner)
  },

  own: async (runs, owner) => await runs.resume(owner, await runs.suspend(owner, owner)),

  attempts: {
    'resume their run by its id': ({ component, caller, theirs }) => component.resume(caller, theirs),
    'resume after the permission ended': async ({ component, caller, other }) => {
      await component.allow(other, caller)
      const runId = await component.suspend(caller, other)
      await component.revoke(other, caller)
      return await component.resume(caller, runId)
    },
    'resume their run after they resumed it': async ({ component, caller, other, theirs }) => {
      await settle(() => component.resume(other, theirs))
      return await component.resume(caller, theirs)
    },
  },
}
