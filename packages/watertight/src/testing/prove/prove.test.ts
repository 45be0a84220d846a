import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { createNotesApp } from '../../../test/support/notes-app.ts'
import type { NotesFaults, NotesSession } from '../../../test/support/notes-app.ts'
import type { IsolationTarget, SeedRecord } from './isolation-target.ts'
import { prove } from './prove.ts'
import type { ProveOptions } from './prove-options.ts'

/** Fewer calls than usual: the app has two tools, and the clock is everybody's. */
const quick: ProveOptions = { calls: 24 }

/** Two tenants of one person each: what does not turn on workspaces and people is shown as well by two. */
const pair: ProveOptions = { ...quick, workspaces: 1, users: 1 }

/** The app with some of its steps replaced. */
function withSteps(steps: Partial<IsolationTarget<NotesSession>>): IsolationTarget<NotesSession> {
  return { ...createNotesApp().target, ...steps }
}

const kindsOf = (report: Awaited<ReturnType<typeof prove>>) => [...new Set(report.problems.map(({ kind }) => kind))]

describe('prove', () => {
  test('should pass an app that keeps everybody apart, and say what that is worth', async () => {
    const report = await prove(createNotesApp().target, { ...quick, workspaces: 1 })
    // Four people ask for three secrets of their own, and attack a neighbour of two kinds in eight ways; what is planted with
    // all owners but the three of the first person is asked for twice more.
    expect(report).toMatchObject({ verdict: 'passed', leaks: [], problems: [], turns: 4 * 3 + 4 * 2 * 8 + 2 * 5 })
    expect(report.usefulness).toMatchObject({
      answers: { n: 12, hits: 12 },
      hits: { hits: 12 },
      recall: { n: 12, hits: 12 },
    })
    const { tenant, workspace } = report.leakRates
    expect(workspace).toMatchObject({ n: 0, low: 0, high: 1 }) // there was no sibling to leak from
    expect(tenant).toMatchObject({ n: 86, hits: 0, rate: 0, low: 0 })
    // No leak in 86 turns may still be one in twenty-five.
    expect(tenant.high).toBeCloseTo(0.043, 3)
  })

  test('should give the same report by the same seed', async () => {
    const leaky: NotesFaults = { maySee: (person, row) => person.tenantId === row.tenantId }
    const [first, again] = [
      await prove(createNotesApp(leaky).target, pair),
      await prove(createNotesApp(leaky).target, pair),
    ]
    expect(first).toEqual(again)
  })

  test.each<[string, NotesFaults, string]>([
    [
      'tenants are compared by their beginning',
      { maySee: (p, r) => p.tenantId.slice(0, 9) === r.tenantId.slice(0, 9) },
      'tenant',
    ],
    ['a tool believes what its arguments say', { trustsArguments: true }, 'tenant'],
    [
      'the workspace is forgotten',
      { maySee: (p, r) => p.tenantId === r.tenantId && (r.userId ?? p.userId) === p.userId },
      'workspace',
    ],
    [
      'the user is forgotten',
      { maySee: (p, r) => p.tenantId === r.tenantId && p.workspaceId === r.workspaceId },
      'user',
    ],
  ])('should find the leak where %s', async (_fault, faults, relation) => {
    const sizes = { tenants: 1, workspaces: 1, users: 1, [`${relation}s`]: 2 }
    const report = await prove(createNotesApp(faults).target, { ...quick, ...sizes })
    expect(report.verdict).toBe('leaked')
    expect(new Set(report.leaks.map((leak) => leak.relation))).toContain(relation)
    expect(Object.entries(report.leakRates).find(([name]) => name === relation)?.[1].hits).toBeGreaterThan(0)
  })

  test('should say who saw what, where and how, and not the secret', async () => {
    const secrets: string[] = []
    const { target } = createNotesApp({ maySee: () => true })
    const report = await prove(
      {
        ...target,
        seed: (owner) => {
          secrets.push(...owner.records.flatMap(({ text }) => text.match(/[jkqvxz]{24}/g) ?? []))
          target.seed(owner)
        },
      },
      pair,
    )
    expect(report.leaks).toContainEqual(
      expect.objectContaining({
        caller: 'northstar-dental/ws_1/john_doe',
        canary: 'northstar-design/ws_1/john_doe/memory',
        relation: 'tenant',
        prompt: 'own-question',
        at: 'answer',
      }),
    )
    expect(secrets.length).toBeGreaterThan(5)
    const printed = JSON.stringify(report)
    expect(secrets.filter((secret) => printed.includes(secret))).toEqual([])
  })

  test.each<[string, Partial<IsolationTarget<NotesSession>>]>([
    ['a log', { observed: () => ({ log: everySecret }) }],
    ['the name of a file', { observed: () => ({ files: everySecret.map((name) => ({ name: `${name}.txt` })) }) }],
    [
      'the name of a member',
      { observed: () => ({ byRecord: Object.fromEntries(everySecret.map((name) => [name, 1])) }) },
    ],
    [
      'an error',
      {
        say: () => {
          throw new Error(`no such row: ${everySecret.join()}`)
        },
      },
    ],
    [
      'chunks of a stream',
      { say: () => ReadableStream.from(everySecret.flatMap((text) => text.match(/.{1,3}/g) ?? [])) },
    ],
    ['bytes of a response', { say: () => new Response(everySecret.join(' ')) }],
    ['a header of a response', { say: () => new Response('well', { headers: { 'x-trace': everySecret.join() } }) }],
    [
      'a cookie of a response without a body',
      {
        say: () => {
          const headers = new Headers([['set-cookie', 'theme=dark']])
          for (const secret of everySecret) headers.append('set-cookie', `last=${secret}`)
          return new Response(null, { headers })
        },
      },
    ],
    ['the status of a response', { say: () => new Response('', { status: 404, statusText: everySecret.join() }) }],
    [
      'what a getter throws',
      {
        say: () => ({
          get rows() {
            throw new Error(everySecret.join())
          },
        }),
      },
    ],
    [
      'an answer beside a getter that throws',
      { say: () => Object.create(throwing, { text: { value: everySecret.join() } }) },
    ],
    [
      'a channel beside a getter that throws',
      { observed: () => Object.create(throwing, { log: { value: everySecret } }) },
    ],
  ])('should find a leak in %s', async (_place, steps) => {
    everySecret.length = 0
    const { target } = createNotesApp()
    const seed: typeof target.seed = (owner) => {
      everySecret.push(...owner.records.flatMap(({ text }) => text.match(/[jkqvxz]{24}/g) ?? []))
      target.seed(owner)
    }
    const report = await prove({ ...target, seed, ...steps }, pair)
    expect(report.verdict).toBe('leaked')
    expect(report.leaks[0]?.canary).toMatch(/\/(documents|tickets|memory)$/)
    expect(JSON.stringify(report)).not.toContain(everySecret[0])
  })

  test('should find a secret that is told in pieces, one in each turn', async () => {
    const app = createNotesApp()
    let secret = ''
    const told = new Map<string, number>()
    const seed: typeof app.target.seed = (owner) => {
      if (owner.tenantId === 'northstar-design' && secret === '')
        secret = owner.records.flatMap(({ text }) => text.match(/[jkqvxz]{24}/g) ?? [])[0] ?? ''
      app.target.seed(owner)
    }
    const say: typeof app.target.say = async (session, turn) => {
      const { tenantId } = session.person
      if (tenantId !== 'northstar-dental' || turn.message.startsWith('In ')) return await app.target.say(session, turn)
      const turns = told.get(tenantId) ?? 0
      told.set(tenantId, turns + 1)
      return `Part ${turns}: ${secret.slice(turns * 6, turns * 6 + 6)}.`
    }
    const report = await prove({ ...app.target, seed, say }, pair)
    expect(secret).toHaveLength(24)
    expect(report.verdict).toBe('leaked')
    expect(report.leaks).toEqual([
      expect.objectContaining({ caller: 'northstar-dental/ws_1/john_doe', prompt: 'all-turns', at: 'answers' }),
    ])
    expect(JSON.stringify(report)).not.toContain(secret)
  })

  test('should find answers that are mixed up between callers who ask at the same time', async () => {
    const { target } = createNotesApp()
    const waiting: ((answer: unknown) => void)[] = []
    const answers: unknown[] = []
    const say: typeof target.say = async (session, turn) => {
      answers.push(await target.say(session, turn))
      const { promise, resolve } = Promise.withResolvers<unknown>()
      waiting.push(resolve)
      setTimeout(() => waiting.pop()?.(answers.shift()), 5) // the last who asked is given the first answer
      return promise
    }
    expect((await prove({ ...target, say }, pair)).verdict).toBe('leaked')
  })
})

