import type { AttackCase, Call, Expected } from '../attack-case.ts'
import { former, formerMember, furnishFormer } from './former.ts'

/** What a run that goes on could still do, one call each. */
const uses: Readonly<Record<string, Call>> = {
  'memory-get': { do: 'run.memory.get', on: '$kept.formerRun', with: ['phrase'] },
  'memory-list': { do: 'run.memory.list', on: '$kept.formerRun', with: [{ scope: 'tenant' }] },
  'state-get': { do: 'state.get', on: '$kept.formerRun', with: ['draft'] },
  'state-set': { do: 'state.set', on: '$kept.formerRun', with: ['draft', 'changed'] },
  search: { do: 'run.search', on: '$kept.formerRun', with: ['phrase'] },
  tool: { do: 'callTool', on: '$kept.formerRun', with: ['recall', { key: 'phrase' }] },
  promote: { do: 'promote', on: '$kept.formerRun', with: ['$kept.formerItem', { key: 'kept' }] },
}

const endings: readonly (readonly [id: string, story: string, ending: Call, expect: Expected])[] = [
  [
    'removed',
    'A person was removed while a step of their run was waiting.',
    { do: 'removeMember', with: [former] },
    'BOUNDARY_REFUSED',
  ],
  [
    'suspended',
    'A tenant was suspended while a step of its run was waiting.',
    { do: 'suspendTenant', with: [former.tenantId] },
    'BOUNDARY_REFUSED',
  ],
  ['ended', 'A step comes again after its run has ended.', { do: 'run.end', on: '$kept.formerRun' }, 'RUN_ENDED'],
]

const late = endings.flatMap(([id, story, ending, expect]) =>
  Object.entries(uses).map(([use, call]): AttackCase => ({
    id: `T7-${id}-${use}`,
    class: 'T7',
    against: 'tenant',
    story: `${story} It goes on with ${use}.`,
    setup: [...furnishFormer, ending],
    steps: [call],
    expect,
    source: 'incidents 25, 27; OWASP ASI03',
  })),
)

const lesser: Readonly<Record<string, readonly [story: string, change: object, call: Call, expect: Expected]>> = {
  role: [
    'A person’s role was lowered, and they write for the tenant.',
    { role: 'viewer' },
    { do: 'memory.set', on: '$kept.formerDesk', with: ['phrase', 'changed', { scope: 'tenant' }] },
    'BOUNDARY_REFUSED',
  ],
  datasource: [
    'A datasource was taken away, and they search.',
    { allowedDatasourceIds: [] },
    { do: 'search', on: '$kept.formerDesk', with: ['phrase'] },
    'BOUNDARY_REFUSED',
  ],
  tool: [
    'All tools were taken away, and they call one.',
    { allowedToolIds: [] },
    { do: 'callTool', on: '$kept.formerRun', with: ['recall', { key: 'phrase' }] },
    'BOUNDARY_REFUSED',
  ],
}

const lowered = Object.entries(lesser).map(([id, [story, change, call, expect]]): AttackCase => ({
  id: `T7-lowered-${id}`,
  class: 'T7',
  against: 'tenant',
  story,
  setup: [...furnishFormer, { do: 'putMember', with: [{ ...formerMember, ...change }] }],
  steps: [call],
  expect,
  source: 'incident 27; OWASP ASI03',
}))

export const delayCases: readonly AttackCase[] = [...late, ...lowered]
