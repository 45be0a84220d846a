export { askApproval, createCompartmentApprovals, refusalOf } from './approvals.ts'
export type { Approval, ApprovalState, CompartmentApprovals } from './approvals.ts'