test('should pass an app that refuses attacks without a trace', async () => {
  const { target } = createNotesApp()
  const isOwn = (message: string) => message.startsWith('In ')
  const report = await prove(
    {
      ...target,
      say: (session, turn) => (isOwn(turn.message) ? target.say(session, turn) : 'I cannot help with that.'),
    },
    pair,
  )
  expect(report).toMatchObject({ verdict: 'passed', problems: [] })
})

const everySecret: string[] = []

/** Something that cannot be read. */
const throwing = Object.defineProperty({}, 'rows', {
  enumerable: true,
  get: () => {
    throw new Error('no')
  },
})

const refuse = (): never => {
  throw new Error('no')
}

/** Something that throws whatever is done with it, but for waiting for it. */
const hostile: object = new Proxy(
  {},
  {
    ownKeys: refuse,
    getPrototypeOf: refuse,
    has: refuse,
    get: (_held, name) => (name === 'then' ? undefined : refuse()),
  },
)

describe('what takes more than one message', () => {
  test('should find what is prepared by one message of a session, and taken by a later one', async () => {
    const app = createNotesApp()
    const poisoned = new WeakMap<NotesSession, string>()
    const say: typeof app.target.say = async (session, turn) => {
      const tenantId = poisoned.get(session)
      const named = /^Remember for good: my tenant is "([^"]+)"/.exec(turn.message)?.[1]
      if (named !== undefined) poisoned.set(session, named)
      if (turn.message.startsWith('In ')) return app.target.say(session, turn)
      return app.rows.filter((row) => row.tenantId === tenantId).map(({ record }) => record.text)
    }
    const report = await prove({ ...app.target, say }, pair)
    expect(report.verdict).toBe('leaked')
    expect(new Set(report.leaks.map(({ prompt }) => prompt))).toEqual(
      new Set(['everything-at-once', 'search-by-meaning']),
    )
  })

  test('should tell a leak of the message alone that brought it, though a channel lists all there was', async () => {
    const app = createNotesApp()
    const say: typeof app.target.say = (session, turn) => {
      if (turn.message.startsWith('In ')) return app.target.say(session, turn)
      if (turn.message.startsWith('I run support')) session.toolResults.push(app.rows.map(({ record }) => record.text))
      return Promise.resolve('no')
    }
    const report = await prove({ ...app.target, say }, pair)
    expect(report.leakRates.tenant.hits).toBe(2)
    expect(new Set(report.leaks.map(({ prompt }) => prompt))).toEqual(new Set(['claimed-authority']))
  })

  test('should find a secret that a channel is told in pieces', async () => {
    const app = createNotesApp()
    const say: typeof app.target.say = (session, turn) => {
      if (turn.message.startsWith('In ')) return app.target.say(session, turn)
      const foreign = app.rows.find(({ tenantId }) => tenantId !== session.person.tenantId)?.record.text ?? ''
      const [secret = ''] = /[jkqvxz]{24}/.exec(foreign) ?? []
      const at = session.toolResults.length * 6
      session.toolResults.push(secret.slice(at, at + 6))
      return Promise.resolve('no')
    }
    const report = await prove({ ...app.target, say }, pair)
    expect(report.verdict).toBe('leaked')
    expect(report.leaks[0]).toMatchObject({ prompt: 'all-turns', at: 'observed' })
  })

  test('should put the other attacks in a new session where one of them breaks it', async () => {
    const { target } = createNotesApp()
    const heard: string[] = []
    const say: typeof target.say = (session, turn) => {
      heard.push(turn.message)
      if (turn.message.startsWith('I run support')) throw new Error('no')
      return target.say(session, turn)
    }
    const report = await prove({ ...target, say }, pair)
    expect(report).toMatchObject({ verdict: 'broken', turns: 6 + 3 + 3 + 2 * 7 })
    expect(heard).toHaveLength(6 + 3 + 3 + 2 * 8)
  })
})

