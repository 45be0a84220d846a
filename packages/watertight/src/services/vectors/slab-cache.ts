import { bytesOf } from './slab.ts'
import type { Slab } from './slab.ts'

/** Whose slab it is: uuids of the directory and the embedder, none of which can be another's by spelling. */
export interface SlabKey {
  readonly tenant: string
  readonly workspace: string
  readonly datasource: string
  readonly embedder: string
}

export interface SlabLimits {
  /** the most memory for slabs in this process, in bytes */
  readonly totalBytes: number
  /** the most memory for the slabs of one tenant, in bytes: no tenant can push all others out */
  readonly tenantBytes: number
}

/** Slabs that were read, least recently used first out: of the tenant that is over its quota, then of all. */
export class SlabCache {
  readonly #limits: SlabLimits
  // A Map keeps the order of insertion: taking an entry out and putting it back makes it the most recent.
  readonly #slabs = new Map<string, { readonly key: SlabKey; readonly slab: Slab }>()

  constructor(limits: SlabLimits) {
    this.#limits = limits
  }

  /** The slab under a key if it is of that generation. An older one is dropped. */
  find(key: SlabKey, generation: string): Slab | undefined {
    const name = nameOf(key)
    const entry = this.#slabs.get(name)
    if (entry === undefined) return undefined
    this.#slabs.delete(name)
    if (entry.slab.generation !== generation) return undefined
    this.#slabs.set(name, entry)
    return entry.slab
  }

  /** Keeps a slab, and drops others until the limits hold. One that is over a limit by itself is not kept. */
  keep(key: SlabKey, slab: Slab): void {
    this.#slabs.delete(nameOf(key))
    if (bytesOf(slab) > Math.min(this.#limits.tenantBytes, this.#limits.totalBytes)) return
    this.#slabs.set(nameOf(key), { key, slab })
    this.#shrink(this.#limits.tenantBytes, (held) => held.tenant === key.tenant)
    this.#shrink(this.#limits.totalBytes, () => true)
  }

  /** Drops every slab, when the surface closes. */
  clear(): void {
    this.#slabs.clear()
  }

  #shrink(limit: number, counts: (key: SlabKey) => boolean): void {
    const counted = [...this.#slabs].filter(([, { key }]) => counts(key))
    let bytes = counted.reduce((sum, [, { slab }]) => sum + bytesOf(slab), 0)
    for (const [name, { slab }] of counted) {
      if (bytes <= limit) return
      this.#slabs.delete(name)
      bytes -= bytesOf(slab)
    }
  }
}

// JSON of a list of strings is injective, whatever the embedder is called.
function nameOf({ tenant, workspace, datasource, embedder }: SlabKey): string {
  return JSON.stringify([tenant, workspace, datasource, embedder])
}
