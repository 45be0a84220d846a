export { assertInBoundary, isBoundary, jwt, narrow, session } from './boundary/index.ts'
export type {
  AgentBoundary,
  Claims,
  Directory,
  Grant,
  Identity,
  JwtOptions,
  Narrowing,
  OwnedRecord,
  Place,
  Policy,
  PolicyQuestion,
  Principal,
  ProvedSession,
  Role,
} from './boundary/index.ts'
export type { AuditEvent, AuditEventName, AuditSink, Explanation, LoggedEvent } from './audit/index.ts'
export type { Compartment, Run } from './compartment.ts'
export type { Json } from './encoding/index.ts'
export {
  BoundaryRefused,
  EvidenceRefused,
  FolderRefused,
  Forbidden,
  InvalidInput,
  KeysRefused,
  LimitExceeded,
  NotFound,
  PeerMissing,
  Refusal,
  RunEnded,
  ServeRefused,
  StoreUnavailable,
  ToolFailed,
  Unauthenticated,
} from './errors.ts'
export type { RefusalCode } from './errors.ts'
export type { OnRefused, RefusedEvent } from './refused-log.ts'
export type { DirectoryAdmin, MemberGrant, MemberName } from './services/directory/index.ts'
export type { ContextItem, RunContext, RunOptions, RunState, StateItem } from './services/runs/index.ts'
export type { PoolLike, Transaction } from './store/index.ts'
export type { CompartmentSurface, ExportedItem, RunSurface, Surface } from './surfaces/surface.ts'
export { openWatertight } from './watertight.ts'
export type { Watertight, WatertightOptions } from './watertight.ts'