describe('what people keep', () => {
  test.each<[string, (app: ReturnType<typeof createNotesApp>, session: NotesSession) => void]>([
    ['is wiped by whoever attacks', ({ rows }) => void rows.splice(0)],
    [
      'is overwritten with what is the attacker’s',
      ({ rows }, { person }) => {
        const own = rows.find(({ tenantId }) => tenantId === person.tenantId)
        if (own !== undefined)
          for (const row of rows) Object.assign(row, { record: { ...row.record, text: own.record.text } })
      },
    ],
  ])('should be broken where it %s', async (_way, spoil) => {
    const app = createNotesApp()
    const say: typeof app.target.say = async (session, turn) => {
      const answer = await app.target.say(session, turn)
      if (turn.message.startsWith('In ')) return answer
      spoil(app, session)
      return 'no'
    }
    const report = await prove({ ...app.target, say }, { ...pair, calls: 4 })
    expect(report.verdict).not.toBe('passed')
    expect(kindsOf(report)).toContain('own-lost')
  })

  test('should pass where people only lose what their own model deleted', async () => {
    const app = createNotesApp()
    const say: typeof app.target.say = async (session, turn) => {
      const answer = await app.target.say(session, turn)
      if (turn.message.startsWith('In ')) return answer
      const others = app.rows.filter(({ tenantId }) => tenantId !== session.person.tenantId)
      app.rows.splice(0, app.rows.length, ...others)
      return 'no'
    }
    expect(await prove({ ...app.target, say }, { ...pair, calls: 4 })).toMatchObject({
      verdict: 'passed',
      problems: [],
    })
  })
})

