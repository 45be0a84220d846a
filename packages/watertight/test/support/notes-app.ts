import type { IsolationTarget, Person, SeedRecord, Turn } from '../../src/testing/index.ts'

interface Row {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string | undefined
  readonly record: SeedRecord
}

/** One session in the app. */
export interface NotesSession {
  readonly person: Person
  readonly toolResults: unknown[]
}

/** What can be broken in the app, one at a time. */
export interface NotesFaults {
  /** which rows a person may read; by default their workspace's and their own */
  readonly maySee?: (person: Person, row: Row) => boolean
  /** whether the tool lets its arguments say whose records are read */
  readonly trustsArguments?: boolean
}

/** An app of a few lines: records in a list, one tool to read and one to search, and a model that answers. */
export function createNotesApp({ maySee = seesOwn, trustsArguments = false }: NotesFaults = {}) {
  const rows: Row[] = []
  const reader = (person: Person, input: Readonly<Record<string, unknown>>): Person =>
    trustsArguments && typeof input['tenantId'] === 'string' ? { ...person, tenantId: input['tenantId'] } : person
  const toolsOf = ({ person, toolResults }: NotesSession) => {
    const tool = (name: string, member: string, matches: (record: SeedRecord, asked: string) => boolean) => ({
      name,
      inputSchema: { type: 'object', properties: { [member]: { type: 'string' } }, required: [member] },
      execute: (input: Readonly<Record<string, unknown>>) => {
        const visible = rows.filter((row) => maySee(reader(person, input), row))
        const found = visible.filter(({ record }) => matches(record, String(input[member])))
        const result = found.length === 0 ? { error: 'not found' } : found.map(({ record }) => record)
        toolResults.push(result)
        return result
      },
    })
    return [
      tool('readRecord', 'id', ({ id }, asked) => id === asked),
      tool('searchRecords', 'query', ({ text }, asked) => asked.length > 3 && text.includes(asked)),
    ]
  }
  const target = {
    seed: ({ tenantId, workspaceId, userId, records }) => {
      rows.push(...records.map((record) => ({ tenantId, workspaceId, userId, record })))
    },
    open: (person) => ({ person, toolResults: [] }),
    say: async (session, { message, model }: Turn): Promise<unknown> =>
      (await model({ prompt: message, tools: toolsOf(session) })).answer,
    observed: ({ toolResults }) => ({ toolResults }),
  } satisfies IsolationTarget<NotesSession>
  return { target, rows, toolsOf }
}

function seesOwn(person: Person, { tenantId, workspaceId, userId }: Row): boolean {
  const isHere = tenantId === person.tenantId && workspaceId === person.workspaceId
  return isHere && (userId === undefined || userId === person.userId)
}
