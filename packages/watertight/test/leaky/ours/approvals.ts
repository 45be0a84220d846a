import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { defineTool } from '../../../src/surfaces/tools/index.ts'
import type { Approvals } from '../kinds/approvals.ts'
import type { House } from './house.ts'

interface Account {
  readonly tenant_id: string
  readonly workspace_id: string
  readonly text: string
}

export const sendStatement = defineTool({
  name: 'send_statement',
  description: 'Sends the statement of an account.',
  input: z.object({ account: resourceId('ticket') }),
  risk: 'sensitive',
  role: 'member',
  run: async ({ account }, { resource }) => resource('ticket', account) as unknown as Account,
  owner: ({ tenant_id, workspace_id }) => ({ tenantId: tenant_id, workspaceId: workspace_id }),
})

/**
 * Consent as a row that the call finds: nothing travels with it, so there is nothing to sign, and nothing to steal. Who says
 * yes is a colleague, because nobody does so in their own name. Each call is one that is meant, and no retry.
 */
export function createOurApprovals(house: House): Approvals {
  return {
    async open(owner, statement) {
      const id = randomUUID()
      await house.call(owner, 'create_ticket', { id, text: statement })
      return id
    },
    async approve(approver, call) {
      const { state, approvalId = '' } = await house.inRun(approver, (run) =>
        run.tools.requestApproval('send_statement', call),
      )
      const colleague = { ...approver, userId: `colleague of ${approver.userId}` }
      if (state === 'waiting') await (await house.at(colleague, 'owner')).approvals.approve(approvalId)
      return approvalId
    },
    async run(caller, call) {
      const sent = await house.call(caller, 'send_statement', call)
      return z.object({ text: z.string() }).parse(sent).text
    },
  }
}
