import { toolNames } from '../tool-names.ts'
import type { Call } from '../attack-case.ts'

/** A customer of this case alone, so that what happens to it happens to nobody else. */
export const former = { tenantId: 'former $case.id', workspaceId: 'ws_1', userId: 'sam' }

export const formerMember = {
  ...former,
  role: 'owner',
  allowedToolIds: toolNames.allowed,
  allowedDatasourceIds: ['handbook'],
}

const enter = (name: string): readonly Call[] => [
  {
    do: 'openBoundary',
    with: [{ tenantId: former.tenantId, userId: former.userId }, { workspaceId: former.workspaceId }],
    keep: `${name}Boundary`,
  },
  { do: 'within', with: [`$kept.${name}Boundary`], keep: `${name}Desk` },
]

/** The customer is provisioned, and its only person has entered, begun a run, and left a secret everywhere. */
export const furnishFormer: readonly Call[] = [
  { do: 'putTenant', with: [{ tenantId: former.tenantId, plan: 'pro', region: 'eu' }] },
  { do: 'putWorkspace', with: [former] },
  { do: 'putDatasource', with: [{ ...former, datasourceId: 'handbook' }] },
  { do: 'putMember', with: [formerMember] },
  ...enter('former'),
  { do: 'memory.set', on: '$kept.formerDesk', with: ['phrase', 'It is $secret.value'] },
  { do: 'memory.set', on: '$kept.formerDesk', with: ['phrase', 'It is $secret.value', { scope: 'tenant' }] },
  {
    do: 'addDocument',
    on: '$kept.formerDesk',
    with: [{ datasourceId: 'handbook', documentId: 'phrase', title: 'Phrase', text: 'The phrase is $secret.value.' }],
  },
  { do: 'startRun', on: '$kept.formerDesk', with: [{ agent: 'desk', promptVersion: '1' }], keep: 'formerRun' },
  { do: 'run.id', on: '$kept.formerRun', keep: 'formerRunId' },
  { do: 'state.set', on: '$kept.formerRun', with: ['draft', 'It is $secret.value'] },
  { do: 'state.get', on: '$kept.formerRun', with: ['draft'], keep: 'formerItem' },
]

/** Comes back with what the app's session proves now. */
export const reenter = enter('later')
