import type { Refusal } from '../../errors.ts'
import { askApproval, refusalOf } from '../../services/approvals/index.ts'
import type { ApprovalState } from '../../services/approvals/index.ts'
import { digestOf } from '../../services/effects/index.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** Asks for a person's consent to exactly this call, or finds what became of it. Its evidence is durable. */
export async function askPerson({ store, scope, approvalLifetime }: ToolPorts, call: Call): Promise<ApprovalState> {
  const { tool, input } = call
  // Asked for anew: looking up took time.
  const boundary = await scope.live()
  return await askApproval(store, boundary, scope.recorder, {
    runId: scope.run.id,
    toolId: tool.name,
    digest: digestOf(tool.name, input),
    input,
    approver: tool.approver,
    lifetime: approvalLifetime,
  })
}

/** The refusal of a call that nobody has consented to. */
export async function refuseUnapproved(ports: ToolPorts, call: Call): Promise<Refusal> {
  return refusalOf(await askPerson(ports, call))
}
