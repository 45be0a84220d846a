import { pairs } from '../attack-case.ts'
import type { AttackCase, Step } from '../attack-case.ts'

const theirs = { tenantId: '$twin.tenantId', workspaceId: '$twin.workspaceId', userId: '$twin.userId' }
const mine = { tenantId: '$me.tenantId', userId: '$me.userId' }

/** What anybody would do with a boundary that they got hold of. */
const loot = (scope: string): Step => ({ do: 'memory.list', on: '$kept.other', with: [{ scope }] })

const ways: Readonly<Record<string, string>> = {
  literal: 'writes an object with the members of the other’s boundary',
  spread: 'spreads an own boundary and puts the other’s ids over it',
  kin: 'gives an object of the other’s ids the prototype of a boundary',
  heir: 'makes an heir of an own boundary that hides its ids behind the other’s',
  proxy: 'wraps an own boundary so that it answers with the other’s ids',
  text: 'hands in JSON text of the other’s boundary, as a job might carry it',
  parsed: 'hands in a boundary that went through JSON',
  absent: 'hands in no boundary',
  nothing: 'hands in null for a boundary',
  list: 'hands in a list that holds the other’s ids',
  function: 'hands in a function that carries the other’s ids',
}

const forged = pairs.flatMap((against) =>
  Object.entries(ways).map(([how, story]): AttackCase => ({
    id: `T1-forged-${how}-${against}`,
    class: 'T1',
    against,
    story: `A caller ${story}, and opens a compartment with it.`,
    steps: [
      { do: 'forge', with: ['$kept.boundary', how, theirs], keep: 'forged' },
      { do: 'within', with: ['$kept.forged'], keep: 'other', refused: 'BOUNDARY_REFUSED' },
      loot('tenant'),
    ],
    expect: 'BOUNDARY_REFUSED',
    source: 'incident 36; OWASP ASI03',
  })),
)

const opening = (id: string, story: string, against: AttackCase['against'], session: unknown, place: unknown) =>
  ({
    id: `T1-open-${id}`,
    class: 'T1',
    against,
    story,
    steps: [{ do: 'openBoundary', with: [session, place], keep: 'opened' }],
    expect: 'NOT_FOUND',
    source: 'incidents 4, 38; OWASP ASI03',
  }) as const

const intoTheOther = (session: unknown, place: unknown, refused: AttackCase['expect']): readonly Step[] => [
  {
    do: 'openBoundary',
    with: [session, place],
    keep: 'opened',
    ...(refused === 'nothing of the twin' ? {} : { refused }),
  },
  {
    do: 'within',
    on: '$kept.opened',
    with: ['$kept.opened'],
    keep: 'other',
    ...(refused === 'nothing of the twin' ? {} : { refused }),
  },
  loot('tenant'),
]

const kinds = ['case', 'trailing-space', 'trailing-dot', 'percent-encoded', 'zero-width', 'full-width'] as const

const lookAlikes = (['tenantId', 'workspaceId', 'userId'] as const).flatMap((member) =>
  kinds
    .filter((kind) => member !== 'workspaceId' || kind !== 'full-width')
    .map((kind): AttackCase => {
      const session = {
        tenantId: member === 'tenantId' ? `$twin.tenantId|${kind}` : '$twin.tenantId',
        userId: member === 'userId' ? `$twin.userId|${kind}` : '$twin.userId',
      }
      const place = { workspaceId: member === 'workspaceId' ? `$twin.workspaceId|${kind}` : '$twin.workspaceId' }
      return {
        ...opening(
          `${member}-${kind}`,
          `Somebody was proved under a ${member} that looks like the other’s (${kind}), and asks for the other’s place.`,
          'tenant',
          session,
          place,
        ),
        steps: intoTheOther(session, place, 'NOT_FOUND'),
      }
    }),
)

