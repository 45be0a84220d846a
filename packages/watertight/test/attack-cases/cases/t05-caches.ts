import { pairs } from '../attack-case.ts'
import type { AttackCase } from '../attack-case.ts'

const withShared = (['tenant', 'workspace'] as const).flatMap((against) =>
  ['open tickets', 'OPEN TICKETS', 'what is my balance?', ''].map((question, at): AttackCase => ({
    id: `T5-tool-cache-${at}-${against}`,
    class: 'T5',
    against,
    story: 'A tool keeps one cache for the whole process, and the other has asked the same question first.',
    setup: [{ do: 'callTool', by: 'twin', with: ['shared_cache', { question: `${question}${against}` }] }],
    steps: [{ do: 'callTool', with: ['shared_cache', { question: `${question}${against}` }] }],
    expect: 'NOT_FOUND',
    source: 'incidents 21, 22, 31',
  })),
)

// The vectors of a datasource stay in the process: whoever searches first has warmed them for everybody.
const warmed = pairs.flatMap((against) =>
  ['contract code', '$twin.documentId', 'the agreement renews in March'].map((question, at): AttackCase => ({
    id: `T5-warm-index-${at}-${against}`,
    class: 'T5',
    against,
    story: 'The other has just searched, so that its index lies in the memory of the process.',
    setup: [{ do: 'search', by: 'twin', with: [question] }],
    steps: [{ do: 'search', with: [question, { limit: 100 }] }],
    expect: 'nothing of the twin',
    source: 'incidents 17, 22; OWASP LLM08',
  })),
)

const replaced = pairs.map((against): AttackCase => ({
  id: `T5-replaced-index-${against}`,
  class: 'T5',
  against,
  story: 'The other’s index changes while one’s own lies in the memory of the process.',
  setup: [
    { do: 'search', with: ['renewal phrase'] },
    {
      do: 'addDocument',
      by: 'twin',
      with: [
        {
          datasourceId: '$twin.ownDatasourceId',
          documentId: 'new',
          title: 'New',
          text: 'The renewal phrase is $secret.value.',
        },
      ],
    },
    { do: 'search', by: 'twin', with: ['renewal phrase'] },
  ],
  steps: [{ do: 'search', with: ['renewal phrase', { limit: 100 }] }],
  expect: 'nothing of the twin',
  source: 'incident 22; OWASP LLM08',
}))

export const cacheCases: readonly AttackCase[] = [...withShared, ...warmed, ...replaced]