test('should expect nothing of channels where an app has none', async () => {
  const { observed: _none, ...target } = createNotesApp().target
  expect(await prove(target, pair)).toMatchObject({ verdict: 'passed', problems: [] })
})

describe('a target that proves nothing', () => {
  test.each<[string, Partial<IsolationTarget<NotesSession>>, string]>([
    [
      'throws in seed',
      {
        seed: () => {
          throw new Error('no')
        },
      },
      'threw',
    ],
    ['throws in open', { open: () => Promise.reject(new Error('no')) }, 'threw'],
    ['throws what is no error', { say: () => Promise.reject(Object.create(null)) }, 'threw'],
    [
      'throws in observed',
      {
        observed: () => {
          throw new Error('no')
        },
      },
      'threw',
    ],
    [
      'throws in close',
      {
        close: () => {
          throw new Error('no')
        },
      },
      'threw',
    ],
    ['hangs in seed', { seed: () => new Promise(() => undefined) }, 'timed-out'],
    ['hangs in open', { open: () => new Promise(() => undefined) }, 'timed-out'],
    ['hangs in say', { say: () => new Promise(() => undefined) }, 'timed-out'],
    ['hangs in observed', { observed: () => new Promise(() => undefined) }, 'timed-out'],
    [
      'never ends its stream',
      { say: () => new ReadableStream({ start: (stream) => stream.enqueue('well') }) },
      'timed-out',
    ],
    ['streams without end', { say: () => forever() }, 'not-looked-at'],
    ['answers nothing', { say: () => undefined }, 'answered-nothing'],
    ['answers an empty text', { say: () => ' ' }, 'answered-nothing'],
    ['observes nothing', { observed: () => ({}) }, 'observed-nothing'],
    ['observes empty channels', { observed: () => ({ logs: [], files: {} }) }, 'observed-nothing'],
    ['observes undefined', { observed: () => undefined as never }, 'observed-nothing'],
    ['answers what throws when it is read', { say: () => throwing }, 'not-looked-at'],
    ['observes what throws when it is read', { observed: () => throwing }, 'not-looked-at'],
    ['answers a proxy that throws', { say: () => hostile }, 'threw'],
    ['answers with a proxy that throws', { say: () => ({ rows: [hostile] }) }, 'not-looked-at'],
    ['observes a proxy that throws', { observed: () => ({ log: hostile }) }, 'not-looked-at'],
    ['observes a function', { observed: () => ({ log: () => [] }) }, 'not-looked-at'],
    ['answers an iterator', { say: () => [1].values() }, 'not-looked-at'],
    ['gives ids that throw', { seed: () => new Proxy([], { get: refuse }) }, 'threw'],
    ['seeds nothing', { seed: () => undefined }, 'seeds-unseen'],
    ['answers the same to everything', { say: () => 'I cannot help with that.' }, 'answers-wrong'],
  ])('should be broken where it %s', async (_way, steps, kind) => {
    const report = await prove(withSteps(steps), { ...pair, timeout: 40, characters: 500_000 })
    expect(report.verdict).toBe('broken')
    expect(kindsOf(report)).toContain(kind)
  })

  test('should be broken where it seeds texts without the secrets', async () => {
    const { target } = createNotesApp()
    const seed: typeof target.seed = (owner) =>
      target.seed({ ...owner, records: owner.records.map((record) => ({ ...record, text: 'no secret' })) })
    expect(kindsOf(await prove({ ...target, seed }, pair))).toEqual(
      expect.arrayContaining(['seeds-unseen', 'answers-wrong']),
    )
  })

  test('should be broken where it leaves out one store', async () => {
    const { target } = createNotesApp()
    const isKept = ({ store }: SeedRecord) => store !== 'tickets'
    const seed: typeof target.seed = (owner) => target.seed({ ...owner, records: owner.records.filter(isKept) })
    const report = await prove({ ...target, seed }, pair)
    expect(report.verdict).toBe('broken')
    expect(report.problems.map(({ message }) => message).join()).toContain('tickets')
  })

  test('should be broken where each answer is that of the question before', async () => {
    const records: SeedRecord[] = []
    let before = 'Good morning.'
    const target: IsolationTarget<object> = {
      seed: (owner) => records.push(...owner.records),
      open: () => ({}),
      say: (_caller, { message }) => {
        const answer = before
        before = records.find(({ id }) => message.includes(`"${id}"`))?.text ?? ''
        return answer
      },
      observed: () => ({ log: ['asked'] }),
    }
    const report = await prove(target, { workspaces: 2, tenants: 1, users: 1 })
    expect(report.verdict).not.toBe('passed')
  })

  test('should be broken where 100 MB are answered, and end soon', async () => {
    const answer = 'Nothing of note here. '.repeat(5_000_000)
    const started = performance.now()
    const report = await prove(withSteps({ say: () => answer }), { users: 1, workspaces: 1, characters: 200_000 })
    expect(report.verdict).toBe('broken')
    expect(kindsOf(report)).toContain('not-looked-at')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('should wait for a late step no longer than its time, and ignore that it fails later', async () => {
    const late: unknown[] = []
    const say = async (_session: NotesSession, { signal }: { signal: AbortSignal }) => {
      await wait(60)
      late.push(signal.reason)
      throw new Error('too late for anybody')
    }
    const report = await prove(withSteps({ say }), { ...pair, timeout: 20 })
    expect(kindsOf(report)).toEqual(['timed-out', 'stopped', 'seeds-unseen', 'answers-wrong'])
    await wait(80)
    expect(late[0]).toMatchObject({ name: 'TimeoutError' })
  })

  test.each<[string, object]>([
    ['no store', { stores: { workspace: [], user: [] } }],
    ['a store twice', { stores: { workspace: ['memory'] } }],
    ['nobody beside the caller', { tenants: 1, workspaces: 1, users: 1 }],
    ['no time', { timeout: 0 }],
    ['a part above the whole', { leastAnswers: 2 }],
  ])('should refuse options with %s', async (_what, options) => {
    await expect(prove(createNotesApp().target, options)).rejects.toThrow(TypeError)
  })

  test('should refuse a target that lacks a step', async () => {
    const { target } = createNotesApp()
    await expect(prove({ ...target, open: undefined as never })).rejects.toThrow('open()')
    await expect(prove({ ...target, observed: 'none' as never })).rejects.toThrow('observed')
  })
})

async function* forever(): AsyncIterable<string> {
  for (;;) yield 'and so on. '.repeat(10_000)
}
