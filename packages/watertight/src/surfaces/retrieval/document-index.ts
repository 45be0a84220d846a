import type { AgentBoundary } from '../../boundary/index.ts'
import type { TextChunk } from './chunk-text.ts'

/** A document on its way into an index: cut and embedded. */
export interface IndexedDocument {
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
  readonly chunks: readonly (TextChunk & { readonly vector: Float32Array<ArrayBuffer> })[]
}

/** A chunk that an index found, with its owner by the app's ids, which is compared before it is returned. */
export interface IndexHit {
  readonly owner: { readonly tenantId: string; readonly workspaceId: string }
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
  readonly heading: string
  readonly text: string
  /** higher is nearer */
  readonly score: number
}

/**
 * The port of an index. The boundary that it is given is already narrowed to the datasources of the question: its
 * `allowedDatasourceIds` are exactly what may be a candidate, and an empty list means nothing.
 */
export interface DocumentIndex {
  /** Adds a document, in place of the one of the same id. `events`: see `MemoryStore`. */
  add(boundary: AgentBoundary, document: IndexedDocument, events: string): Promise<void>
  /** Returns whether there was one. */
  delete(boundary: AgentBoundary, datasourceId: string, documentId: string, events: string): Promise<boolean>
  /** The nearest chunks, best first. Filtered before ranked: what may not be seen is never a candidate. */
  search(boundary: AgentBoundary, vector: Float32Array<ArrayBuffer>, limit: number): Promise<readonly IndexHit[]>
  /** The ids of documents in the boundary's datasources, for export and erasure. */
  list(boundary: AgentBoundary): Promise<readonly { readonly datasourceId: string; readonly documentId: string; readonly title: string }[]>
  close(): Promise<void>
}
