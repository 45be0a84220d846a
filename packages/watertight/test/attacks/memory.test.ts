import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { EvidenceRefused, Forbidden, InvalidInput, LimitExceeded, NotFound } from '../../src/index.ts'
import type { AgentBoundary, AuditEvent, AuditSink } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import type { MemoryScope, MemoryStore, StoredMemory } from '../../src/surfaces/memory/index.ts'
import { Keyring } from '../../src/boundary/index.ts'
import { openDesks, tenantIds, userIds, workspaceIds } from '../support/desks.ts'
import type { Desks, Seat } from '../support/desks.ts'
import { onEachEngine } from '../support/engines.ts'
import type { TestStore } from '../support/engines.ts'
import { onBothEngines, rowsOf } from './store-fixture.ts'

const surfaces = [memory({ maximumBytes: 2_000 })] as const
const scopes = ['user', 'workspace', 'tenant'] as const

/** Keys that a prefix, a pattern, a fold or a join takes for one another. */
const keys = ['k', 'k_', 'k%', 'kk', 'K', 'k ', 'k.', 'a:b', 'a', 'b', 'a/b', 'caf\u00e9', 'cafe\u0301', '%', '_', '*']

const seats = tenantIds.flatMap((tenantId) =>
  workspaceIds.flatMap((workspaceId) => userIds.map((userId) => ({ tenantId, workspaceId, userId }))),
)

/** What a memory of that scope belongs to, as a text that no two of them share. */
function ownerOf(
  scope: MemoryScope,
  { tenantId, workspaceId, userId }: Required<Pick<Seat, 'tenantId' | 'workspaceId' | 'userId'>>,
): string {
  if (scope === 'tenant') return JSON.stringify([tenantId])
  return JSON.stringify(scope === 'workspace' ? [tenantId, workspaceId] : [tenantId, workspaceId, userId])
}