const absent: readonly (readonly [
  id: string,
  story: string,
  session: unknown,
  place: unknown,
  expect: AttackCase['expect'],
])[] = [
  ['nobody', 'Nobody was proved.', null, { workspaceId: '$twin.workspaceId' }, 'UNAUTHENTICATED'],
  [
    'no-tenant',
    'The session names no tenant.',
    { userId: '$me.userId' },
    { workspaceId: '$twin.workspaceId' },
    'UNAUTHENTICATED',
  ],
  [
    'empty-tenant',
    'The session names an empty tenant.',
    { ...mine, tenantId: '' },
    { workspaceId: '$twin.workspaceId' },
    'UNAUTHENTICATED',
  ],
  [
    'empty-user',
    'The session names an empty user.',
    { ...mine, userId: '' },
    { workspaceId: '$twin.workspaceId' },
    'UNAUTHENTICATED',
  ],
  [
    'tenant-list',
    'The session names two tenants.',
    { ...mine, tenantId: ['$me.tenantId', '$twin.tenantId'] },
    { workspaceId: '$twin.workspaceId' },
    'UNAUTHENTICATED',
  ],
  [
    'any-tenant',
    'The session names every tenant by a star.',
    { ...mine, tenantId: '*' },
    { workspaceId: '$twin.workspaceId' },
    'NOT_FOUND',
  ],
  ['any-workspace', 'The place is every workspace by a star.', mine, { workspaceId: '*' }, 'NOT_FOUND'],
  ['no-workspace', 'The place names no workspace.', mine, {}, 'INVALID_INPUT'],
  ['empty-workspace', 'The place names an empty workspace.', mine, { workspaceId: '' }, 'INVALID_INPUT'],
  [
    'workspace-list',
    'The place names two workspaces.',
    mine,
    { workspaceId: ['$me.workspaceId', '$twin.workspaceId'] },
    'INVALID_INPUT',
  ],
  [
    'foreign-workspace',
    'A caller asks for a workspace of which they are no member.',
    mine,
    { workspaceId: '$twin.workspaceId' },
    'NOT_FOUND',
  ],
]

const malformed = absent.map(([id, story, session, place, expect]): AttackCase => ({
  ...opening(id, story, 'workspace', session, place),
  steps: intoTheOther(session, place, expect),
  expect,
}))

const widening: readonly (readonly [
  id: string,
  story: string,
  to: unknown,
  then: Step,
  expect: AttackCase['expect'],
])[] = [
  [
    'role',
    'A viewer narrows to the role of an owner, and writes for the workspace.',
    { role: 'owner' },
    { do: 'memory.set', on: '$kept.other', with: ['$twin.workspaceKey', 'mine now', { scope: 'workspace' }] },
    'FORBIDDEN',
  ],
  [
    'datasources',
    'A caller narrows to a datasource of the other’s, and searches.',
    { datasources: ['$twin.ownDatasourceId'] },
    { do: 'search', on: '$kept.other', with: ['contract code'] },
    'nothing of the twin',
  ],
  [
    'tenant',
    'A caller narrows to the other’s tenant.',
    { tenantId: '$twin.tenantId' },
    loot('tenant'),
    'INVALID_INPUT',
  ],
  [
    'tools',
    'A caller narrows to a tool that they do not have, as text.',
    { tools: 'export_tenant' },
    loot('tenant'),
    'INVALID_INPUT',
  ],
  [
    'undefined',
    'A setting is missing, and the narrowing names null.',
    { datasources: null },
    loot('tenant'),
    'INVALID_INPUT',
  ],
]

const narrowing = widening.map(([id, story, to, then, expect]): AttackCase => {
  const refused = expect === 'INVALID_INPUT' ? { refused: expect } : {}
  return {
    id: `T1-narrow-${id}`,
    class: 'T1',
    against: id === 'role' || id === 'datasources' ? 'user' : 'tenant',
    role: 'viewer',
    story,
    steps: [
      { do: 'narrow', with: ['$kept.boundary', to], keep: 'narrow', ...refused },
      { do: 'within', on: '$kept.narrow', with: ['$kept.narrow'], keep: 'other', ...refused },
      then,
    ],
    expect,
    source: 'OWASP ASI03',
  }
})

export const boundaryCases: readonly AttackCase[] = [...forged, ...lookAlikes, ...malformed, ...narrowing]
