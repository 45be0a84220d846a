import type { RunScope, Scope, CompartmentSurface, ExportedItem } from '../surface.ts'
import { createCompartmentMemory, createRunMemory } from './compartment-memory.ts'
import type { CompartmentMemory, RunMemory } from './compartment-memory.ts'
import type { MemoryStore } from './memory-store.ts'
import { createPostgresMemory } from './postgres-memory.ts'

/** The largest value of a memory when nothing is said, in bytes of JSON. */
const usualMaximumBytes = 65_536

export interface MemoryOptions {
  /** a store of the app's own; the built-in tables where absent */
  readonly store?: MemoryStore
  /** the largest value, in bytes of JSON; 64 KiB by default */
  readonly maximumBytes?: number
}

/**
 * User memory: what an agent keeps about a person, a workspace or a tenant beyond one run.
 *
 * @param options `store`: a memory store of the app's own; `maximumBytes`: the size limit of a value
 */
export function memory(options: MemoryOptions = {}): CompartmentSurface<'memory', CompartmentMemory, RunMemory> {
  const maximumBytes = options.maximumBytes ?? usualMaximumBytes
  if (!Number.isSafeInteger(maximumBytes) || maximumBytes <= 0)
    throw new TypeError('memory() needs maximumBytes to be a whole number above 0.')
  return {
    name: 'memory',
    within: 'compartment',
    async open(house) {
      const store = options.store ?? createPostgresMemory(house.store)
      const bind = (scope: Scope) => createCompartmentMemory({ store, scope, maximumBytes })
      return {
        bind,
        bindRun: (scope: RunScope) => createRunMemory({ store, scope, maximumBytes }, scope),
        sweep: async () => 0, // a memory has no end of its own
        export: (scope) => exportMemory(bind(scope)),
        erase: (scope) => eraseMemory(bind(scope)),
        close: async () => undefined,
      }
    },
  }
}

async function* exportMemory(memories: CompartmentMemory): AsyncIterable<ExportedItem> {
  for await (const item of ownMemories(memories))
    yield { surface: 'memory', kind: 'user', id: item.key, value: item.value }
}

async function eraseMemory(memories: CompartmentMemory): Promise<number> {
  let erased = 0
  for await (const { key } of ownMemories(memories)) if (await memories.delete(key)) erased++
  return erased
}

// What the person keeps; what a workspace or tenant shares is not theirs to take or to erase.
async function* ownMemories(memories: CompartmentMemory) {
  let after = ''
  for (;;) {
    const page = await memories.list({ after })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.key
  }
}