onEachEngine((create) => {
  let store: TestStore
  let desks: Desks<typeof surfaces>

  beforeAll(async () => {
    store = await create()
    desks = await openDesks(store, { surfaces })
  })
  afterAll(async () => await desks[Symbol.asyncDispose]())

  const eventsOf = (tenantId: string) =>
    desks.admin(
      `select e.event, e.decision, e.surface, e.reason, e.blocked_cross_boundary_resources as blocked, e.detail::text as detail
       from wt.audit_event e join wt.tenant t on t.id = e.tenant_id where t.external_id = $1 order by e.at, age(e.xmin) desc, e.position`,
      [tenantId],
    )

  describe('owners and keys that look alike', () => {
    test('should give each of them its own memories in every scope, and nobody else’s', async () => {
      const open = await Promise.all(seats.map(async (seat) => ({ seat, desk: await desks.at(seat) })))
      for (const { seat, desk } of open) {
        for (const scope of scopes) {
          for (const key of keys.slice(0, 3)) await desk.memory.set(key, [ownerOf(scope, seat), key], { scope })
        }
      }
      for (const { seat, desk } of open) {
        for (const scope of scopes) {
          for (const key of keys.slice(0, 5)) {
            const value = keys.indexOf(key) < 3 ? [ownerOf(scope, seat), key] : undefined
            expect((await desk.memory.get(key, { scope }))?.value, `${scope} ${key}`).toEqual(value)
          }
          const listed = (await desk.memory.list({ scope })).map((item) => [item.key, item.value])
          const own = keys.slice(0, 3).map((key) => [key, [ownerOf(scope, seat), key]] as const)
          const inOrder = own.toSorted(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
          expect(listed).toEqual(inOrder)
        }
      }
    }, 120_000)

    test('should overwrite and delete one key of one owner, and leave every look-alike', async () => {
      const [first, ...others] = await Promise.all(
        [
          { tenantId: 'acme' },
          { tenantId: 'acme', userId: 'u2' },
          { tenantId: 'acme', workspaceId: 'ws2' },
          { tenantId: 'acme2' },
          { tenantId: 'acme_' },
          { tenantId: 'acme ' },
        ].map((seat) => desks.at(seat)),
      )
      for (const desk of [first, ...others]) for (const key of keys) await desk?.memory.set(`d${key}`, 'kept')
      await first?.memory.set('dk', 'changed')
      expect(await first?.memory.delete('dk_')).toBe(true)
      expect(await first?.memory.delete('dk_')).toBe(false)
      expect(await first?.memory.delete('d%')).toBe(true)
      for (const key of keys) {
        const value = key === 'k' ? 'changed' : key === 'k_' || key === '%' ? undefined : 'kept'
        expect((await first?.memory.get(`d${key}`))?.value, key).toBe(value)
        for (const desk of others) expect((await desk.memory.get(`d${key}`))?.value, key).toBe('kept')
      }
    }, 60_000)

    test('should keep NFC and NFD tenants apart, which a normalising key would join', async () => {
      const [composed, decomposed] = [
        await desks.at({ tenantId: 'caf\u00e9' }),
        await desks.at({ tenantId: 'cafe\u0301' }),
      ]
      await composed.memory.set('n', 'composed')
      const naive = new Map([[`caf\u00e9/n`.normalize(), 'composed']])
      expect(naive.get(`cafe\u0301/n`.normalize())).toBe('composed') // the attack works on a store that normalises
      expect(await decomposed.memory.get('n')).toBeUndefined()
    })

    test('should page by keys of its own, however others’ keys sort', async () => {
      const desk = await desks.at({ tenantId: 'acme.', userId: 'u2' })
      const other = await desks.at({ tenantId: 'acme.', userId: 'u' })
      for (const letter of 'abcdef') await desk.memory.set(`page-${letter}`, letter)
      for (const letter of 'abcdef') await other.memory.set(`page-${letter}${letter}`, 'not yours')
      const page = await desk.memory.list({ after: 'page-b', limit: 2 })
      expect(page.map(({ key }) => key)).toEqual(['page-c', 'page-d'])
    })
  })

  describe('a missing and a foreign memory', () => {
    test('should answer and record the same, without the key that was asked for', async () => {
      const [victim, asking] = [await desks.at({ tenantId: 'acme-eu' }), await desks.at({ tenantId: 'acme%2Deu' })]
      await victim.memory.set('foreign-key-7f3a', 'canary-5c1e')
      const before = (await eventsOf('acme%2Deu')).length
      const answers = []
      for (const key of ['foreign-key-7f3a', 'missing-key-7f3a']) {
        for (const scope of scopes)
          answers.push([await asking.memory.get(key, { scope }), await asking.memory.delete(key, { scope })])
      }
      expect(answers.every(([item, gone]) => item === undefined && gone === false)).toBe(true)
      const events = (await eventsOf('acme%2Deu')).slice(before)
      expect(events.slice(0, 6)).toEqual(events.slice(6))
      expect(JSON.stringify(events)).not.toMatch(/7f3a|canary/)
      expect((await victim.memory.get('foreign-key-7f3a'))?.value).toBe('canary-5c1e')
    })
  })

  describe('roles', () => {
    const least = { user: 0, workspace: 2, tenant: 3 } as const
    const roles = ['viewer', 'member', 'admin', 'owner', 'auditor', 'Owner', 'superadmin'] as const

    test.for(roles)('should let %s write exactly the scopes that the role reaches, and always read', async (role) => {
      const owner = await desks.at({ tenantId: 'a:b', userId: 'u' })
      const rank = ['viewer', 'member', 'admin', 'owner'].indexOf(role)
      for (const scope of scopes) {
        await owner.memory.set(`role-${scope}`, 'before', { scope })
        const desk = await desks.at({ tenantId: 'a:b', userId: 'u2', role })
        const allowed = scope === 'user' || rank >= least[scope]
        const writing = desk.memory.set(`role-${scope}`, 'after', { scope })
        await (allowed ? writing : expect(writing).rejects.toThrow(Forbidden))
        const value = scope === 'user' || allowed ? 'after' : 'before'
        expect((await desk.memory.get(`role-${scope}`, { scope }))?.value).toBe(value)
        const deleting = desk.memory.delete(`role-${scope}`, { scope })
        await (allowed ? expect(deleting).resolves.toBe(true) : expect(deleting).rejects.toThrow(Forbidden))
      }
      const refused = (await eventsOf('a:b')).filter(({ event }) => event === 'role-insufficient')
      if (rank < 3) expect(refused.at(-1)).toMatchObject({ decision: 'refused', reason: 'needs-owner' })
    })

    test('should be asked for in promote() too', async () => {
      const desk = await desks.at({ tenantId: 'a:b', userId: 'u2', role: 'member' })
      await using run = await desk.startRun({ agent: 'a', promptVersion: 'v' })
      await run.state.set('note', 'text')
      const item = await run.state.get('note')
      for (const scope of ['workspace', 'tenant'] as const)
        await expect(run.memory.promote(item ?? {}, { key: 'k', scope })).rejects.toThrow(Forbidden)
    })
  })

  describe('input', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)])
    const doubled = (levels: number): unknown => {
      let value: unknown = []
      for (let level = 0; level < levels; level++) value = [value, value]
      return value
    }
    const malformed: readonly (readonly [string, () => unknown])[] = [
      ['undefined', () => undefined],
      ['undefined inside', () => ({ a: undefined })],
      ['a function', () => () => 1],
      ['a symbol', () => Symbol('s')],
      ['a symbol key', () => ({ [Symbol('s')]: 1 })],
      ['a bigint', () => 1n],
      ['NaN', () => [Number.NaN]],
      ['Infinity', () => Number.POSITIVE_INFINITY],
      ['a date', () => new Date()],
      ['a map', () => new Map([['a', 1]])],
      ['a class instance', () => new Error('note')],
      ['a lone surrogate', () => 'a\ud800'],
      ['a lone surrogate as a key', () => ({ '\udc00': 1 })],
      ['NUL', () => 'a\0b'],
      ['a sparse list', () => [1, , 2]], // oxlint-disable-line no-sparse-arrays -- the hole is the attack
      [
        'a getter that throws',
        () => ({
          get a(): never {
            throw new Error('secret-in-an-error')
          },
        }),
      ],
      ['a proxy that throws', () => new Proxy({}, { ownKeys: () => expect.fail('secret-in-an-error') })],
    ]

    test.for(malformed)('should refuse %s as a value and write nothing', async ([, make]) => {
      const desk = await desks.at({ tenantId: 'acme_' })
      await expect(desk.memory.set('bad', make() as never)).rejects.toThrow(InvalidInput)
      expect(await desk.memory.get('bad')).toBeUndefined()
      expect((await eventsOf('acme_')).findLast(({ event }) => event !== 'memory-missed')).toMatchObject({
        event: 'input-refused',
        reason: 'invalid_input',
      })
    })

    test('should refuse what is too large, too deep or endless, naming the limit', async () => {
      const desk = await desks.at({ tenantId: 'acme_' })
      const refusal = (value: unknown) => desk.memory.set('big', value as never).catch((error: unknown) => error)
      expect(await refusal('x'.repeat(1_999))).toMatchObject({ limit: 'value in bytes', maximum: 2_000 })
      expect(await refusal('\u00e9'.repeat(1_000))).toBeInstanceOf(LimitExceeded) // bytes, not characters
      expect(await refusal(deep(65))).toMatchObject({ limit: 'value in levels', maximum: 64 })
      expect(await refusal(cycle)).toBeInstanceOf(LimitExceeded)
      const start = performance.now()
      expect(await refusal(doubled(60))).toBeInstanceOf(LimitExceeded) // 2^60 visits to whoever does not stop
      expect(performance.now() - start).toBeLessThan(1_000)
      expect(await desk.memory.get('big')).toBeUndefined()
      await desk.memory.set('big', 'x'.repeat(1_998))
      await desk.memory.set('deep', deep(64) as never)
      expect((await desk.memory.get('big'))?.value).toHaveLength(1_998)
    })

    test('should refuse a malformed key, scope, page or limit', async () => {
      const desk = await desks.at({ tenantId: 'acme_' })
      const odd = ['', 'a\nb', 'a\0', '\ud800', 'x'.repeat(257), undefined, null, 5, {}, ['k']]
      for (const key of odd) {
        await expect(desk.memory.get(key as never)).rejects.toThrow(InvalidInput)
        await expect(desk.memory.set(key as never, 1)).rejects.toThrow(InvalidInput)
        await expect(desk.memory.delete(key as never)).rejects.toThrow(InvalidInput)
      }
      for (const scope of ['', 'User', 'all', null, 5, ['user']]) {
        await expect(desk.memory.get('k', { scope } as never)).rejects.toThrow(InvalidInput)
        await expect(desk.memory.list({ scope } as never)).rejects.toThrow(InvalidInput)
        await expect(desk.memory.set('k', 1, { scope } as never)).rejects.toThrow(InvalidInput)
      }
      for (const limit of [0, -1, 1.5, 1_001, Number.NaN, '5', null])
        await expect(desk.memory.list({ limit } as never)).rejects.toThrow(InvalidInput)
      await expect(desk.memory.list({ after: 'a\n' })).rejects.toThrow(InvalidInput)
      await desk.memory.set('x'.repeat(256), 1)
    })

    test('should keep an own __proto__ key as data', async () => {
      const desk = await desks.at({ tenantId: 'acme_' })
      await desk.memory.set('proto', JSON.parse('{"__proto__":{"scope":"tenant"},"a":1}'))
      const value = (await desk.memory.get('proto'))?.value
      expect(JSON.stringify(value)).toBe('{"__proto__":{"scope":"tenant"},"a":1}')
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      expect(Reflect.get({}, 'scope')).toBeUndefined()
    })

    test('should store what it checked, whatever a getter or proxy answers next', async () => {
      const [desk, other] = [await desks.at({ tenantId: 'acme_' }), await desks.at({ tenantId: 'acme2' })]
      await other.memory.set('theirs', 'canary')
      const foreign = await other.memory.get('theirs')
      let asked = 0
      const turning = new Proxy({ a: 1 }, { get: () => (asked++ === 0 ? 1 : foreign) })
      await desk.memory.set('turning', turning)
      expect((await desk.memory.get('turning'))?.value).toEqual({ a: 1 })
    })
  })

  describe('labelled items', () => {
    test('should not pass set(), however deep they lie', async () => {
      const desk = await desks.at({ tenantId: 'ACME' })
      await desk.memory.set('a', { text: 'hello' })
      const item = await desk.memory.get('a')
      for (const value of [item, [item], { x: { y: [1, [item]] } }, Object.assign(Object.create(null), { item })])
        await expect(desk.memory.set('smuggled', value as never)).rejects.toThrow(InvalidInput)
      expect(await desk.memory.get('smuggled')).toBeUndefined()
    })

    test('should be what promote() takes: with its source named, and as untrusted as it was', async () => {
      const desk = await desks.at({ tenantId: 'ACME' })
      await desk.memory.set('mine', 'trusted words')
      await using run = await desk.startRun({ agent: 'a', promptVersion: 'v' })
      await run.state.set('note', { plan: 'b' })
      await run.memory.promote((await run.state.get('note')) ?? {}, { key: 'kept' })
      await run.memory.promote((await run.memory.get('mine')) ?? {}, { key: 'copied' })
      await run.memory.promote((await run.memory.get('mine')) ?? {}, { key: 'rewritten', value: 'obey the ticket' })
      await run.memory.promote((await run.memory.get('kept')) ?? {}, { key: 'again' })
      const sourceOf = async (key: string) => (await desk.memory.get(key))?.source
      const from = { kind: 'promoted', runId: run.id }
      expect(await sourceOf('kept')).toEqual({ ...from, surface: 'runs', id: 'note', integrity: 'untrusted' })
      expect(await sourceOf('copied')).toEqual({ ...from, surface: 'memory', id: 'mine', integrity: 'trusted' })
      expect(await sourceOf('rewritten')).toEqual({ ...from, surface: 'memory', id: 'mine', integrity: 'untrusted' })
      expect(await sourceOf('again')).toEqual({ ...from, surface: 'memory', id: 'kept', integrity: 'untrusted' })
      await run.context.add((await run.memory.get('again')) ?? {})
      expect(run.context.items).toMatchObject([{ integrity: 'untrusted' }])
      const promoted = (await eventsOf('ACME')).filter(({ event }) => event === 'memory-promoted')
      expect(promoted.map(({ detail }) => JSON.parse(String(detail)))).toContainEqual({
        scope: 'user',
        keys: ['kept'],
        from: { surface: 'runs', id: 'note' },
      })
    })

    test('should not be promoted from anything unlabelled: a copy, a string, an object of the model', async () => {
      const desk = await desks.at({ tenantId: 'ACME' })
      await desk.memory.set('mine', 'words')
      await using run = await desk.startRun({ agent: 'a', promptVersion: 'v' })
      const item = (await run.memory.get('mine')) ?? {}
      const wrapped = new Proxy(item, {})
      for (const fake of [
        { ...item },
        structuredClone(item),
        wrapped,
        Object.create(item),
        'words',
        null,
        undefined,
        { text: 'x' },
      ])
        await expect(run.memory.promote(fake as never, { key: 'fake' })).rejects.toThrow(InvalidInput)
      await expect(run.memory.promote(item, undefined as never)).rejects.toThrow(InvalidInput)
      expect(await desk.memory.get('fake')).toBeUndefined()
    })

    const foreignSeats: readonly Seat[] = [
      { tenantId: 'acme' },
      { tenantId: 'ACME', workspaceId: 'ws2' },
      { tenantId: 'ACME', userId: 'u2' },
    ]
    test.for(foreignSeats)('should be refused with evidence when they are of %o', async (seat) => {
      const [desk, other] = [await desks.at({ tenantId: 'ACME' }), await desks.at(seat)]
      await other.memory.set('theirs', 'canary-90d2')
      const foreign = (await other.memory.get('theirs')) ?? {}
      await using run = await desk.startRun({ agent: 'a', promptVersion: 'v' })
      await run.state.set('own', 1)
      const own = (await run.state.get('own')) ?? {}
      const before = (await eventsOf('ACME')).length
      await expect(run.memory.promote(foreign, { key: 'stolen' })).rejects.toThrow(NotFound)
      await expect(run.memory.promote(own, { key: 'stolen', value: [foreign] as never })).rejects.toThrow(NotFound)
      expect(await desk.memory.get('stolen')).toBeUndefined()
      const events = (await eventsOf('ACME')).slice(before, before + 2)
      const refused = {
        event: 'resource-outside-boundary',
        decision: 'refused',
        blocked: 1,
        reason: 'item-of-another-boundary',
      }
      expect(events).toMatchObject([refused, refused])
      expect(JSON.stringify(events)).not.toContain('canary')
    })
  })

  describe('evidence', () => {
    const constraint =
      "alter table wt.audit_event add constraint no_evidence check (event not in ('memory-written', 'memory-deleted')) not valid"

    test('should keep a write and its event together: without the event there is no write', async () => {
      const desk = await desks.at({ tenantId: 'acme' })
      await desk.memory.set('atomic', 'before')
      await desks.admin(constraint)
      try {
        await expect(desk.memory.set('atomic', 'after')).rejects.toThrow('Nothing half-written')
        await expect(desk.memory.delete('atomic')).rejects.toThrow('Nothing half-written')
      } finally {
        await desks.admin('alter table wt.audit_event drop constraint no_evidence')
      }
      expect((await desk.memory.get('atomic'))?.value).toBe('before')
      await desk.memory.set('atomic', 'after')
      expect(await desk.memory.delete('atomic')).toBe(true)
    })
  })

  describe('a person’s own', () => {
    test('should be all that export() gives and erase() takes', async () => {
      const tenantId = 'acme2'
      const [mine, colleague, sibling] = [
        await desks.at({ tenantId }),
        await desks.at({ tenantId, userId: 'u2' }),
        await desks.at({ tenantId, workspaceId: 'ws2' }),
      ]
      await mine.erase()
      for (let at = 0; at < 150; at++) await mine.memory.set(`own-${String(at).padStart(3, '0')}`, at)
      await mine.memory.set('shared', 'of the workspace', { scope: 'workspace' })
      await mine.memory.set('shared', 'of the tenant', { scope: 'tenant' })
      await colleague.memory.set('own-000', 'colleague')
      await sibling.memory.set('own-000', 'sibling')
      const exported = await Array.fromAsync(mine.export())
      expect(exported).toHaveLength(150)
      expect(exported.map(({ id, value }) => [id, value])).toEqual(
        Array.from({ length: 150 }, (_, at) => [`own-${String(at).padStart(3, '0')}`, at]),
      )
      expect(await mine.erase()).toBe(150)
      expect(await mine.memory.list()).toEqual([])
      expect((await colleague.memory.get('own-000'))?.value).toBe('colleague')
      expect((await sibling.memory.get('own-000'))?.value).toBe('sibling')
      for (const scope of ['workspace', 'tenant'] as const)
        expect((await mine.memory.get('shared', { scope }))?.value).toBe(`of the ${scope}`)
    }, 60_000)
  })
})

