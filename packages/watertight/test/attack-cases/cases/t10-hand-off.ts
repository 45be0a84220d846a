import { pairs } from '../attack-case.ts'
import type { AttackCase, Call } from '../attack-case.ts'

/** What the other's agent holds, each an item with the other's label. */
const sources: Readonly<Record<string, Call>> = {
  memory: { do: 'run.memory.get', by: 'twin', with: ['$twin.memoryKey'], keep: 'item' },
  state: { do: 'state.get', by: 'twin', with: ['$twin.stateKey'], keep: 'item' },
  observation: { do: 'callTool', by: 'twin', with: ['list_tickets', {}], keep: 'item' },
}

const handedOver = pairs.flatMap((against) =>
  Object.entries(sources)
    // What two people of one workspace are told of its tickets, both may know.
    .filter(([source]) => against !== 'user' || source !== 'observation')
    .flatMap(([source, setup]): readonly AttackCase[] => {
      const hand = (id: string, story: string, steps: readonly Call[]): AttackCase => ({
        id: `T10-${source}-${id}-${against}`,
        class: 'T10',
        against,
        story,
        setup: [setup],
        steps,
        expect: 'nothing of the twin',
        source: 'incidents 15, 16; OWASP ASI07',
      })
      return [
        hand('context', 'An agent hands an item to an agent of somebody else, for its prompt.', [
          { do: 'addToContext', with: ['$kept.item'], refused: 'NOT_FOUND' },
          { do: 'readContext' },
        ]),
        hand('promote', 'An agent hands an item to an agent of somebody else, to remember.', [
          { do: 'promote', with: ['$kept.item', { key: 'handed' }], refused: 'NOT_FOUND' },
          { do: 'memory.list' },
        ]),
        hand('copy', 'An agent hands over a copy of an item, which says no more whose it is.', [
          { do: 'addToContext', with: [{ key: 'handed', value: '$kept.item.value' }], refused: 'INVALID_INPUT' },
          { do: 'readContext' },
        ]),
      ]
    }),
)

const scratchpads = pairs.flatMap((against): readonly AttackCase[] => [
  {
    id: `T10-scratchpad-${against}`,
    class: 'T10',
    against,
    story: 'Two agents use one key of their scratchpads.',
    setup: [{ do: 'state.set', by: 'twin', with: ['$case.id', '$secret.value'] }],
    steps: [
      { do: 'state.get', with: ['$case.id'] },
      { do: 'state.delete', with: ['$case.id'] },
      { do: 'state.set', with: ['$case.id', 'mine'] },
    ],
    expect: 'nothing of the twin',
    source: 'incidents 16, 30; OWASP ASI07',
  },
  {
    id: `T10-relay-${against}`,
    class: 'T10',
    against,
    story: 'The other’s agent leaves a note under the key that everybody’s agents read first.',
    setup: [{ do: 'callTool', by: 'twin', with: ['note', { key: 'handed over $case.id', text: '$secret.value' }] }],
    steps: [
      { do: 'callTool', with: ['recall', { key: 'handed over $case.id' }] },
      { do: 'memory.list', with: [{ limit: 1_000 }] },
    ],
    expect: 'nothing of the twin',
    source: 'incident 32; OWASP ASI07',
  },
])

export const handOffCases: readonly AttackCase[] = [...handedOver, ...scratchpads]
