export type { Canary } from './canaries/canary.ts'
export { createCanary } from './canaries/create-canary.ts'
export type { CanarySource } from './canaries/create-canary.ts'
export { createCanaryDetector } from './canaries/create-canary-detector.ts'
export type { CanaryDetector, CanaryWatch } from './canaries/create-canary-detector.ts'
export type { CanaryRendering } from './canaries/rendering.ts'
export type { CanaryFinding, CanaryReport } from './canaries/report.ts'
export type { ScanLimits } from './canaries/search.ts'
export { cacheContract } from './contracts/cache-contract.ts'
export type { CachePort } from './contracts/cache-contract.ts'
export type { ContractCase, ContractOptions } from './contracts/contract.ts'
export { jobsContract } from './contracts/jobs-contract.ts'
export type { JobsPort } from './contracts/jobs-contract.ts'
export { memoryContract } from './contracts/memory-contract.ts'
export type { MemoryPort } from './contracts/memory-contract.ts'
export type { ContractLevel } from './contracts/neighbours.ts'
export { retrievalContract } from './contracts/retrieval-contract.ts'
export type { RetrievalHit, RetrievalPort } from './contracts/retrieval-contract.ts'
export { storeContract } from './contracts/store-contract.ts'
export type { StorePort } from './contracts/store-contract.ts'
export { createCompromisedLanguageModel } from './models/create-compromised-language-model.ts'
export type { CompromisedLanguageModel, LanguageModelOptionsLike } from './models/create-compromised-language-model.ts'
export { createCompromisedModel } from './models/create-compromised-model.ts'
export type { CallableTool, Conversation, ConversationResult } from './models/create-compromised-model.ts'
export type { CompromisedOptions } from './models/compromised-options.ts'
export type { KnownOwner, ModelCall, ModelTool } from './models/model-reading.ts'
export type { IsolationReport, Leak, Problem, ProblemKind, Usefulness } from './prove/isolation-report.ts'
export type { IsolationTarget, Person, SeedOwner, SeedRecord, Turn } from './prove/isolation-target.ts'
export type { Relation, SeedStores } from './prove/plantings.ts'
export { prove } from './prove/prove.ts'
export type { ProveOptions, ProveProgress } from './prove/prove-options.ts'
export type { Rate } from './prove/rate.ts'
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