describe('a store of the app’s own', () => {
  /** Answers everything with one row, as a store with a mistake in it does. */
  function mistaken(row: Partial<StoredMemory>): Pick<MemoryStore, 'get' | 'list'> {
    const own: StoredMemory = {
      key: 'k',
      value: 'canary-11ee',
      source: { kind: 'set' },
      updatedAt: new Date(0),
      owner: { tenantId: 'acme', workspaceId: 'ws', userId: 'u' },
      ...row,
    }
    return { get: async () => own, list: async () => [own] }
  }
  const foreign: readonly (readonly [string, Partial<StoredMemory>])[] = [
    ['another tenant', { owner: { tenantId: 'acme2', workspaceId: 'ws', userId: 'u' } }],
    ['another tenant by case', { owner: { tenantId: 'ACME', workspaceId: 'ws', userId: 'u' } }],
    ['another tenant by a blank', { owner: { tenantId: 'acme ', workspaceId: 'ws', userId: 'u' } }],
    ['another workspace', { owner: { tenantId: 'acme', workspaceId: 'ws2', userId: 'u' } }],
    ['another user', { owner: { tenantId: 'acme', workspaceId: 'ws', userId: 'u2' } }],
    ['the workspace', { owner: { tenantId: 'acme', workspaceId: 'ws' } }],
    ['the tenant', { owner: { tenantId: 'acme' } }],
    ['nobody', { owner: {} as never }],
  ]

  const surface = { row: {} as Partial<StoredMemory>, writes: [] as unknown[] }
  const own: MemoryStore = {
    get: (...call) => mistaken(surface.row).get(...call),
    list: (...call) => mistaken(surface.row).list(...call),
    set: async (...call) => void surface.writes.push(call),
    delete: async (...call) => surface.writes.push(call) > 0,
  }
  let desks: Desks<readonly [ReturnType<typeof memory>]>
  beforeAll(async () => {
    const store = { database: 'memory://', keys: Keyring.generate() }
    desks = await openDesks(store, { surfaces: [memory({ store: own })], tenants: ['acme'] })
  })
  beforeEach(() => Object.assign(surface, { row: {}, writes: [] }))
  afterAll(async () => await desks[Symbol.asyncDispose]())

  test.for(foreign)('should not get %s’s row past the owner check, and not delete by it', async ([, row]) => {
    surface.row = row
    const withheld = () =>
      desks.admin(
        "select decision, reason, blocked_cross_boundary_resources as blocked, detail::text from wt.audit_event where event = 'result-withheld'",
      )
    const before = (await withheld()).length
    const desk = await desks.at()
    for (const attempt of [
      () => desk.memory.get('k'),
      () => desk.memory.list(),
      () => desk.memory.delete('k'),
      () => Array.fromAsync(desk.export()),
    ])
      await expect(attempt()).rejects.toThrow(NotFound)
    expect(surface.writes).toEqual([])
    expect((await withheld()).slice(before)).toEqual(
      Array.from({ length: 4 }, () => ({ decision: 'refused', reason: 'owner-mismatch', blocked: 1, detail: '{}' })),
    )
  })

  test('should not get an own row of another key past the check', async () => {
    const desk = await desks.at()
    expect((await desk.memory.get('k'))?.value).toBe('canary-11ee')
    await expect(desk.memory.get('K')).rejects.toThrow(NotFound)
  })

  test('should write only after its evidence is durable', async () => {
    const desk = await desks.at()
    await desk.memory.set('k', 1)
    expect(surface.writes).toHaveLength(1)
    expect(surface.writes[0]).toMatchObject([{}, 'user', { key: 'k', value: '1' }, '[]'])
    expect(await desks.admin("select event from wt.audit_event where event = 'memory-written'")).toHaveLength(1)
    await desks.admin(
      "alter table wt.audit_event add constraint no_evidence check (event <> 'memory-written') not valid",
    )
    await expect(desk.memory.set('k', 2)).rejects.toThrow(EvidenceRefused)
    expect(surface.writes).toHaveLength(1)
  })
})

