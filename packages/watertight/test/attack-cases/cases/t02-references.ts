import { lookAlikeKinds } from '../../../src/testing/index.ts'
import { pairs } from '../attack-case.ts'
import type { AttackCase, Expected, Pair, Step } from '../attack-case.ts'

/** Each door that takes an id, with what a foreign one comes to. */
const doors: readonly (readonly [id: string, against: readonly Pair[], step: Step, expect: Expected])[] = [
  [
    'read-ticket',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['read_ticket', { ticketId: '$twin.ticketId' }] },
    'NOT_FOUND',
  ],
  [
    'read-tickets',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['read_tickets', { ticketIds: ['$me.ticketId', '$twin.ticketId'] }] },
    'NOT_FOUND',
  ],
  [
    'link-tickets',
    ['tenant', 'workspace'],
    {
      do: 'callTool',
      with: ['link_tickets', { links: [{ from: { ticketId: '$me.ticketId' }, to: { ticketId: '$twin.ticketId' } }] }],
    },
    'NOT_FOUND',
  ],
  [
    'update-ticket',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['update_ticket', { ticketId: '$twin.ticketId', title: 'paid' }] },
    'NOT_FOUND',
  ],
  [
    'rename-tickets',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['rename_tickets', { ticketIds: ['$me.ticketId', '$twin.ticketId'], title: 'paid' }] },
    'NOT_FOUND',
  ],
  [
    'receipt',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['receipt', { ticketId: '$twin.ticketId' }] },
    'NOT_FOUND',
  ],
  ['recall', pairs, { do: 'callTool', with: ['recall', { key: '$twin.memoryKey' }] }, 'nothing of the twin'],
  [
    'recall-workspace',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['recall', { key: '$twin.workspaceKey', scope: 'workspace' }] },
    'nothing of the twin',
  ],
  [
    'recall-tenant',
    ['tenant'],
    { do: 'callTool', with: ['recall', { key: '$twin.tenantKey', scope: 'tenant' }] },
    'nothing of the twin',
  ],
  [
    'look-up',
    pairs,
    { do: 'callTool', with: ['look_up', { question: 'contract code', datasources: ['$twin.ownDatasourceId'] }] },
    'NOT_FOUND',
  ],
  ['explain', pairs, { do: 'explain', with: ['$twin.runId'] }, 'NOT_FOUND'],
  [
    'search',
    pairs,
    { do: 'search', with: ['contract code', { datasources: ['$me.datasourceId', '$twin.ownDatasourceId'] }] },
    'NOT_FOUND',
  ],
  [
    'add-document',
    pairs,
    {
      do: 'addDocument',
      with: [
        {
          datasourceId: '$twin.ownDatasourceId',
          documentId: '$twin.documentId',
          title: 'Agreement',
          text: 'The fee is nothing.',
        },
      ],
    },
    'NOT_FOUND',
  ],
  [
    'delete-document',
    pairs,
    { do: 'deleteDocument', with: [{ datasourceId: '$twin.ownDatasourceId', documentId: '$twin.documentId' }] },
    'NOT_FOUND',
  ],
]

const seen = doors.flatMap(([id, against, step, expect]) =>
  against.map((pair): AttackCase => ({
    id: `T2-seen-${id}-${pair}`,
    class: 'T2',
    against: pair,
    story: `A model has seen an id of another ${pair}’s, and hands it to ${id}.`,
    steps: [step],
    expect,
    source: 'incidents 5, 11, 14, 37; OWASP API1:2023',
  })),
)

// An id that begins with a capital has no look-alike that does.
const lookAlikes = lookAlikeKinds
  .filter((kind) => kind !== 'capital' && kind !== 'sibling')
  .map((kind): AttackCase => ({
    id: `T2-look-alike-${kind}`,
    class: 'T2',
    against: 'tenant',
    story: `A model asks for a ticket by an id that a careless comparison takes for the other’s (${kind}).`,
    steps: [{ do: 'callTool', with: ['read_ticket', { ticketId: `$twin.ticketId|${kind}` }] }],
    expect: 'NOT_FOUND',
    source: 'incidents 1, 2; OWASP API1:2023',
  }))

const guesses: Readonly<Record<string, string>> = {
  percent: 'T-%',
  star: '*',
  underscore: '_'.repeat(10),
  always: "' or '1'='1",
  union: "x' union select * from desk.ticket --",
  traversal: '../$twin.ticketId',
  absolute: '/$twin.tenantId/$twin.workspaceId/$twin.ticketId',
  qualified: '$twin.tenantId:$twin.ticketId',
  pattern: '.*',
  null: 'null',
  pair: '$me.ticketId,$twin.ticketId',
  operator: '{"$ne": null}',
}

const guessed = Object.entries(guesses).flatMap(([id, guess]) =>
  (['tenant', 'workspace'] as const).map((against): AttackCase => ({
    id: `T2-guessed-${id}-${against}`,
    class: 'T2',
    against,
    story: `A model guesses an id that a query, a path or a pattern could take for more than one record (${id}).`,
    steps: [{ do: 'callTool', with: ['read_tickets', { ticketIds: [guess] }] }],
    expect: 'NOT_FOUND',
    source: 'incidents 2, 10; OWASP ASI02',
  })),
)

export const referenceCases: readonly AttackCase[] = [...seen, ...lookAlikes, ...guessed]
