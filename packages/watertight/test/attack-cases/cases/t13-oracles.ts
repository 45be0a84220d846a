import { pairs } from '../attack-case.ts'
import type { AttackCase, Call, Pair } from '../attack-case.ts'

const absent = 'nobody has this one'

/** A door, asked for what is somebody else's and for what is not there. */
const doors: readonly (readonly [id: string, against: readonly Pair[], ask: (id: string) => Call, foreign: string])[] =
  [
    ['memory-get', pairs, (key) => ({ do: 'memory.get', with: [key] }), '$twin.memoryKey'],
    ['memory-delete', pairs, (key) => ({ do: 'memory.delete', with: [key] }), '$twin.memoryKey'],
    ['run-memory-get', pairs, (key) => ({ do: 'run.memory.get', with: [key] }), '$twin.memoryKey'],
    ['recall', pairs, (key) => ({ do: 'callTool', with: ['recall', { key }] }), '$twin.memoryKey'],
    [
      'read-ticket',
      ['tenant', 'workspace'],
      (ticketId) => ({ do: 'callTool', with: ['read_ticket', { ticketId }] }),
      '$twin.ticketId',
    ],
    [
      'read-tickets',
      ['tenant', 'workspace'],
      (id) => ({ do: 'callTool', with: ['read_tickets', { ticketIds: ['$me.sharedTicketId', id] }] }),
      '$twin.ticketId',
    ],
    [
      'update-ticket',
      ['tenant', 'workspace'],
      (ticketId) => ({ do: 'callTool', with: ['update_ticket', { ticketId, title: 't' }] }),
      '$twin.ticketId',
    ],
    ['explain', pairs, (runId) => ({ do: 'explain', with: [runId] }), '$twin.runId'],
    ['search', pairs, (id) => ({ do: 'search', with: ['contract', { datasources: [id] }] }), '$twin.ownDatasourceId'],
    [
      'delete-document',
      pairs,
      (datasourceId) => ({ do: 'deleteDocument', with: [{ datasourceId, documentId: 'contract' }] }),
      '$twin.ownDatasourceId',
    ],
    [
      'add-document',
      pairs,
      (datasourceId) => ({ do: 'addDocument', with: [{ datasourceId, documentId: 'd', title: 't', text: 'text' }] }),
      '$twin.ownDatasourceId',
    ],
    [
      'open-workspace',
      ['workspace'],
      (workspaceId) => ({
        do: 'openBoundary',
        with: [{ tenantId: '$me.tenantId', userId: '$me.userId' }, { workspaceId }],
      }),
      '$twin.workspaceId',
    ],
    ['tool', ['tenant'], (name) => ({ do: 'callTool', with: [name, {}] }), 'export_tenant'],
  ]

const told = doors.flatMap(([id, against, ask, foreign]) =>
  against.map((pair): AttackCase => ({
    id: `T13-${id}-${pair}`,
    class: 'T13',
    against: pair,
    story: `A caller asks ${id} for what is somebody else’s and for what is not there, and compares the answers.`,
    steps: [{ do: 'compare', each: [ask(foreign), ask(absent)] }],
    expect: 'nothing of the twin',
    source: 'incident 37; OWASP API1:2023',
  })),
)

const counted = pairs.map((against): AttackCase => ({
  id: `T13-scores-${against}`,
  class: 'T13',
  against,
  story:
    'Scores and order of one’s own documents are compared before and after the other has added many of the same words.',
  setup: [
    { do: 'search', with: ['contract code'] },
    ...Array.from({ length: 3 }, (_none, at) => ({
      do: 'addDocument' as const,
      by: 'twin' as const,
      with: [
        {
          datasourceId: '$twin.ownDatasourceId',
          documentId: `weights-${at}`,
          title: 'Code',
          text: 'contract code contract code $secret.value',
        },
      ],
    })),
  ],
  steps: [
    {
      do: 'compare',
      each: [
        { do: 'search', with: ['contract code'] },
        { do: 'search', with: ['contract code'] },
      ],
    },
  ],
  expect: 'nothing of the twin',
  source: 'incident 7; OWASP LLM08',
}))

export const oracleCases: readonly AttackCase[] = [...told, ...counted]
