/** What a victim does. Its id is the trace of the boundary that it happens in; the steps of a run share one. */
export type Operation =
  | { readonly kind: 'memory-set'; readonly id: string; readonly key: string }
  | { readonly kind: 'memory-delete'; readonly id: string; readonly key: string }
  | { readonly kind: 'document-add'; readonly id: string; readonly document: string; readonly sections: number }
  | { readonly kind: 'document-delete'; readonly id: string; readonly document: string }
  | { readonly kind: 'run-start'; readonly id: string }
  /** reads whose evidence is buffered, and then a write, which makes it durable */
  | { readonly kind: 'run-work'; readonly id: string; readonly reads: number }
  | { readonly kind: 'run-end'; readonly id: string }

/** One line of a victim's output, as JSON. `begun` precedes the call, `acknowledged` follows its return. */
export type Line =
  | { readonly say: 'begun' | 'acknowledged'; readonly operation: Operation }
  | { readonly say: 'found'; readonly found: Found }

/** Everything that a process reads through the boundary when it has just opened the store. */
export interface Found {
  /** only runs and events of operations whose id starts with this were asked for */
  readonly prefix: string
  readonly memories: readonly { readonly key: string; readonly by: string; readonly whole: boolean }[]
  readonly documents: readonly FoundDocument[]
  /** texts without their own vector, and vectors without a text */
  readonly strayVectors: number
  readonly generation: number
  readonly runs: readonly { readonly by: string; readonly ended: boolean; readonly states: number }[]
  /** how many events of a name an operation left */
  readonly events: readonly { readonly by: string; readonly event: string; readonly count: number }[]
}

export interface FoundDocument {
  readonly document: string
  /** the operation that its title names */
  readonly by: string
  /** its texts; those that name the same operation; those that a search returns */
  readonly texts: number
  readonly own: number
  readonly searched: number
}

/** Defects that can be planted in a victim, to show that the soak sees them. */
export const faults = ['acknowledge-first', 'write-twice', 'without-evidence', 'half-a-document'] as const
export type Fault = (typeof faults)[number]

export const place = { tenantId: 'northstar-dental', workspaceId: 'front-desk' } as const
export const datasourceId = 'handbook'
export const userId = 'dana'

/** The most documents and sections of one, so that one search can return every text. */
export const most = { documents: 10, sections: 9, keys: 24 } as const