describe('a log of the app’s own that fails', () => {
  test('should refuse every operation, and record nothing that did not happen once it is back', async () => {
    const kept: AuditEvent[] = []
    let failing = true
    const audit: AuditSink = {
      append(_, events) {
        if (failing) throw new Error('the log is away') // at once, not as a rejection
        kept.push(...events)
        return Promise.resolve()
      },
      ofRun: async () => [],
    }
    const store = { database: 'memory://', keys: Keyring.generate() }
    await using desks = await openDesks(store, { surfaces: [memory()], tenants: ['acme'], audit })
    const desk = await desks.at()
    failing = false
    await desk.memory.set('k', 'before')
    failing = true
    for (const attempt of [
      () => desk.memory.get('k'),
      () => desk.memory.get('missing'),
      () => desk.memory.list(),
      () => desk.memory.set('k', 'after'),
      () => desk.memory.delete('k'),
      () => desk.startRun({ agent: 'a', promptVersion: 'v' }),
      () => desk.explain('00000000-0000-4000-8000-000000000000'),
      () => desk.transact(async () => expect.fail('ran without evidence')),
      () => Array.fromAsync(desk.export()),
      () => desk.erase(),
    ])
      await expect(attempt()).rejects.toThrow(EvidenceRefused)
    failing = false
    expect((await desk.memory.get('k'))?.value).toBe('before')
    const written = kept.filter(
      ({ event }) => event === 'memory-written' || event === 'memory-deleted' || event === 'run-started',
    )
    expect(written).toHaveLength(1)
  })
})

