export type { Canary } from './canaries/canary.ts'
export { createCanary } from './canaries/create-canary.ts'
export type { CanarySource } from './canaries/create-canary.ts'
export { createCanaryDetector } from './canaries/create-canary-detector.ts'
export type { CanaryDetector, CanaryWatch } from './canaries/create-canary-detector.ts'
export type { CanaryRendering } from './canaries/rendering.ts'
export type { CanaryFinding, CanaryReport } from './canaries/report.ts'
export type { ScanLimits } from './canaries/search.ts'
export { compareCarelessly } from './twins/careless.ts'
export type { CarelessComparison } from './twins/careless.ts'
export { createTwins } from './twins/create-twins.ts'
export type { TwinOptions, Twins } from './twins/create-twins.ts'
export { lookAlikeKinds, makeLookAlike } from './twins/look-alike.ts'
export type { LookAlikeKind } from './twins/look-alike.ts'
export { twinStores } from './twins/twin.ts'
export type {
  Resemblance,
  TwinDocument,
  TwinMemory,
  TwinOwner,
  TwinStore,
  TwinTenant,
  TwinTicket,
  TwinUser,
  TwinWorkspace,
} from './twins/twin.ts'
export { compareWorlds } from './worlds/compare-worlds.ts'
export type { WorldsOptions, WorldsReport } from './worlds/compare-worlds.ts'
export type { Difference } from './worlds/difference.ts'
export { neighbourActivities, neighbourHistories } from './worlds/neighbours.ts'
export type { NeighbourActivity, NeighbourHistory } from './worlds/neighbours.ts'
export { defineWorldOperation } from './worlds/world.ts'
export type { FastCheckLike, World, WorldOperation, WorldOperationOptions, WorldStep } from './worlds/world.ts'
export { WorldsDiffer, WorldsUnproved } from './worlds/worlds-differ.ts'
export type { Divergence } from './worlds/worlds-differ.ts'
