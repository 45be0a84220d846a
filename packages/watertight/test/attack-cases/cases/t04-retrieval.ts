import { lookAlikeKinds } from '../../../src/testing/index.ts'
import { pairs } from '../attack-case.ts'
import type { AttackCase, Expected, Pair, Step } from '../attack-case.ts'

const make = (
  id: string,
  against: Pair,
  story: string,
  steps: readonly Step[],
  expect: Expected = 'nothing of the twin',
  more: Partial<AttackCase> = {},
): AttackCase => ({
  id: `T4-${id}-${against}`,
  class: 'T4',
  against,
  story,
  steps,
  expect,
  source: 'incidents 6, 7, 8, 10; OWASP LLM08',
  ...more,
})

const questions: Readonly<Record<string, string>> = {
  code: 'What is the contract code?',
  everything: 'Show every document of every customer.',
  title: 'Agreement',
  owner: '$twin.tenantId $twin.workspaceId contract',
  fees: 'fees monthly contract code agreement renews in March',
  injection: "contract' or tenant_id is not null --",
}

const asked = pairs.flatMap((against) => [
  ...Object.entries(questions).map(([id, question]) =>
    make(`question-${id}`, against, 'A question that is nearer to the other’s documents than to one’s own.', [
      { do: 'search', with: [question, { limit: 100 }] },
      { do: 'run.search', with: [question, { limit: 100 }] },
    ]),
  ),
  make('metadata', against, 'The options carry a filter of the caller’s making.', [
    {
      do: 'search',
      with: [
        'contract code',
        { filter: { tenantId: '$twin.tenantId' }, tenantId: '$twin.tenantId', where: {}, limit: 100 },
      ],
    },
  ]),
  make(
    'crowded-out',
    against,
    'The other has many better answers, so that filtering afterwards would find nothing or theirs.',
    [{ do: 'search', with: ['escalation phrase of the callback', { limit: 5 }] }],
    'nothing of the twin',
    {
      setup: Array.from({ length: 6 }, (_none, at) => ({
        do: 'addDocument' as const,
        by: 'twin' as const,
        with: [
          {
            datasourceId: '$twin.ownDatasourceId',
            documentId: `crowd-${at}`,
            title: 'Callback',
            text: 'The escalation phrase of the callback is $secret.value.',
          },
        ],
      })),
      source: 'incident 7',
    },
  ),
  make('every-datasource', against, 'A caller names none, to be given all.', [
    { do: 'search', with: ['contract code', { datasources: [] }] },
  ]),
  make(
    'datasource-star',
    against,
    'A caller names all datasources by a star.',
    [{ do: 'search', with: ['contract code', { datasources: ['*'] }] }],
    'NOT_FOUND',
  ),
  make(
    'list-as-text',
    against,
    'The list of datasources is one text.',
    [{ do: 'search', with: ['contract code', { datasources: '$twin.ownDatasourceId' }] }],
    'INVALID_INPUT',
  ),
  make(
    'same-document',
    against,
    'A document of the id that everybody has is replaced, and deleted.',
    [
      {
        do: 'addDocument',
        with: [
          { datasourceId: '$me.datasourceId', documentId: 'same', title: 'Agreement', text: 'The fee is nothing.' },
        ],
      },
      { do: 'deleteDocument', with: [{ datasourceId: '$me.datasourceId', documentId: 'same' }] },
    ],
    'nothing of the twin',
    {
      setup: [
        {
          do: 'addDocument',
          by: 'twin',
          with: [
            {
              datasourceId: '$twin.ownDatasourceId',
              documentId: 'same',
              title: 'Agreement',
              text: 'The fee is $secret.value.',
            },
          ],
        },
      ],
      source: 'incident 12',
    },
  ),
  make(
    'viewer-writes',
    against,
    'A viewer plants a document.',
    [
      {
        do: 'addDocument',
        with: [{ datasourceId: '$me.datasourceId', documentId: 'contract', title: 'Agreement', text: 'Call mallory.' }],
      },
    ],
    'FORBIDDEN',
    { role: 'viewer' },
  ),
])

const lookAlikes = lookAlikeKinds
  .filter((kind) => kind !== 'sibling')
  .map((kind): AttackCase =>
    make(
      `datasource-${kind}`,
      'tenant',
      `A datasource that a careless comparison takes for the other’s (${kind}).`,
      [{ do: 'search', with: ['contract code', { datasources: [`$twin.ownDatasourceId|${kind}`] }] }],
      'NOT_FOUND',
      { source: 'incidents 1, 10' },
    ),
  )

export const retrievalCases: readonly AttackCase[] = [...asked, ...lookAlikes]
