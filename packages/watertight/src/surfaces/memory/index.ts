export type { CompartmentMemory, MemoryItem, RunMemory, ScopeOption } from './compartment-memory.ts'
export { memory } from './memory.ts'
export type { MemoryOptions } from './memory.ts'
export type { MemoryOwner, MemoryScope, MemorySource, MemoryStore, StoredMemory } from './memory-store.ts'
