import type { AttackCase, Call, Step, Expected } from '../attack-case.ts'
import { former, formerMember, furnishFormer, reenter } from './former.ts'

const make = (
  id: string,
  story: string,
  ending: readonly Step[],
  steps: readonly Step[],
  expect: Expected = 'nothing of the twin',
): AttackCase => ({
  id: `T14-${id}`,
  class: 'T14',
  against: 'tenant',
  story,
  setup: [...furnishFormer, ...ending],
  steps,
  expect,
  source: 'incidents 27, 32; OWASP ASI03',
})

const removed: Call = { do: 'removeMember', with: [former] }
const again: Call = { do: 'putMember', with: [formerMember] }
const looks: Readonly<Record<string, Call>> = {
  'memory-get': { do: 'memory.get', on: '$kept.laterDesk', with: ['phrase'] },
  'memory-list': { do: 'memory.list', on: '$kept.laterDesk' },
  export: { do: 'export', on: '$kept.laterDesk' },
}

const reused = Object.entries(looks).map(([id, look]) =>
  make(
    `reused-member-${id}`,
    'A person was removed, and another one given the same id looks for what the first one left.',
    [removed, again, ...reenter],
    [look],
  ),
)

const deleted = [
  make(
    'deleted-memory',
    'A memory was deleted, and is looked for on every path.',
    [{ do: 'memory.delete', on: '$kept.formerDesk', with: ['phrase'] }],
    [
      { do: 'memory.get', on: '$kept.formerDesk', with: ['phrase'] },
      { do: 'memory.list', on: '$kept.formerDesk' },
      { do: 'run.memory.get', on: '$kept.formerRun', with: ['phrase'] },
      { do: 'callTool', on: '$kept.formerRun', with: ['recall', { key: 'phrase' }] },
    ],
  ),
  make(
    'deleted-document',
    'A document was deleted while its vectors lay in the process.',
    [
      { do: 'search', on: '$kept.formerDesk', with: ['phrase'] },
      { do: 'deleteDocument', on: '$kept.formerDesk', with: [{ datasourceId: 'handbook', documentId: 'phrase' }] },
    ],
    [
      { do: 'search', on: '$kept.formerDesk', with: ['phrase', { limit: 100 }] },
      { do: 'run.search', on: '$kept.formerRun', with: ['phrase', { limit: 100 }] },
    ],
  ),
  make(
    'replaced-document',
    'A document was replaced while its vectors lay in the process.',
    [
      { do: 'search', on: '$kept.formerDesk', with: ['phrase'] },
      {
        do: 'addDocument',
        on: '$kept.formerDesk',
        with: [{ datasourceId: 'handbook', documentId: 'phrase', title: 'Phrase', text: 'There is none any more.' }],
      },
    ],
    [{ do: 'search', on: '$kept.formerDesk', with: ['phrase', { limit: 100 }] }],
  ),
  make(
    'erased',
    'A person has erased what is theirs, and their memory is looked for.',
    [{ do: 'erase', on: '$kept.formerDesk' }],
    [
      { do: 'memory.get', on: '$kept.formerDesk', with: ['phrase'] },
      { do: 'memory.list', on: '$kept.formerDesk' },
    ],
  ),
  make(
    'ended-state',
    'A run has ended, and another one looks for its state.',
    [
      { do: 'run.end', on: '$kept.formerRun' },
      { do: 'startRun', on: '$kept.formerDesk', with: [{ agent: 'desk', promptVersion: '1' }], keep: 'nextRun' },
    ],
    [{ do: 'state.get', on: '$kept.nextRun', with: ['draft'] }],
  ),
]

const endings: Readonly<Record<string, readonly Call[]>> = {
  removed: [removed],
  'removed-and-added': [removed, again],
  suspended: [{ do: 'suspendTenant', with: [former.tenantId] }],
  'suspended-and-resumed': [
    { do: 'suspendTenant', with: [former.tenantId] },
    { do: 'resumeTenant', with: [former.tenantId] },
  ],
  'epoch-raised': [{ do: 'raiseEpoch', with: [former.tenantId] }],
  'version-raised': [{ do: 'raiseVersion', with: [former] }],
  'plan-changed': [{ do: 'putTenant', with: [{ tenantId: former.tenantId, plan: 'free', region: 'eu' }] }],
}

const stale = Object.entries(endings).flatMap(([id, ending]) => [
  make(
    `${id}-read`,
    `A boundary is used after its end (${id}).`,
    ending,
    [{ do: 'memory.get', on: '$kept.formerDesk', with: ['phrase'] }],
    'BOUNDARY_REFUSED',
  ),
  make(
    `${id}-write`,
    `A boundary is used to write after its end (${id}).`,
    ending,
    [{ do: 'memory.set', on: '$kept.formerDesk', with: ['phrase', 'changed', { scope: 'tenant' }] }],
    'BOUNDARY_REFUSED',
  ),
  make(
    `${id}-run`,
    `A run is begun in a boundary after its end (${id}).`,
    ending,
    [
      {
        do: 'startRun',
        on: '$kept.formerDesk',
        with: [{ agent: 'desk', promptVersion: '1' }],
        keep: 'lateRun',
        refused: 'BOUNDARY_REFUSED',
      },
      { do: 'run.memory.get', on: '$kept.lateRun', with: ['phrase'] },
    ],
    'BOUNDARY_REFUSED',
  ),
])

const gone = (['removed', 'suspended'] as const).map((id) =>
  make(
    `${id}-comes-back`,
    `Somebody with a session that is still good comes back (${id}).`,
    endings[id] ?? [],
    [
      {
        do: 'openBoundary',
        with: [{ tenantId: former.tenantId, userId: former.userId }, { workspaceId: former.workspaceId }],
        keep: 'back',
        refused: 'NOT_FOUND',
      },
      { do: 'within', on: '$kept.back', with: ['$kept.back'], keep: 'backDesk', refused: 'NOT_FOUND' },
      { do: 'memory.get', on: '$kept.backDesk', with: ['phrase'] },
    ],
    'NOT_FOUND',
  ),
)

export const lifeCases: readonly AttackCase[] = [...reused, ...deleted, ...stale, ...gone]
