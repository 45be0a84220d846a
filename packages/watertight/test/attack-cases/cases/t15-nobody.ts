import { pairs } from '../attack-case.ts'
import type { AttackCase, Call, Pair } from '../attack-case.ts'

/** The same request of two people at once, each to be answered with what is theirs. */
const requests: readonly (readonly [id: string, against: readonly Pair[], call: Call])[] = [
  ['memory-get', pairs, { do: 'memory.get', with: ['$me.sharedKey'] }],
  ['memory-list', pairs, { do: 'memory.list' }],
  ['tenant-memory', ['tenant'], { do: 'memory.list', with: [{ scope: 'tenant' }] }],
  ['workspace-memory', ['tenant', 'workspace'], { do: 'memory.list', with: [{ scope: 'workspace' }] }],
  ['search', pairs, { do: 'search', with: ['contract code'] }],
  ['run-search', pairs, { do: 'run.search', with: ['contract code'] }],
  ['state', pairs, { do: 'state.get', with: ['$me.stateKey'] }],
  ['list-tickets', ['tenant', 'workspace'], { do: 'callTool', with: ['list_tickets', {}] }],
  [
    'read-ticket',
    ['tenant', 'workspace'],
    { do: 'callTool', with: ['read_ticket', { ticketId: '$me.sharedTicketId' }] },
  ],
  ['recall', pairs, { do: 'callTool', with: ['recall', { key: '$me.sharedKey' }] }],
  ['look-up', pairs, { do: 'callTool', with: ['look_up', { question: 'contract code' }] }],
  ['export', pairs, { do: 'export' }],
]

const atOnce = requests.flatMap(([id, against, call]) =>
  against.map((pair): AttackCase => ({
    id: `T15-at-once-${id}-${pair}`,
    class: 'T15',
    against: pair,
    story: `Two people ask for the same at once, many times (${id}).`,
    steps: [
      {
        do: 'together',
        each: Array.from({ length: 6 }, (_none, at) => (at % 2 === 0 ? call : { ...call, by: 'twin' as const })),
      },
    ],
    expect: 'nothing of the twin',
    source: 'incidents 17, 23, 33',
  })),
)

const writes = pairs.map((against): AttackCase => ({
  id: `T15-at-once-write-${against}`,
  class: 'T15',
  against,
  story: 'One reads by a key while the other reads and a third writes by it.',
  setup: [{ do: 'memory.set', by: 'twin', with: ['$case.id', '$secret.value'] }],
  steps: [
    {
      do: 'together',
      each: [
        { do: 'memory.set', with: ['$case.id', 'mine'] },
        { do: 'memory.get', by: 'twin', with: ['$case.id'] },
        { do: 'memory.get', with: ['$case.id'] },
        { do: 'memory.get', by: 'twin', with: ['$case.id'] },
        { do: 'memory.list' },
        { do: 'memory.delete', with: ['$case.id'] },
      ],
    },
    { do: 'memory.get', with: ['$case.id'] },
  ],
  expect: 'nothing of the twin',
  source: 'incidents 23, 33',
}))

export const nobodyCases: readonly AttackCase[] = [...atOnce, ...writes]
