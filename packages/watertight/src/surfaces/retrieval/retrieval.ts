import { loadNativeProposer, SlabCache } from '../../services/vectors/index.ts'
import type { CompartmentSurface, ExportedItem, House, Scope } from '../surface.ts'
import { createCompartmentRetrieval, createRunRetrieval, listDocuments } from './compartment-retrieval.ts'
import type { CompartmentRetrieval, RunRetrieval } from './compartment-retrieval.ts'
import type { DocumentIndex } from './document-index.ts'
import { embedderKey } from './embedder.ts'
import type { Embedder } from './embedder.ts'
import { createPostgresIndex } from './postgres-index.ts'

export interface RetrievalOptions {
  /** what turns texts into vectors; its id is part of every key */
  readonly embedder: Embedder
  /** an index of the app's own; the built-in tables where absent */
  readonly index?: DocumentIndex
  /** the longest document, in characters; 1,000,000 by default */
  readonly maximumDocumentLength?: number
  /** the longest chunk, in characters; 800 by default. Fit it to what the embedder reads */
  readonly chunkLength?: number
  /** memory for vectors in this process, and the part of it that one tenant may take, in bytes; 512 MiB and a quarter of it by default */
  readonly vectorMemory?: { readonly totalBytes: number; readonly tenantBytes: number }
}

const usual = {
  documentLength: 1_000_000,
  chunkLength: 800,
  totalBytes: 512 * 1024 * 1024,
  tenantBytes: 128 * 1024 * 1024,
}

/**
 * Retrieval: exact search over the documents of the datasources that a boundary may read, and over nothing else.
 *
 * @throws {TypeError} when the embedder is missing or has no id or dimensions
 */
export function retrieval(
  options: RetrievalOptions,
): CompartmentSurface<'retrieval', CompartmentRetrieval, RunRetrieval> {
  const { embedder, maximumDocumentLength = usual.documentLength, chunkLength = usual.chunkLength } = options
  requireEmbedder(embedder)
  // A limit that is NaN, as of a missing setting, would be no limit at all.
  requireWhole('chunkLength', chunkLength, 100)
  requireWhole('maximumDocumentLength', maximumDocumentLength, 1)
  requireWhole('vectorMemory.totalBytes', options.vectorMemory?.totalBytes ?? usual.totalBytes, 0)
  requireWhole('vectorMemory.tenantBytes', options.vectorMemory?.tenantBytes ?? usual.tenantBytes, 0)
  return {
    name: 'retrieval',
    within: 'compartment',
    async open(house) {
      const index = options.index ?? (await openPostgresIndex(house, options))
      const ports = (scope: Scope) => ({ index, embedder, scope, maximumDocumentLength, chunkLength })
      return {
        bind: (scope) => createCompartmentRetrieval(ports(scope)),
        bindRun: (scope) => createRunRetrieval(ports(scope)),
        sweep: async () => 0, // a document has no end of its own
        export: (scope) => exportDocuments(index, scope),
        erase: async () => 0, // documents are the workspace's, not one person's: delete() removes them
        close: () => index.close(),
      }
    },
  }
}

async function openPostgresIndex(
  house: House,
  { embedder, vectorMemory = usual }: RetrievalOptions,
): Promise<DocumentIndex> {
  return createPostgresIndex({
    store: house.store,
    cache: new SlabCache(vectorMemory),
    embedder: embedderKey(embedder),
    dimensions: embedder.dimensions,
    propose: await loadNativeProposer(),
  })
}

function requireEmbedder(embedder: Embedder | undefined): void {
  if (
    embedder === undefined ||
    typeof embedder.id !== 'string' ||
    embedder.id === '' ||
    typeof embedder.embed !== 'function'
  ) {
    throw new TypeError('retrieval() needs the option embedder: an id, dimensions and embed().')
  }
  requireWhole('embedder.dimensions', embedder.dimensions, 1)
}

function requireWhole(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new TypeError(`retrieval() needs ${option} to be a whole number from ${least}.`)
}

// The texts are the workspace's and lie where they came from; a person takes the list of what they may read.
async function* exportDocuments(index: DocumentIndex, scope: Scope): AsyncIterable<ExportedItem> {
  for (const { datasourceId, documentId, title } of await listDocuments(index, scope)) {
    yield { surface: 'retrieval', kind: 'document', id: documentId, value: { datasourceId, title } }
  }
}
