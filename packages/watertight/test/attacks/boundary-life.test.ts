import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { Authority, Keyring } from '../../src/boundary/index.ts'
import { narrow, openWatertight, session } from '../../src/index.ts'
import type {
  AgentBoundary,
  AuditEvent,
  AuditSink,
  Directory,
  Grant,
  LoggedEvent,
  MemberName,
  Watertight,
  WatertightOptions,
} from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { onEachEngine } from '../support/engines.ts'
import type { TestStore } from '../support/engines.ts'

const identity = session()
const surfaces = [memory()] as const
type Session = Parameters<typeof identity.verify>[0]
type Desk = Watertight<Session, typeof surfaces>
type Own = Pick<WatertightOptions<Session, typeof surfaces>, 'directory' | 'freshness' | 'audit'>

const minute = 60_000

const lacking = { tenantId: 'lacking', workspaceId: 'support', userId: 'alice' }

function open({ database, keys }: TestStore, own: Own = {}): Promise<Desk> {
  return openWatertight({ database, keys, identity, surfaces, ...own })
}

async function boundaryFor(watertight: Desk, who: MemberName, expiresAt?: Date): Promise<AgentBoundary> {
  const { tenantId, userId, workspaceId } = who
  const proved = expiresAt === undefined ? { tenantId, userId } : { tenantId, userId, expiresAt }
  return await watertight.boundary(await watertight.identify(proved), { workspaceId })
}

const membership = {
  role: 'owner',
  allowedToolIds: ['read-ticket', 'update-ticket'],
  allowedDatasourceIds: ['handbook'],
}

async function provision({ directory }: Pick<Desk, 'directory'>, tenantId: string): Promise<void> {
  await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
  for (const workspaceId of ['support', 'support2']) {
    await directory.putWorkspace({ tenantId, workspaceId })
    for (const datasourceId of ['handbook', 'tickets'])
      await directory.putDatasource({ tenantId, workspaceId, datasourceId })
    for (const userId of ['alice', 'alice2'])
      await directory.putMember({ tenantId, workspaceId, userId, ...membership })
  }
}

/**
 * Moves the process clock, and with it the clock of an embedded database. A server's cannot be moved: what it says of the
 * time is read as if it had moved along.
 */
function moveClock(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
  moved += milliseconds
}

let moved = 0
const learn = Authority.prototype.learn

beforeAll(() => {
  vi.spyOn(Authority.prototype, 'learn').mockImplementation(function (this: Authority, databaseNow) {
    const stayedBehind = Math.abs(Date.now() - databaseNow) > Math.abs(moved) / 2
    return learn.call(this, stayedBehind ? databaseNow + moved : databaseNow)
  })
})

afterEach(() => {
  vi.useRealTimers()
  moved = 0
})

function refusalOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

async function expectRefused(work: Promise<unknown>, reason: string): Promise<void> {
  await expect(work).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED', reason })
}

