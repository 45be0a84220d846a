import { ok, rejects } from 'node:assert/strict'

import { settle } from '../kind.ts'
import type { Kind } from '../kind.ts'
import type { Owner } from '../owners.ts'

/** A sensitive call: the statement of one account is sent to whoever runs it. */
export interface SensitiveCall {
  readonly account: string
}

/** Sensitive calls, which a person of the owner consents to before they run. */
export interface Approvals {
  /** @returns the account */
  open(owner: Owner, statement: string): Promise<string>
  /** @returns the approval, as it travels with the call */
  approve(approver: Owner, call: SensitiveCall): Promise<string>
  run(caller: Owner, call: SensitiveCall, approval: string | undefined): Promise<string>
}

export const approvalsKind: Kind<Approvals> = {
  name: 'approvals',
  store: 'tickets',

  async contract(approvals, owner) {
    const account = await approvals.open(owner, 'The statement of May.')
    const approval = await approvals.approve(owner, { account })
    ok((await approvals.run(owner, { account }, approval)).includes('May'))
    await rejects(approvals.run(owner, { account }, undefined))
    await rejects(approvals.run(owner, { account }, `${approval}0`))
  },

  seed: (approvals, owner, secret) => approvals.open(owner, `The statement with the code ${secret}.`),

  own: async (approvals, owner, account) =>
    await approvals.run(owner, { account }, await approvals.approve(owner, { account })),

  attempts: {
    'replay their approval': async ({ component, caller, other, theirs }) => {
      const approval = await component.approve(other, { account: theirs })
      return await component.run(caller, { account: theirs }, approval)
    },
    'replay what they have used': async ({ component, caller, other, theirs }) => {
      const approval = await component.approve(other, { account: theirs })
      await settle(() => component.run(other, { account: theirs }, approval))
      return await component.run(caller, { account: theirs }, approval)
    },
    'change the account after the approval': async ({ component, caller, mine, theirs }) => {
      const approval = await component.approve(caller, { account: mine })
      return await component.run(caller, { account: theirs }, approval)
    },
    'approve for them': async ({ component, caller, theirs }) =>
      await component.run(caller, { account: theirs }, await component.approve(caller, { account: theirs })),
  },
}