describe('the database, with the checks above it left out', () => {
  onBothEngines((open) => {
    test('should refuse writes to shared scopes by role, and rows of others by their keys', async () => {
      await using house = await open()
      const { store } = house
      const places = [
        rowsOf(await house.boundary('acme', 'ws', 'u2')),
        rowsOf(await house.boundary('acme', 'ws2', 'u')),
        rowsOf(await house.boundary('acme2', 'ws', 'u')),
      ].map(({ tenant, workspace, member }) => [tenant, workspace, member])
      const set = (boundary: AgentBoundary, place: readonly unknown[], scope: string, value: string) =>
        store.call(boundary, 'memory_set', [...place, scope, 'k', value, '{"kind":"set"}', '[]'])
      for (const [role, mayWorkspace, mayTenant] of [
        ['viewer', false, false],
        ['member', false, false],
        ['admin', true, false],
        ['owner', true, true],
        ['superadmin', false, false],
      ] as const) {
        await set(
          await house.boundary('acme', 'ws', 'boss'),
          ownPlace(await house.boundary('acme', 'ws', 'boss')),
          'workspace',
          '"before"',
        )
        await set(
          await house.boundary('acme', 'ws', 'boss'),
          ownPlace(await house.boundary('acme', 'ws', 'boss')),
          'tenant',
          '"before"',
        )
        const boundary = await house.boundary('acme', 'ws', 'u', role)
        const own = ownPlace(boundary)
        for (const [scope, may] of [
          ['workspace', mayWorkspace],
          ['tenant', mayTenant],
        ] as const) {
          const writing = set(boundary, own, scope, '"after"')
          await (may ? writing : expect(writing, `${role} ${scope}`).rejects.toThrow(Forbidden))
          expect(await store.call(boundary, `memory_get_${scope}`, [...own, 'k'])).toMatchObject([
            { value: may ? 'after' : 'before' },
          ])
          // A delete that the policy keeps away from rows finds none.
          expect(await store.call(boundary, 'memory_delete', [...own, scope, 'k', '[]'])).toEqual([
            { memory_delete: may },
          ])
        }
        for (const place of places) {
          await expect(set(boundary, place, 'user', '"mine now"')).rejects.toThrow(Forbidden)
          expect(await store.call(boundary, 'memory_get_user', [...place, 'k'])).toEqual([])
          expect(await store.call(boundary, 'memory_list', [...place, 'user', '', 10])).toEqual([])
          expect(await store.call(boundary, 'memory_delete', [...place, 'user', 'k', '[]'])).toEqual([
            { memory_delete: false },
          ])
        }
      }
    })
  })
})

function ownPlace(boundary: AgentBoundary): readonly unknown[] {
  const { tenant, workspace, member } = rowsOf(boundary)
  return [tenant, workspace, member]
}
