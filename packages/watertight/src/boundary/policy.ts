import { createHash } from 'node:crypto'

import { ownMembers } from '../encoding/index.ts'
import type { Json } from '../encoding/index.ts'
import type { AgentBoundary, BoundaryState } from './boundary.ts'
import { exactIndexOf } from './exact-index.ts'
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
  // Own members, each read once: what a tool lacks, such as its risk, a polluted prototype must not supply.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the members of `tool`, without its prototype
  const { name, risk, role, plans, regions } = ownMembers(tool) as Readonly<Record<string, unknown>> & PolicyTool
  if (exactIndexOf(state.allowedToolIds, name) < 0) return 'tool'
  if (!roleReaches(state.role, role)) return 'role'
  if (plans !== undefined && exactIndexOf(plans, state.plan) < 0) return 'plan'
  if (regions !== undefined && exactIndexOf(regions, state.region) < 0) return 'region'
  return riskReaches(state.maximumRisk, risk) ? undefined : 'risk'
}

/** Says whether `risk` is at most `most`. An unknown risk never is. */
export function riskReaches(most: Risk, risk: Risk): boolean {
  const asked = exactIndexOf(risks, risk)
  return asked >= 0 && exactIndexOf(risks, most) >= asked
}

/** Says whether a value is the name of a risk. */
export function isRisk(value: unknown): value is Risk {
  return exactIndexOf(risks, value) >= 0
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
