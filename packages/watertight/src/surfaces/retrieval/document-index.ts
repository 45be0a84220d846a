import type { AgentBoundary } from '../../boundary/index.ts'
import type { TextChunk } from './chunk-text.ts'

/** A document on its way into an index: cut and embedded. */
export interface IndexedDocument {
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
  readonly chunks: readonly (TextChunk & { readonly vector: Float32Array<ArrayBuffer> })[]
}

/** A document that an index holds, with its owner by the app's ids, which is compared before it is returned. */
export interface IndexEntry {
  readonly owner: { readonly tenantId: string; readonly workspaceId: string }
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
}

/** A chunk that an index found. */
export interface IndexHit extends IndexEntry {
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
  /** as for `MemoryStore` */
  readonly appendsEvents?: true
  /** Adds a document, in place of the one of the same id. `events`: see `MemoryStore`. */
  add(boundary: AgentBoundary, document: IndexedDocument, events: string): Promise<void>
  /** Whether the datasource holds the document. */
  has(boundary: AgentBoundary, datasourceId: string, documentId: string): Promise<boolean>
  /** Returns whether there was one. */
  delete(boundary: AgentBoundary, datasourceId: string, documentId: string, events: string): Promise<boolean>
  /** The nearest chunks, best first. Filtered before ranked: what may not be seen is never a candidate. */
  search(boundary: AgentBoundary, vector: Float32Array<ArrayBuffer>, limit: number): Promise<readonly IndexHit[]>
  /** The documents in the boundary's datasources, for export. */
  list(boundary: AgentBoundary): Promise<readonly IndexEntry[]>
  close(): Promise<void>
}
