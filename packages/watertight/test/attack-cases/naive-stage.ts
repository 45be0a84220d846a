import { naiveApprovals, naiveEffects } from './naive-approvals.ts'
import { matches, naiveTools } from './naive-tools.ts'
import type { NaiveRows } from './naive-tools.ts'
import type { AttackDesk, AttackRun, Stage } from './stage.ts'

/**
 * The same face without any isolation, as it is often written: whoever says who they are is believed, keys are compared
 * carelessly, whose a row is plays no part, nothing is checked again. An attack that comes to nothing here proves nothing
 * about Watertight.
 */
export function openNaiveStage(): Stage {
  const rows: NaiveRows = {
    memories: [],
    documents: [],
    tickets: [],
    state: [],
    runs: [],
    log: [],
    payments: [],
    approvals: [],
    effects: [],
  }
  return {
    async openBoundary(session, place) {
      const boundary = { ...membersOf(session), ...membersOf(place) }
      rows.log.push({ owner: ownerOf(boundary), key: 'opened', value: boundary })
      return boundary
    },
    narrow: (boundary) => Object(boundary),
    within: (boundary) => openDesk(rows, ownerOf(boundary)),
    directory: believing,
    async addTicket(boundary, id, title) {
      rows.tickets.push({ owner: ownerOf(boundary), key: id, value: title })
    },
    letApprovalsExpire: async () => undefined,
    async fingerprint(person) {
      const { log: _log, ...kept } = rows
      return JSON.stringify(kept, (_name, value) => (isRowOf(value, ownerOf(person)) ? undefined : value))
    },
    heard: () => rows.log.splice(0).map(({ value }) => value),
    [Symbol.asyncDispose]: async () => undefined,
  }
}

const believing: Stage['directory'] = {
  putTenant: async () => undefined,
  putWorkspace: async () => undefined,
  putDatasource: async () => undefined,
  putMember: async () => undefined,
  removeMember: async () => true,
  suspendTenant: async () => undefined,
  resumeTenant: async () => undefined,
  raiseEpoch: async () => undefined,
  raiseVersion: async () => undefined,
}

type Row = NaiveRows['memories'][number]

function openDesk(rows: NaiveRows, owner: string): AttackDesk {
  const memory = {
    ...readingMemory(rows),
    async set(key: unknown, value: unknown) {
      put(rows.memories, { owner, key: String(key), value })
    },
    delete: async (key: unknown) => remove(rows.memories, key),
  }
  return {
    memory,
    retrieval: {
      search: async (question) => searchAll(rows, owner, question),
      async add(document) {
        put(rows.documents, { owner, key: String(membersOf(document)['documentId']), value: document })
      },
      delete: async (document) => remove(rows.documents, membersOf(document)['documentId']),
    },
    approvals: naiveApprovals(rows, owner),
    effects: naiveEffects(rows),
    startRun: async () => openRun(rows, owner),
    async explain(runId) {
      const run = rows.runs.find(({ key }) => key === runId)
      return run === undefined ? 'There is no such run.' : [run, ...rows.state, ...rows.log]
    },
    async *export() {
      yield* Object.values(rows).flat()
    },
    // What was derived of it stays, and is found.
    erase: async () => rows.memories.length,
  }
}

function openRun(rows: NaiveRows, owner: string): AttackRun {
  const context: unknown[] = []
  const id = `run ${rows.runs.length} of ${owner}`
  rows.runs.push({ owner, key: id, value: 'running' })
  return {
    id,
    state: {
      get: async (key) => rows.state.findLast((row) => matches(row.key, key)) && { key, value: find(rows.state, key) },
      async set(key, value) {
        put(rows.state, { owner, key: String(key), value })
        rows.log.push({ owner, key: String(key), value })
      },
      delete: async (key) => remove(rows.state, key),
    },
    memory: {
      ...readingMemory(rows),
      async promote(item, as) {
        const { key, value = membersOf(item)['value'] ?? membersOf(item)['text'] } = membersOf(as)
        put(rows.memories, { owner, key: String(key), value })
      },
    },
    retrieval: { search: async (question) => searchAll(rows, owner, question) },
    tools: naiveTools(rows, owner),
    context: {
      async add(...items) {
        context.push(...items)
      },
      text: () => context.map((item) => JSON.stringify(item)).join('\n'),
    },
    end: async () => undefined,
  }
}

function searchAll(rows: NaiveRows, owner: string, question: unknown): readonly unknown[] {
  rows.log.push({ owner, key: 'searched', value: question })
  return rows.documents.map(({ value }) => value)
}

function readingMemory(rows: NaiveRows) {
  return {
    get: async (key: unknown) => rows.memories.findLast((row) => matches(row.key, key)),
    list: async () => rows.memories,
  }
}

function find(rows: readonly Row[], key: unknown): unknown {
  return rows.findLast((row) => matches(row.key, key))?.value
}

/** Keyed by what was called the key, and by nothing else: whoever comes last is who it belongs to. */
function put(rows: Row[], row: Row): void {
  const at = rows.findIndex(({ key }) => key === row.key)
  if (at < 0) rows.push(row)
  else rows.splice(at, 1, row)
}

function remove(rows: Row[], key: unknown): boolean {
  const left = rows.filter((row) => !matches(row.key, key))
  const gone = rows.length - left.length
  rows.splice(0, rows.length, ...left)
  return gone > 0
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return { ...Object(value) }
}

/** Whose a row is by what the caller says, though nobody asks. */
function ownerOf(boundary: unknown): string {
  const { tenantId, workspaceId, userId } = membersOf(boundary)
  return JSON.stringify([tenantId, workspaceId, userId])
}

function isRowOf(value: unknown, owner: string): boolean {
  return membersOf(value)['owner'] === owner
}
