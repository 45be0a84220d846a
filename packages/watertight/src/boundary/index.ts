export { assertInBoundary } from './assert-in-boundary.ts'
export type { OwnedRecord } from './assert-in-boundary.ts'
export { Authority, maximumClockOffset } from './authority.ts'
export {
  isBoundary,
  makeBoundary,
  markRevoked,
  parsePlace,
  renewBoundary,
  requireKnown,
  requireLive,
  stillGranted,
} from './boundary.ts'
export type { AgentBoundary, BoundaryState, Place } from './boundary.ts'
export { parseGrant } from './directory.ts'
export type { Directory, Grant, GrantRows } from './directory.ts'
export type { Identity } from './identity.ts'
export { jwt } from './jwt.ts'
export type { JwtOptions } from './jwt.ts'
export { Keyring } from './keyring.ts'
export { findLabel, labelItem, requireOwnLabel } from './label.ts'
export type { ItemSource } from './label.ts'
export { narrow } from './narrow.ts'
export type { Narrowing } from './narrow.ts'
export { findFloorDenial, hashPolicy } from './policy.ts'
export type { Policy, PolicyQuestion, Risk } from './policy.ts'
export { makePrincipal, requirePrincipal } from './principal.ts'
export type { Claims, Principal } from './principal.ts'
export { roleReaches, rolesFrom } from './role.ts'
export type { Role } from './role.ts'
export { session } from './session.ts'
export type { ProvedSession } from './session.ts'
