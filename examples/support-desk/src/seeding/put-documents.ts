import type { DeskCompartment } from '../desk/open-desk.ts'
import type { DocumentSeed } from '../seed/index.ts'

/** Puts these documents in the place of all that a workspace has. */
export async function putDocuments(desk: DeskCompartment, documents: readonly DocumentSeed[]): Promise<void> {
  const wanted = new Set(documents.map(({ id }) => id))
  for await (const { surface, id, value } of desk.export()) {
    if (surface !== 'retrieval' || wanted.has(id)) continue
    await desk.retrieval.delete({ datasourceId: datasourceOf(value), documentId: id })
  }
  await Promise.all(
    documents.map(({ id, datasourceId, title, markdown }) =>
      desk.retrieval.add({ datasourceId, documentId: id, title, text: markdown }),
    ),
  )
}

function datasourceOf(value: unknown): string {
  return typeof value === 'object' && value !== null && 'datasourceId' in value ? String(value.datasourceId) : ''
}