onEachEngine((create) => {
  let watertight: Desk

  beforeAll(async () => {
    watertight = await open(await create())
    for (const tenantId of ['acme', 'acme-eu']) await provision(watertight, tenantId)
  })

  afterAll(async () => {
    await watertight?.close()
  })

  const alice: MemberName = { tenantId: 'acme', workspaceId: 'support', userId: 'alice' }

  describe('a boundary', () => {
    test('should live 15 minutes at most', async () => {
      const boundary = await boundaryFor(watertight, alice, new Date(Date.now() + 365 * 24 * 60 * minute))
      const left = boundary.expiresAt.getTime() - Date.now()
      expect(left).toBeGreaterThan(14.5 * minute)
      expect(left).toBeLessThanOrEqual(15.5 * minute)
    })

    test('should end with the proof of its principal, where that is sooner', async () => {
      const end = new Date(Date.now() + 90_000)
      expect((await boundaryFor(watertight, alice, end)).expiresAt).toEqual(end)
    })

    test('should be refused once its time is up, wherever it is used', async () => {
      const boundary = await boundaryFor(watertight, alice)
      const desk = watertight.within(boundary)
      await desk.memory.set('time', 1)
      moveClock(15 * minute + 1_000)
      expect(refusalOf(() => watertight.within(boundary))).toMatchObject({ reason: 'expired' })
      expect(refusalOf(() => narrow(boundary, {}))).toMatchObject({ reason: 'expired' })
      for (const use of usesOf(desk)) await expectRefused(use(), 'expired')
    })

    test('should not be made of a principal whose proof is over', async () => {
      const principal = await watertight.identify({ tenantId: 'acme', userId: 'alice' })
      moveClock(15 * minute + 1_000)
      await expect(watertight.boundary(principal, { workspaceId: 'support' })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        reason: 'expired',
      })
    })
  })

  describe('what the directory says', () => {
    const changes: Readonly<
      Record<string, { readonly whole: boolean; change(desk: Desk, who: MemberName): Promise<unknown> }>
    > = {
      'a raised epoch': { whole: true, change: ({ directory }, { tenantId }) => directory.raiseEpoch(tenantId) },
      'a suspended tenant': { whole: true, change: ({ directory }, { tenantId }) => directory.suspendTenant(tenantId) },
      'another plan': {
        whole: true,
        change: ({ directory }, { tenantId }) => directory.putTenant({ tenantId, plan: 'free', region: 'eu' }),
      },
      'another region': {
        whole: true,
        change: ({ directory }, { tenantId }) => directory.putTenant({ tenantId, plan: 'pro', region: 'us' }),
      },
      'a raised version': { whole: false, change: ({ directory }, who) => directory.raiseVersion(who) },
      'a removed member': { whole: false, change: ({ directory }, who) => directory.removeMember(who) },
      'a lower role': {
        whole: false,
        change: ({ directory }, who) => directory.putMember({ ...who, ...membership, role: 'viewer' }),
      },
      'a higher role': {
        whole: false,
        change: ({ directory }, who) => directory.putMember({ ...who, ...membership, role: 'superuser' }),
      },
      'a tool taken away': {
        whole: false,
        change: ({ directory }, who) => directory.putMember({ ...who, ...membership, allowedToolIds: ['read-ticket'] }),
      },
      'a datasource taken away': {
        whole: false,
        change: ({ directory }, who) => directory.putMember({ ...who, ...membership, allowedDatasourceIds: [] }),
      },
      'a member removed and added again': {
        whole: false,
        change: async ({ directory }, who) => {
          await directory.removeMember(who)
          await directory.putMember({ ...who, ...membership })
        },
      },
    }

    test.each(Object.entries(changes))(
      'should end live boundaries at the next use: %s',
      async (name, { whole, change }) => {
        const tenantId = `life:${name}`
        await provision(watertight, tenantId)
        const who = { tenantId, workspaceId: 'support', userId: 'alice' }
        const others = {
          user: { ...who, userId: 'alice2' },
          workspace: { ...who, workspaceId: 'support2' },
          tenant: { ...who, tenantId: 'acme' },
        }
        const boundary = await boundaryFor(watertight, who)
        const narrowed = narrow(narrow(boundary, { tools: ['read-ticket'] }), { datasources: [] })
        const desks = [watertight.within(boundary), watertight.within(narrowed)]
        const runs = await Promise.all(desks.map((desk) => desk.startRun({ agent: 'a', promptVersion: 'v' })))
        const bystanders = await Promise.all(
          Object.entries(others).map(async ([kind, other]) => {
            const desk = watertight.within(await boundaryFor(watertight, other))
            return { kind, desk, run: await desk.startRun({ agent: 'a', promptVersion: 'v' }) }
          }),
        )
        await desks[0]?.memory.set('before', 1)

        await change(watertight, who)

        // Each through a boundary that nobody has told yet, and then by what the process knows.
        for (const desk of desks) for (const use of usesOf(desk)) await expectRefused(use(), 'revoked')
        for (const run of runs) for (const use of usesOfRun(run)) await expectRefused(use(), 'revoked')
        for (const dead of [boundary, narrowed]) {
          expect(refusalOf(() => narrow(dead, {}))).toMatchObject({ reason: 'revoked' })
          expect(refusalOf(() => watertight.within(dead))).toMatchObject({ reason: 'revoked' })
        }
        for (const { kind, desk, run } of bystanders) {
          const touched = whole && kind !== 'tenant'
          for (const use of [() => desk.memory.set('after', 1), () => run.state.set('after', 1)]) {
            if (touched) await expectRefused(use(), 'revoked')
            else await expect(use()).resolves.toBeUndefined()
          }
        }
      },
    )

    test.each([
      [
        'the tenant as it was',
        ({ directory }: Desk) => directory.putTenant({ tenantId: 'acme', plan: 'pro', region: 'eu' }),
      ],
      ['the member as it was', ({ directory }: Desk) => directory.putMember({ ...alice, ...membership })],
      ['the epoch of a look-alike', ({ directory }: Desk) => directory.raiseEpoch('acme-eu')],
      [
        'a user of the same name elsewhere',
        ({ directory }: Desk) => directory.raiseVersion({ ...alice, workspaceId: 'support2' }),
      ],
    ])('should end nothing by %s', async (_what, write) => {
      const desk = watertight.within(await boundaryFor(watertight, alice))
      await desk.memory.set('kept', 1)
      await write(watertight)
      expect((await desk.memory.get('kept'))?.value).toBe(1)
    })

    test('should end a narrowed boundary with its parent, without asking again', async () => {
      const who = { ...alice, userId: 'alice2', workspaceId: 'support2' }
      const parent = await boundaryFor(watertight, who)
      const child = narrow(parent, { tools: [] })
      const grandchild = narrow(child, { role: 'viewer' })
      await watertight.directory.raiseVersion(who)
      await expectRefused(watertight.within(grandchild).memory.get('x'), 'revoked')
      for (const one of [parent, child, grandchild])
        expect(refusalOf(() => narrow(one, {}))).toMatchObject({ reason: 'revoked' })
    })

    test('should make no boundary of a suspended tenant, and leave the old ones dead when it is resumed', async () => {
      const who = { tenantId: 'suspended', workspaceId: 'support', userId: 'alice' }
      await provision(watertight, who.tenantId)
      const before = watertight.within(await boundaryFor(watertight, who))
      await before.memory.set('kept', 'through the suspension')
      await watertight.directory.suspendTenant(who.tenantId)
      await expect(boundaryFor(watertight, who)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await watertight.directory.resumeTenant(who.tenantId)
      await expectRefused(before.memory.get('kept'), 'revoked')
      const after = watertight.within(await boundaryFor(watertight, who))
      expect((await after.memory.get('kept'))?.value).toBe('through the suspension')
    })

    test('should be one refusal for every place where the caller is nobody', async () => {
      const principal = await watertight.identify({ tenantId: 'acme', userId: 'nobody' })
      const places = ['support', 'support2', 'no-such', 'support ', 'SUPPORT']
      const answers = await Promise.all(
        places.map((workspaceId) => watertight.boundary(principal, { workspaceId }).catch((error: unknown) => error)),
      )
      for (const answer of answers) expect(JSON.stringify(answer)).toBe(JSON.stringify(answers[0]))
      expect(answers[0]).toMatchObject({ code: 'NOT_FOUND' })
    })
  })

  describe('what the directory lacks', () => {
    beforeAll(() => provision(watertight, 'lacking'))

    test.each<[string, (desk: Desk) => Promise<unknown>]>([
      ['tenant', ({ directory }) => directory.putWorkspace({ tenantId: 'lacking2', workspaceId: 'support' })],
      ['tenant', ({ directory }) => directory.suspendTenant('Lacking')],
      ['workspace', ({ directory }) => directory.putMember({ ...lacking, ...membership, workspaceId: 'Support' })],
      [
        'datasource',
        ({ directory }) => directory.putMember({ ...lacking, ...membership, allowedDatasourceIds: ['Handbook'] }),
      ],
      ['member', ({ directory }) => directory.raiseVersion({ ...lacking, userId: 'alice3' })],
    ])('should be told to the operator by its kind: %s', async (kind, change) => {
      await expect(change(watertight)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `The directory has no such ${kind}. Add it first, or check the id.`,
      })
    })

    test('should be one refusal for whoever asks for a boundary', async () => {
      const asked = [
        { ...lacking, tenantId: 'lacking2' },
        { ...lacking, workspaceId: 'Support' },
        { ...lacking, userId: 'alice3' },
      ]
      const answers = await Promise.all(asked.map((who) => boundaryFor(watertight, who).catch(String)))
      expect(new Set(answers)).toEqual(
        new Set(['NotFound: Nothing by that id exists inside this boundary. Check the id, or ask for access to it.']),
      )
    })
  })

  describe('a member who was removed and added again', () => {
    test('should find nothing of the old one', async () => {
      const who = { tenantId: 'readded', workspaceId: 'support', userId: 'alice' }
      await provision(watertight, who.tenantId)
      const plain = { ...who, ...membership, role: 'member' }
      await watertight.directory.putMember(plain)
      const before = watertight.within(await boundaryFor(watertight, who))
      await before.memory.set('diary', 'canary-of-the-old')
      const item = (await before.memory.get('diary')) as object
      const run = await before.startRun({ agent: 'a', promptVersion: 'v' })
      await run.state.set('note', 'canary-of-the-old')

      expect(await watertight.directory.removeMember(who)).toBe(true)
      expect(await watertight.directory.removeMember(who)).toBe(false)
      await expect(boundaryFor(watertight, who)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await watertight.directory.putMember(plain)

      const after = watertight.within(await boundaryFor(watertight, who))
      expect(await after.memory.get('diary')).toBeUndefined()
      expect(await after.memory.list()).toEqual([])
      await expect(after.explain(run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      const exported = []
      for await (const entry of after.export()) exported.push(entry)
      expect(exported).toEqual([])
      expect(await after.erase()).toBe(0)
      await using next = await after.startRun({ agent: 'a', promptVersion: 'v' })
      expect(await next.state.get('note')).toBeUndefined()
      await expect(next.context.add(item)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(next.memory.promote(item, { key: 'kept' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })
  })

  describe('a run', () => {
    test('should outlive its boundary by a fresh grant, to its own end', async () => {
      const boundary = await boundaryFor(watertight, alice)
      const run = await watertight.within(boundary).startRun({ agent: 'a', promptVersion: 'v', lifetime: 40 * minute })
      await run.state.set('note', 1)
      for (const passed of [16, 16]) {
        moveClock(passed * minute)
        expect(refusalOf(() => watertight.within(boundary))).toMatchObject({ reason: 'expired' })
        expect((await run.state.get('note'))?.value).toBe(1)
        expect(await run.memory.get('no-such')).toBeUndefined()
      }
      moveClock(10 * minute)
      await expect(run.state.get('note')).rejects.toMatchObject({ code: 'RUN_ENDED' })
      await expect(run.memory.get('x')).rejects.toMatchObject({ code: 'RUN_ENDED' })
    })

    test.each([
      [
        'the member was changed',
        (desk: Desk, who: MemberName) => desk.directory.putMember({ ...who, ...membership, role: 'admin' }),
      ],
      ['the member was removed', (desk: Desk, who: MemberName) => desk.directory.removeMember(who)],
      ['the tenant was suspended', (desk: Desk, who: MemberName) => desk.directory.suspendTenant(who.tenantId)],
      [
        'the member was removed and added again',
        async (desk: Desk, who: MemberName) => {
          await desk.directory.removeMember(who)
          await desk.directory.putMember({ ...who, ...membership })
        },
      ],
    ])('should not be renewed when %s meanwhile', async (what, change) => {
      const who = { tenantId: `run:${what}`, workspaceId: 'support', userId: 'alice' }
      await provision(watertight, who.tenantId)
      const run = await watertight
        .within(await boundaryFor(watertight, who))
        .startRun({ agent: 'a', promptVersion: 'v' })
      await run.state.set('note', 1)
      await change(watertight, who)
      moveClock(16 * minute)
      for (const use of usesOfRun(run)) await expectRefused(use(), 'revoked')
    })

    test('should not outlive an end that its boundary was narrowed to', async () => {
      const boundary = await boundaryFor(watertight, alice)
      const short = narrow(boundary, { expiresAt: new Date(Date.now() + 5 * minute) })
      const run = await watertight.within(short).startRun({ agent: 'a', promptVersion: 'v', lifetime: 60 * minute })
      moveClock(4.9 * minute)
      await run.state.set('note', 1)
      moveClock(0.2 * minute)
      await expectRefused(run.state.get('note'), 'expired')
      await expectRefused(run.memory.get('x'), 'expired')
    })
  })

  describe("a directory of the application's own", () => {
    /** The app's own tables, as a function. Ask it once, and count how often. */
    function ownDirectory(grants: Map<string, Grant>) {
      const asked = { times: 0 }
      const directory: Directory = {
        async grant({ tenantId, subject }, { workspaceId }) {
          asked.times++
          return grants.get(JSON.stringify([tenantId, workspaceId, subject]))
        },
      }
      return { directory, asked }
    }

    const keyOf = ({ tenantId, workspaceId, userId }: MemberName) => JSON.stringify([tenantId, workspaceId, userId])
    const first: Grant = { ...membership, plan: 'pro', region: 'eu', epoch: 1, version: 1 }

    const changes: Readonly<Record<string, Grant | undefined>> = {
      'nobody any more': undefined,
      'a lower role': { ...first, role: 'viewer' },
      'a tool less': { ...first, allowedToolIds: ['read-ticket'] },
      'a tool more': { ...first, allowedToolIds: [...membership.allowedToolIds, 'delete-ticket'] },
      'a datasource less': { ...first, allowedDatasourceIds: [] },
      'another plan': { ...first, plan: 'free' },
      'another region': { ...first, region: 'us' },
      'a raised epoch and nothing else': { ...first, epoch: 2 },
      'a raised version and nothing else': { ...first, version: 2 },
    }

    // One deployment for what differs by its tenant alone.
    const grants = new Map<string, Grant>()
    let always: Desk
    let store: TestStore

    beforeAll(async () => {
      store = await create()
      always = await open(store, { ...ownDirectory(grants), freshness: 0 })
    })

    afterAll(async () => {
      await always?.close()
    })

    test.each(Object.entries(changes))(
      'should be believed at the next use with freshness 0: %s',
      async (what, second) => {
        const who = { ...alice, tenantId: `own:${what}` }
        const twin = { ...who, tenantId: `${who.tenantId} ` }
        for (const each of [who, twin]) grants.set(keyOf(each), first)
        const boundary = await boundaryFor(always, who)
        const within = always.within(boundary)
        const run = await within.startRun({ agent: 'a', promptVersion: 'v' })
        const neighbour = always.within(await boundaryFor(always, twin))
        await within.memory.set('x', 1)

        if (second === undefined) grants.delete(keyOf(who))
        else grants.set(keyOf(who), second)

        for (const use of usesOf(within)) await expectRefused(use(), 'revoked')
        for (const use of usesOfRun(run)) await expectRefused(use(), 'revoked')
        expect(refusalOf(() => narrow(boundary, {}))).toMatchObject({ reason: 'revoked' })
        await expect(neighbour.memory.set('x', 1)).resolves.toBeUndefined()

        if (second === undefined) await expect(boundaryFor(always, who)).rejects.toMatchObject({ code: 'NOT_FOUND' })
        else expect((await always.within(await boundaryFor(always, who)).memory.get('x'))?.value).toBe(1)
      },
    )

    test('should end one workspace or person and leave the others', async () => {
      const who = { ...alice, tenantId: 'own-parts' }
      const others = [
        { ...who, workspaceId: 'support2' },
        { ...who, userId: 'alice2' },
      ]
      for (const each of [who, ...others]) grants.set(keyOf(each), first)
      const mine = always.within(await boundaryFor(always, who))
      const theirs = await Promise.all(others.map(async (other) => always.within(await boundaryFor(always, other))))
      grants.set(keyOf(who), { ...first, version: 2 })
      await expectRefused(mine.memory.get('x'), 'revoked')
      for (const other of theirs) await expect(other.memory.set('x', 1)).resolves.toBeUndefined()
    })

    test('should be believed for as long as `freshness` says, and no longer', async () => {
      const { directory, asked } = ownDirectory(grants)
      grants.set(keyOf(alice), first)
      await using desk = await open(store, { directory, freshness: 1_000 })
      moveClock(0)
      const within = desk.within(await boundaryFor(desk, alice))
      await within.memory.set('x', 1)
      const before = asked.times
      for (let at = 0; at < 10; at++) await within.memory.get('x')
      expect(asked.times).toBe(before)

      grants.delete(keyOf(alice))
      moveClock(999)
      await expect(within.memory.get('x')).resolves.toMatchObject({ value: 1 })
      moveClock(1)
      await expectRefused(within.memory.get('x'), 'revoked')
      expect(asked.times).toBe(before + 1)
      // Dead for good: a grant that comes back makes a new boundary, not an old one alive.
      grants.set(keyOf(alice), first)
      await expectRefused(within.memory.get('x'), 'revoked')
    })

    test('should keep what one boundary was told from being an answer for another', async () => {
      const bob = { ...alice, userId: 'bob' }
      for (const each of [alice, bob]) grants.set(keyOf(each), first)
      await using desk = await open(store, { ...ownDirectory(grants), freshness: 60_000 })
      const [mine, theirs] = [desk.within(await boundaryFor(desk, alice)), desk.within(await boundaryFor(desk, bob))]
      await mine.memory.set('x', 1) // alice is confirmed, bob is not
      grants.delete(keyOf(bob))
      await expectRefused(theirs.memory.get('x'), 'revoked')
      await expect(mine.memory.get('x')).resolves.toMatchObject({ value: 1 })
    })

    test('should make somebody new of a person who was gone in between', async () => {
      const who = { ...alice, tenantId: 'own-gone' }
      grants.set(keyOf(who), first)
      const before = always.within(await boundaryFor(always, who))
      await before.memory.set('diary', 'canary-of-the-old')
      grants.delete(keyOf(who))
      await expect(boundaryFor(always, who)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      grants.set(keyOf(who), first)
      const after = always.within(await boundaryFor(always, who))
      expect(await after.memory.get('diary')).toBeUndefined()
      await expectRefused(before.memory.get('diary'), 'revoked')
    })

    test('should fail closed when it throws, and end nothing', async () => {
      const who = { ...alice, tenantId: 'own-down' }
      grants.set(keyOf(who), first)
      const within = always.within(await boundaryFor(always, who))
      await within.memory.set('x', 1)
      const away = vi.spyOn(grants, 'get').mockImplementation(() => {
        throw new Error('the app database is away')
      })
      await expect(within.memory.get('x')).rejects.toThrow('away')
      await expect(boundaryFor(always, who)).rejects.toThrow('away')
      away.mockRestore()
      expect((await within.memory.get('x'))?.value).toBe(1)
    })

    test.each([
      ['tools that are one string', { ...first, allowedToolIds: 'read-ticket' }],
      ['no tools', { ...first, allowedToolIds: undefined }],
      ['null for datasources', { ...first, allowedDatasourceIds: null }],
      ['a tool that is no id', { ...first, allowedToolIds: [''] }],
      ['a role with a separator', { ...first, role: 'owner|b' }],
      ['an epoch in words', { ...first, epoch: '1' }],
      ['a negative version', { ...first, version: -1 }],
      ['inherited members', Object.create(first)],
      ['a string', 'owner'],
      ['true', true],
    ])('should be refused when it answers with %s', async (what, answer) => {
      const who = { ...alice, tenantId: `malformed:${what}` }
      grants.set(keyOf(who), answer as Grant)
      await expect(boundaryFor(always, who)).rejects.toThrow(/grant|directory/)
    })
  })

  describe("a log of the application's own", () => {
    test('should not leave the built-in directory unasked', async () => {
      const kept: AuditEvent[] = []
      const audit: AuditSink = {
        append: async (_boundary, events) => void kept.push(...events),
        ofRun: async () => [] as LoggedEvent[],
      }
      const ownStore = {
        get: async () => undefined,
        list: async () => [],
        set: async () => {},
        delete: async () => false,
      }
      const { database, keys } = await create()
      await using desk = await openWatertight({
        database,
        keys,
        identity,
        surfaces: [memory({ store: ownStore })],
        audit,
        freshness: 0,
      })
      await provision(desk, 'acme')
      const principal = await desk.identify({ tenantId: 'acme', userId: 'alice' })
      const within = desk.within(await desk.boundary(principal, { workspaceId: 'support' }))
      expect(await within.memory.get('x')).toBeUndefined()
      await desk.directory.raiseEpoch('acme')
      await expectRefused(within.memory.get('x'), 'revoked')
      await expectRefused(within.memory.set('x', 1), 'revoked')
    })
  })

  describe('a clock', () => {
    test('should be corrected by what the database says', async () => {
      const store = await create()
      moveClock(20_000)
      await using desk = await open(store)
      await provision(desk, 'acme')
      const within = desk.within(await boundaryFor(desk, alice))
      await within.memory.set('x', 1)
      expect((await within.memory.get('x'))?.value).toBe(1)
    })
  })

  describe('keys', () => {
    test('should count inside their overlap, and be dead after it', async (context) => {
      const store = await create()
      const { install, keys: old } = store
      if (install === undefined) {
        context.skip('an embedded database has one process, hence no overlap')
        return
      }
      const next = Keyring.generate().replace('1:', '2:')
      await using before = await open(store)
      await provision(before, 'acme')
      const first = before.within(await boundaryFor(before, alice))
      await first.memory.set('x', 1)

      await install(`${next},${old}`)
      await using after = await open({ ...store, keys: `${next},${old}` })
      const second = after.within(await boundaryFor(after, alice))
      expect((await second.memory.get('x'))?.value).toBe(1)
      expect((await first.memory.get('x'))?.value).toBe(1)

      await install(next)
      await expectRefused(first.memory.get('x'), 'forged')
      await expect(boundaryFor(before, alice)).rejects.toMatchObject({ code: 'BOUNDARY_REFUSED' })
      expect((await second.memory.get('x'))?.value).toBe(1)
      await expect(open({ ...store, keys: old })).rejects.toMatchObject({ code: 'KEYS_REFUSED' })
    })
  })

  describe('10,000 operations of look-alikes at once', () => {
    // `a` + `b:c` and `a:b` + `c` are one key to whoever joins ids by a colon; the others, to whoever trims, folds or normalises.
    const tenants = ['a', 'a:b', 'acme', 'ACME', 'acme ', 'acme%20', 'caf\u00e9', 'cafe\u0301']
    const workspaces = ['c', 'b:c']
    const users = ['u', 'u.']
    const everybody = tenants.flatMap((tenantId) =>
      workspaces.flatMap((workspaceId) => users.map((userId) => ({ tenantId, workspaceId, userId }))),
    )

    test('should collide for a naive key', () => {
      const naive = everybody.map((who) =>
        [who.tenantId, who.workspaceId, who.userId].join(':').trim().toLowerCase().normalize('NFC'),
      )
      expect(new Set(naive).size).toBeLessThan(everybody.length)
    })

    test('should mix up nothing', { timeout: 240_000 }, async () => {
      await using desk = await open(await create())
      for (const tenantId of tenants) {
        await desk.directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
        for (const workspaceId of workspaces) await desk.directory.putWorkspace({ tenantId, workspaceId })
      }
      for (const who of everybody)
        await desk.directory.putMember({ ...who, role: 'owner', allowedToolIds: [], allowedDatasourceIds: [] })
      const tallies = await Promise.all(everybody.map((who, at) => work(desk, who, at)))
      const done = tallies.reduce((sum, { operations }) => sum + operations, 0)
      expect(tallies.flatMap(({ mismatches }) => mismatches)).toEqual([])
      expect(done).toBeGreaterThanOrEqual(10_000)
    })

    interface Tally {
      operations: number
      readonly mismatches: string[]
    }

    /** One person at work, beside everybody else. What they find must be what they left, or what their own share left. */
    async function work(desk: Desk, who: MemberName, seed: number): Promise<Tally> {
      const me = JSON.stringify([who.tenantId, who.workspaceId, who.userId])
      const share = JSON.stringify([who.tenantId, who.workspaceId])
      const tally: Tally = { operations: 0, mismatches: [] }
      const own = new Map<string, string>()
      const notes = new Map<string, string>()
      const next = randomly(seed)
      const check = (what: string, found: unknown, expected: unknown) => {
        if (JSON.stringify(found) !== JSON.stringify(expected))
          tally.mismatches.push(`${me} ${what}: ${JSON.stringify(found)} for ${JSON.stringify(expected)}`)
      }
      const enter = async () => desk.within(await boundaryFor(desk, who))
      let within = await enter()
      let run = await within.startRun({ agent: 'worker', promptVersion: me.slice(0, 64) })
      const steps: readonly ((key: string) => Promise<void>)[] = [
        async (key) => {
          const value = `${me} ${next(1e9)}`
          await within.memory.set(key, value)
          own.set(key, value)
        },
        async (key) => check('memory', (await within.memory.get(key))?.value, own.get(key)),
        async (key) => check('run memory', (await run.memory.get(key))?.value, own.get(key)),
        async (key) => check('run memory', (await run.memory.get(key))?.value, own.get(key)),
        async (key) => check('deletion', await within.memory.delete(key), own.delete(key)),
        async () => {
          const found = (await run.memory.list()).map(({ key, value }) => [key, value])
          check(
            'list',
            found,
            [...own].toSorted(([one], [other]) => (one < other ? -1 : 1)),
          )
        },
        async (key) => {
          await within.memory.set(key, share, { scope: 'workspace' })
          await within.memory.set(key, who.tenantId, { scope: 'tenant' })
        },
        async (key) => {
          const [shared, common] = [
            await run.memory.get(key, { scope: 'workspace' }),
            await run.memory.get(key, { scope: 'tenant' }),
          ]
          if (shared !== undefined) check('workspace', shared.value, share)
          if (common !== undefined) check('tenant', common.value, who.tenantId)
        },
        async (key) => {
          const value = `${me} ${next(1e9)}`
          await run.state.set(key, value)
          notes.set(key, value)
        },
        async (key) => check('state', (await run.state.get(key))?.value, notes.get(key)),
        async () => {
          const narrowed = desk.within(narrow(within.boundary, { role: 'viewer' }))
          check('narrowed', (await narrowed.memory.get('k1'))?.value, own.get('k1'))
        },
        async () => {
          if (next(10) > 0) return
          await run.end()
          const explained = await within.explain(run.id)
          check('explained', [explained.userId, explained.promptVersion], [who.userId, me.slice(0, 64)])
          within = await enter()
          run = await within.startRun({ agent: 'worker', promptVersion: me.slice(0, 64) })
          notes.clear()
        },
      ]
      const rounds = Math.ceil(10_000 / everybody.length)
      for (; tally.operations < rounds; tally.operations++) await steps[next(steps.length)]?.(`k${next(4)}`)
      await run.end()
      return tally
    }

    /** A sequence that is the same in every run (mulberry32), so that a mismatch can be had again. */
    function randomly(seed: number): (below: number) => number {
      let state = seed + 1
      return (below) => {
        state = (state + 0x6d2b79f5) | 0
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
        return ((mixed ^ (mixed >>> 14)) >>> 0) % below
      }
    }
  })
})

/** Everything that can be done with a compartment. */
function usesOf(desk: ReturnType<Desk['within']>): readonly (() => Promise<unknown>)[] {
  return [
    () => desk.memory.get('x'),
    () => desk.memory.get('x', { scope: 'tenant' }),
    () => desk.memory.list(),
    () => desk.memory.set('x', 2),
    () => desk.memory.set('x', 2, { scope: 'workspace' }),
    () => desk.memory.delete('x'),
    () => desk.startRun({ agent: 'a', promptVersion: 'v' }),
    () => desk.explain('00000000-0000-4000-8000-000000000000'),
    () => desk.transact((transaction) => transaction.query('select 1 from wt.user_memory')),
    async () => {
      for await (const item of desk.export()) return item
      return undefined
    },
    () => desk.erase(),
  ]
}

/** What a run does that reaches the database at once; what it only notes is flushed before anything leaves. */
function usesOfRun(
  run: Awaited<ReturnType<ReturnType<Desk['within']>['startRun']>>,
): readonly (() => Promise<unknown>)[] {
  return [
    () => run.state.get('note'),
    () => run.state.set('note', 2),
    () => run.state.delete('note'),
    () => run.memory.get('x'),
    () => run.memory.list(),
  ]
}
