import { createHash } from 'node:crypto'

import type { Json } from '../encoding/index.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'
import { roleReaches } from './role.ts'

/** How far an effect goes: it reads; it writes what can be written again; or it does what a person must consent to. */
export type Risk = (typeof risks)[number]

const risks = ['read', 'write', 'sensitive'] as const

/** What a tool asks of whoever calls it. */
export interface PolicyTool {
  readonly name: string
  readonly risk: Risk
  /** the least role */
  readonly role: string
  /** the plans that have it; every plan where absent */
  readonly plans?: readonly string[] | undefined
  /** the regions that have it; every region where absent */
  readonly regions?: readonly string[] | undefined
}

/** What a policy is asked: whether this boundary may call this tool, with these records and this input. */
export interface PolicyQuestion {
  readonly boundary: AgentBoundary
  readonly tool: PolicyTool
  /** the records that the input names; each was found inside the boundary */
  readonly resources: readonly { readonly type: string; readonly id: string }[]
  /** the model's arguments */
  readonly input: Json
}

/** A policy of the app's own, above the floor: it can deny what the floor allows, and allows nothing that the floor denies. */
export interface Policy {
  /** what tells this policy from every other, for the evidence: a hash of its text */
  readonly hash: string
  /** Answers `true` to allow. Anything else, and whatever is thrown, is a deny. */
  decide(question: PolicyQuestion): boolean | Promise<boolean>
}

/** Why the floor denies. */
export type FloorDenial = 'tool' | 'role' | 'plan' | 'region' | 'risk'

/**
 * The floor, which no policy can open: the tool is in the allow-list, the role reaches the tool's, plan and region have
 * it, and its risk is within the boundary's. Whatever is not named is denied.
 *
 * @returns why it is denied; `undefined` when it is not
 */
export function findFloorDenial(state: BoundaryState, tool: PolicyTool): FloorDenial | undefined {
  if (!state.allowedToolIds.includes(tool.name)) return 'tool'
  if (!roleReaches(state.role, tool.role)) return 'role'
  if (tool.plans !== undefined && !tool.plans.includes(state.plan)) return 'plan'
  if (tool.regions !== undefined && !tool.regions.includes(state.region)) return 'region'
  return riskReaches(state.maximumRisk, tool.risk) ? undefined : 'risk'
}

/** Says whether `risk` is at most `most`. An unknown risk never is. */
function riskReaches(most: Risk, risk: Risk): boolean {
  const asked = risks.indexOf(risk)
  return asked >= 0 && risks.indexOf(most) >= asked
}

/**
 * What is decided by, as each event names it: the floor alone, or the floor and the app's policy above it.
 *
 * @throws {TypeError} when the policy has no hash or cannot decide
 */
export function hashPolicy(policy: Policy | undefined): string {
  if (
    policy !== undefined &&
    (typeof policy?.decide !== 'function' || typeof policy.hash !== 'string' || policy.hash === '')
  )
    throw new TypeError('The option policy needs a hash and decide().')
  const text = JSON.stringify(['floor-1', policy?.hash ?? null])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
