import type { AuditDraft } from '../../audit/index.ts'
import { labelItem, narrow, requireLive, roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { exactKey, ownMembers, requireId } from '../../encoding/index.ts'
import { Forbidden, InvalidInput, LimitExceeded, NotFound, Refusal } from '../../errors.ts'
import type { Scope } from '../surface.ts'
import { chunkText } from './chunk-text.ts'
import type { DocumentIndex, IndexEntry, IndexHit } from './document-index.ts'
import { embedTexts } from './embedder.ts'
import type { Embedder } from './embedder.ts'

/** A document to add: Markdown or plain text. */
export interface NewDocument {
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
  readonly text: string
}

/** A part of a document that was found. Labelled for its boundary, and untrusted: a document may say anything. */
export interface DocumentHit {
  readonly datasourceId: string
  readonly documentId: string
  readonly title: string
  /** the headings it stands under, from the outermost in */
  readonly heading: string
  readonly text: string
  /** nearness to the question: 1 at most, higher is nearer */
  readonly score: number
}

/** Reading, as a run and a compartment both have it. */
export interface RunRetrieval {
  /**
   * The parts of documents that are nearest to a question, best first, out of the datasources that the boundary may
   * read. What it may not read is never a candidate: scores, order and counts do not depend on it.
   *
   * @param question plain text, at most 8,192 characters
   * @param options `datasources`: only these of the allowed ones, none when empty; `limit`: at most this many, 5 by default, 100 at most
   * @throws {NotFound} `NOT_FOUND` when a datasource is named that does not exist here, or is not allowed
   */
  search(
    question: string,
    options?: { readonly datasources?: readonly string[]; readonly limit?: number },
  ): Promise<readonly DocumentHit[]>
}

/** The retrieval of a compartment. */
export interface CompartmentRetrieval extends RunRetrieval {
  /**
   * Adds a document, in place of the one of the same id. Needs the role member.
   *
   * @throws {NotFound} `NOT_FOUND` when the datasource does not exist here, or is not allowed
   * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the text is too long
   */
  add(document: NewDocument): Promise<void>
  /** Returns whether there was one. Needs the role member. */
  delete(document: { readonly datasourceId: string; readonly documentId: string }): Promise<boolean>
}

export interface RetrievalPorts {
  readonly index: DocumentIndex
  readonly embedder: Embedder
  readonly scope: Scope
  readonly maximumDocumentLength: number
  readonly chunkLength: number
}

const maximumQuestionLength = 8_192
const maximumTitleLength = 1_024
const maximumLimit = 100

export function createCompartmentRetrieval(ports: RetrievalPorts): CompartmentRetrieval {
  const { index, scope } = ports
  const apart = index.appendsEvents !== true
  return {
    ...createRunRetrieval(ports),
    async add(document) {
      const boundary = await scope.live()
      const { datasourceId, documentId } = await requireWritable(ports, boundary, document)
      const { title, text } = await noting(ports, boundary, () => requireTexts(ports, document))
      const chunks = chunkText(text, ports.chunkLength)
      // Embedding is foreign code: it runs before, never within, the transaction.
      const vectors = await noting(ports, boundary, () =>
        embedTexts(
          ports.embedder,
          chunks.map(({ heading, text: body }) => (heading === '' ? body : `${heading}\n${body}`)),
        ),
      )
      const embedded = chunks.flatMap((chunk, at) => {
        const vector = vectors[at]
        return vector === undefined ? [] : [{ ...chunk, vector }]
      })
      const detail = { documents: [{ datasourceId, documentId }], chunks: embedded.length }
      const draft: AuditDraft = { event: 'document-added', surface: 'retrieval', datasourceIds: [datasourceId], detail }
      // The authority is read again here, in the transaction of the effect.
      const writing = await scope.live()
      await scope.recorder.during(
        writing,
        [draft],
        (events) => index.add(writing, { datasourceId, documentId, title, chunks: embedded }, events),
        { apart },
      )
    },
    async delete(document) {
      const boundary = await scope.live()
      const { datasourceId, documentId } = await requireWritable(ports, boundary, document)
      // Looked up first: the event of a document that is not here must not name it.
      if (!(await index.has(boundary, datasourceId, documentId))) {
        const missed = { event: 'document-missed', surface: 'retrieval', datasourceIds: [datasourceId] } as const
        await scope.recorder.note(boundary, missed)
        return false
      }
      const detail = { documents: [{ datasourceId, documentId }] }
      const draft: AuditDraft = {
        event: 'document-deleted',
        surface: 'retrieval',
        datasourceIds: [datasourceId],
        detail,
      }
      return await scope.recorder.during(
        boundary,
        [draft],
        (events) => index.delete(boundary, datasourceId, documentId, events),
        { apart },
      )
    },
  }
}

export function createRunRetrieval(ports: RetrievalPorts): RunRetrieval {
  const { index, scope } = ports
  return {
    async search(question, options) {
      const asking = await scope.live()
      const { limit, datasources } = await noting(ports, asking, () => requireQuestion(question, options))
      const { boundary, vector } = await embedQuestion(ports, asking, datasources, question)
      const { allowedDatasourceIds } = requireLive(boundary)
      const hits = vector === undefined ? [] : await findHits(boundary, vector, limit)
      const documents = [
        ...new Map(
          hits.map(({ datasourceId, documentId }) => [
            JSON.stringify([datasourceId, documentId]),
            { datasourceId, documentId },
          ]),
        ).values(),
      ]
      const draft: AuditDraft = {
        event: 'documents-searched',
        surface: 'retrieval',
        datasourceIds: allowedDatasourceIds,
        detail: { documents },
      }
      await scope.recorder.note(boundary, draft)
      return hits
    },
  }

  async function findHits(
    boundary: AgentBoundary,
    vector: Float32Array<ArrayBuffer>,
    limit: number,
  ): Promise<readonly DocumentHit[]> {
    const hits: DocumentHit[] = []
    for (const hit of await index.search(boundary, vector, limit)) hits.push(await checkOwner(ports, boundary, hit))
    return hits
  }
}

// Where nothing may be read there is nothing to embed for. Otherwise the embedder takes its time, so the authority is
// asked for again behind it.
async function embedQuestion(
  ports: RetrievalPorts,
  asking: AgentBoundary,
  datasources: readonly string[] | undefined,
  question: string,
): Promise<{ boundary: AgentBoundary; vector: Float32Array<ArrayBuffer> | undefined }> {
  const boundary = await narrowTo(ports, asking, datasources)
  if (requireLive(boundary).allowedDatasourceIds.length === 0) return { boundary, vector: undefined }
  const [vector] = await noting(ports, boundary, () => embedTexts(ports.embedder, [question]))
  return { boundary: await narrowTo(ports, await ports.scope.live(), datasources), vector }
}

// The caller's list is intersected into a narrower boundary, which is what the store then sees and signs.
async function narrowTo(
  ports: RetrievalPorts,
  boundary: AgentBoundary,
  datasources: readonly string[] | undefined,
): Promise<AgentBoundary> {
  if (datasources === undefined) return boundary
  const { allowedDatasourceIds } = requireLive(boundary)
  const outside = datasources.filter((id) => !allowedDatasourceIds.includes(id)).length
  if (outside > 0) throw await refuseOutside(ports, boundary, outside)
  return narrow(boundary, { datasources })
}

async function requireWritable(ports: RetrievalPorts, boundary: AgentBoundary, document: unknown) {
  const { role, allowedDatasourceIds } = requireLive(boundary)
  const { datasourceId, documentId } = ownMembers(document)
  const ids = await noting(ports, boundary, () => ({
    datasourceId: requireId(datasourceId, 'datasourceId'),
    documentId: requireId(documentId, 'documentId'),
  }))
  if (!allowedDatasourceIds.includes(ids.datasourceId)) throw await refuseOutside(ports, boundary, 1)
  if (!roleReaches(role, 'member')) {
    await ports.scope.recorder.note(boundary, {
      event: 'role-insufficient',
      surface: 'retrieval',
      decision: 'refused',
      reason: 'needs-member',
    })
    await ports.scope.recorder.flush(boundary)
    throw new Forbidden('role')
  }
  return ids
}

async function refuseOutside(ports: RetrievalPorts, boundary: AgentBoundary, blocked: number): Promise<NotFound> {
  await ports.scope.recorder.note(boundary, {
    event: 'resource-outside-boundary',
    surface: 'retrieval',
    decision: 'refused',
    reason: 'datasource',
    blocked,
  })
  await ports.scope.recorder.flush(boundary)
  return new NotFound()
}

// An index may be the app's own, and any index may return somebody else's bytes now and then: the owner is compared.
async function checkOwner(ports: RetrievalPorts, boundary: AgentBoundary, hit: IndexHit): Promise<DocumentHit> {
  await requireOwner(ports.scope, boundary, hit)
  const { datasourceId, documentId, title, heading, text, score } = hit
  return labelItem(
    boundary,
    { datasourceId, documentId, title, heading, text, score },
    { integrity: 'untrusted', source: { surface: 'retrieval', id: exactKey([datasourceId, documentId]) } },
  )
}

async function requireOwner(scope: Scope, boundary: AgentBoundary, { owner, datasourceId }: IndexEntry): Promise<void> {
  const { tenantId, workspaceId, allowedDatasourceIds } = requireLive(boundary)
  const samePlace = owner.tenantId === tenantId && owner.workspaceId === workspaceId
  if (samePlace && allowedDatasourceIds.includes(datasourceId)) return
  await scope.recorder.note(boundary, {
    event: 'result-withheld',
    surface: 'retrieval',
    decision: 'refused',
    reason: 'owner-mismatch',
    blocked: 1,
  })
  await scope.recorder.flush(boundary)
  throw new NotFound()
}

/** The documents that a person may read, for export. */
export async function listDocuments(index: DocumentIndex, scope: Scope): Promise<readonly IndexEntry[]> {
  const boundary = await scope.live()
  const entries = await index.list(boundary)
  for (const entry of entries) await requireOwner(scope, boundary, entry)
  return entries
}

function requireTexts(ports: RetrievalPorts, document: unknown): { title: string; text: string } {
  const { title, text } = ownMembers(document)
  if (typeof title !== 'string' || !title.isWellFormed() || title.includes('\0'))
    throw new InvalidInput('title', 'well-formed text')
  if (typeof text !== 'string' || !text.isWellFormed() || text.includes('\0'))
    throw new InvalidInput('text', 'well-formed text')
  if (title.length > maximumTitleLength) throw new LimitExceeded('title in characters', maximumTitleLength)
  if (text.length > ports.maximumDocumentLength)
    throw new LimitExceeded('document in characters', ports.maximumDocumentLength)
  return { title, text }
}

function requireQuestion(question: unknown, options: unknown) {
  const { limit, datasources } = ownMembers(options)
  if (typeof question !== 'string' || question.trim() === '') throw new InvalidInput('question', 'text')
  if (question.length > maximumQuestionLength) throw new LimitExceeded('question in characters', maximumQuestionLength)
  return { limit: requireLimit(limit), datasources: datasources === undefined ? undefined : requireIds(datasources) }
}

function requireLimit(limit: unknown): number {
  if (limit === undefined) return 5
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1 || limit > maximumLimit)
    throw new InvalidInput('limit', `a whole number from 1 to ${maximumLimit}`)
  return limit
}

function requireIds(ids: unknown): readonly string[] {
  if (!Array.isArray(ids)) throw new InvalidInput('datasources', 'a list of ids')
  return Array.from(ids, (id) => requireId(id, 'datasources'))
}

// A refusal is a decision: it leaves evidence before it is thrown.
async function noting<Result>(
  ports: RetrievalPorts,
  boundary: AgentBoundary,
  check: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await ports.scope.recorder.note(boundary, {
      event: 'input-refused',
      surface: 'retrieval',
      decision: 'refused',
      reason: error.code.toLowerCase(),
    })
    await ports.scope.recorder.flush(boundary)
    throw error
  }
}
