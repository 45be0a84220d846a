import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openWatertight, session, Unauthenticated } from 'watertight'
import type { AgentBoundary, Principal } from 'watertight'
import { memory } from 'watertight/memory'
import { lexicalEmbedder, retrieval } from 'watertight/retrieval'
import { tools } from 'watertight/tools'

import { readManifest } from '../../../../tools/source-aliases.ts'

/**
 * What each export of the package can reach. A new export without a line here fails: whoever adds one says whether it
 * reaches customer data, and data is reached through a boundary or not at all.
 *
 * - `boundary`: takes a boundary and refuses everything else, as tested below
 * - `maker`: opens Watertight or proves a caller; what it returns reaches nothing without a boundary
 * - `describes`: makes a description (a surface, a tool, a resolver, a schema); reaches nothing until it is registered
 * - `owner`: needs the owner's database login, and touches schema, roles and keys only
 * - `refusal`: an error class
 */
const reach: Readonly<
  Record<string, Readonly<Record<string, 'boundary' | 'maker' | 'describes' | 'owner' | 'refusal'>>>
> = {
  '.': {
    assertInBoundary: 'boundary',
    isBoundary: 'describes',
    jwt: 'maker',
    narrow: 'boundary',
    openWatertight: 'maker',
    session: 'maker',
    BoundaryRefused: 'refusal',
    EvidenceRefused: 'refusal',
    FolderRefused: 'refusal',
    Forbidden: 'refusal',
    InvalidInput: 'refusal',
    KeysRefused: 'refusal',
    LimitExceeded: 'refusal',
    NotFound: 'refusal',
    PeerMissing: 'refusal',
    Refusal: 'refusal',
    RunEnded: 'refusal',
    ServeRefused: 'refusal',
    StoreUnavailable: 'refusal',
    ToolFailed: 'refusal',
    ApprovalRequired: 'refusal',
    EffectUnsettled: 'refusal',
    Unauthenticated: 'refusal',
  },
  './memory': { memory: 'describes' },
  './retrieval': { lexicalEmbedder: 'describes', retrieval: 'describes' },
  './tools': {
    defineTool: 'describes',
    fromTable: 'describes',
    NothingDone: 'refusal',
    notAResource: 'describes',
    resource: 'describes',
    resourceInText: 'describes',
    resourceInUrl: 'describes',
    tools: 'describes',
  },
  './ai-sdk': { recordUnknownTools: 'describes', toAiToolApproval: 'describes', toAiTools: 'boundary' },
  './cedar': { cedar: 'describes' },
  './hono': { answerRefusal: 'describes', withinBoundary: 'describes' },
  './zod': { resourceId: 'describes' },
  './testing': {
    cacheContract: 'describes',
    compareCarelessly: 'describes',
    compareWorlds: 'describes',
    createCanary: 'describes',
    createCanaryDetector: 'describes',
    createCompromisedLanguageModel: 'describes',
    createCompromisedModel: 'describes',
    createTwins: 'describes',
    defineWorldOperation: 'describes',
    jobsContract: 'describes',
    lookAlikeKinds: 'describes',
    makeLookAlike: 'describes',
    memoryContract: 'describes',
    neighbourActivities: 'describes',
    neighbourHistories: 'describes',
    prove: 'describes',
    retrievalContract: 'describes',
    storeContract: 'describes',
    twinStores: 'describes',
    WorldsDiffer: 'describes',
    WorldsUnproved: 'describes',
  },
  './testing/vitest': {
    describeCache: 'describes',
    describeJobs: 'describes',
    describeMemory: 'describes',
    describeRetrieval: 'describes',
    describeStore: 'describes',
    isolationMatchers: 'describes',
  },
  './migrate': { checkDatabase: 'describes', migrateDatabase: 'owner', protectTable: 'describes' },
}

/** What an attacker has instead of a boundary. */
const impostors: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'acme'],
  [
    'an object of the right shape',
    { tenantId: 'acme', workspaceId: 'ws', userId: 'u', role: 'owner', allowedToolIds: ['*'] },
  ],
  ['an empty object', {}],
  ['a proxy of an object', new Proxy({}, { get: () => 'acme', has: () => true })],
]

describe('the exports of the package', () => {
  const { exports } = readManifest()

  test('should each be judged, and none be gone', async () => {
    const found: Record<string, string[]> = {}
    for (const subpath of Object.keys(exports).filter((name) => name !== './package.json')) {
      const names: object = await import(subpath.replace('.', 'watertight'))
      found[subpath] = Object.keys(names).toSorted()
    }
    const judged = Object.fromEntries(
      Object.entries(reach).map(([subpath, names]) => [subpath, Object.keys(names).toSorted()]),
    )
    expect(found).toEqual(judged)
  })

  const guarded = Object.entries(reach).flatMap(([subpath, names]) =>
    Object.entries(names).flatMap(([name, kind]) => (kind === 'boundary' ? [[subpath, name] as const] : [])),
  )

  test.each(guarded)('should refuse to run without a boundary: %s %s', async (subpath, name) => {
    const module = (await import(subpath.replace('.', 'watertight'))) as Record<
      string,
      (...given: unknown[]) => unknown
    >
    for (const [what, impostor] of impostors) {
      const record = { tenantId: 'acme', workspaceId: 'ws' }
      await expect((async () => module[name]?.(impostor, record))(), what).rejects.toThrow()
    }
  })
})

describe('an open Watertight', () => {
  const open = () =>
    openWatertight({
      database: 'memory://',
      identity: session(),
      surfaces: [memory(), retrieval({ embedder: lexicalEmbedder() }), tools([])],
    })
  let watertight: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    watertight = await open()
  })
  afterAll(() => watertight.close())

  test('should have no other way to data than within()', () => {
    const members = Reflect.ownKeys(watertight).map(String).toSorted()
    const judged = ['Symbol(Symbol.asyncDispose)', 'boundary', 'close', 'directory', 'identify', 'sweep', 'within']
    expect(members).toEqual(judged.toSorted())
  })

  test.each(impostors)('should open nothing for %s', async (_what, impostor) => {
    expect(() => watertight.within(impostor as AgentBoundary)).toThrow(/refused/)
    const asked = watertight.boundary(impostor as Principal, { workspaceId: 'ws' })
    await expect(asked).rejects.toThrow(Unauthenticated)
  })

  test('should return nothing of a customer through the doors that take no boundary', async () => {
    const tenant = { tenantId: 'acme', plan: 'pro', region: 'us' }
    expect(await watertight.directory.putTenant(tenant)).toBe(undefined)
    expect(await watertight.directory.raiseEpoch('acme')).toBe(undefined)
    expect(await watertight.sweep()).toBe(0)
  })
})
