import { defineWorldOperation } from '../../../../src/testing/index.ts'
import type { FastCheckLike, WorldOperation } from '../../../../src/testing/index.ts'
import { addDocument, questions } from '../neighbours.ts'
import type { StageActor } from '../open-world.ts'
import { datasourceId } from '../stage.ts'

const documents = [
  { id: 'contract', title: 'Master agreement', text: 'The agreement renews in June. The fee is nothing.' },
  {
    id: 'zoo',
    title: 'Zoo',
    text: '# Zebra\n\nA zebra is not a horse.\n\n# Office\n\nThe office is closed to zebras.',
  },
] as const

export function retrievalOperations(fastCheck: FastCheckLike): readonly WorldOperation<StageActor>[] {
  const asked = fastCheck.tuple(fastCheck.constantFrom(...questions), fastCheck.constantFrom(1, 5, 100))
  const surface = 'retrieval'
  const rule = 'Filter before rank: hits, their order, number and scores depend on the boundary’s own documents alone.'
  return [
    defineWorldOperation<StageActor, readonly [question: string, limit: number]>({
      surface,
      name: 'search',
      rule,
      argument: asked,
      run: ({ seated }, [question, limit]) => seated.desk.retrieval.search(question, { limit }),
    }),
    defineWorldOperation<StageActor, readonly [question: string, limit: number]>({
      surface,
      name: 'search in a run',
      rule,
      argument: asked,
      run: ({ run }, [question, limit]) => run.retrieval.search(question, { limit, datasources: [datasourceId] }),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'search another datasource',
      rule: 'Missing and somebody else’s are the same refusal.',
      refused: true,
      argument: fastCheck.constantFrom('Docs', 'docs ', 'docs2'),
      run: ({ run }, datasource) => run.retrieval.search('agreement', { datasources: [datasource] }),
    }),
    defineWorldOperation<StageActor, (typeof documents)[number]>({
      surface,
      name: 'add',
      rule: 'A document takes the place of the one of the same id in its own datasource alone.',
      argument: fastCheck.constantFrom(...documents),
      run: ({ seated }, document) => addDocument(seated, document),
    }),
    defineWorldOperation<StageActor, string>({
      surface,
      name: 'delete',
      rule: 'Deleting somebody else’s document is deleting a missing one.',
      argument: fastCheck.constantFrom('contract', 'zoo', 'archive', 'Contract'),
      run: ({ seated }, documentId) => seated.desk.retrieval.delete({ datasourceId, documentId }),
    }),
  ]
}
