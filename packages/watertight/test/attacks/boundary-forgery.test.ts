import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { format, inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { findLabel, labelItem, makeBoundary, makePrincipal, parsePlace } from '../../src/boundary/index.ts'
import { Authority, requireLive, requireOwnLabel, requirePrincipal } from '../../src/boundary/index.ts'
import type { AgentBoundary, Claims, Grant, Principal } from '../../src/boundary/index.ts'
import {
  BoundaryRefused,
  InvalidInput,
  NotFound,
  Unauthenticated,
  assertInBoundary,
  isBoundary,
  narrow,
  openWatertight,
  session,
} from '../../src/index.ts'
import type { Watertight } from '../../src/index.ts'
import { memory } from '../../src/surfaces/memory/index.ts'
import { boundaryOf, principalOf, usualGrant } from '../support/people.ts'
import { whilePatched, whilePolluted } from '../support/polluted.ts'

const options = { database: 'memory://', identity: session(), surfaces: [memory()] } as const
type Desk = Watertight<Parameters<ReturnType<typeof session>['verify']>[0], typeof options.surfaces>

let watertight: Desk
let other: Desk
let real: AgentBoundary
let principal: Principal

beforeAll(async () => {
  watertight = await openWatertight(options)
  other = await openWatertight(options)
  for (const deployment of [watertight, other]) await provision(deployment)
  principal = await watertight.identify({ tenantId: 'acme', userId: 'alice' })
  real = await watertight.boundary(principal, { workspaceId: 'support', traceId: 'trace-secret' })
})

afterAll(async () => {
  await watertight?.close()
  await other?.close()
})

async function provision({ directory }: Desk): Promise<void> {
  for (const tenantId of ['acme', 'acme-eu']) {
    await directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
    for (const workspaceId of ['support', 'support2']) {
      await directory.putWorkspace({ tenantId, workspaceId })
      for (const userId of ['alice', 'alice2']) {
        const grant = { role: 'owner', allowedToolIds: ['read-ticket'], allowedDatasourceIds: [] }
        await directory.putMember({ tenantId, workspaceId, userId, ...grant })
      }
    }
  }
}

const readMembers = (from: AgentBoundary) => ({
  tenantId: from.tenantId,
  workspaceId: from.workspaceId,
  userId: from.userId,
  role: from.role,
  plan: from.plan,
  region: from.region,
  allowedToolIds: from.allowedToolIds,
  allowedDatasourceIds: from.allowedDatasourceIds,
  memoryNamespace: from.memoryNamespace,
  traceId: from.traceId,
  expiresAt: from.expiresAt,
  epoch: from.epoch,
})

const copyMembers = (from: AgentBoundary) => ({
  ...readMembers(from),
  role: 'owner',
  allowedToolIds: ['everything'],
  expiresAt: new Date('2999-01-01'),
})

/** Called as ours is, and nothing else. */
// oxlint-disable-next-line typescript/no-extraneous-class -- the attack is in the name
class Boundary {}

const forgeries: Readonly<Record<string, (from: AgentBoundary) => unknown>> = {
  // oxlint-disable-next-line typescript/no-misused-spread -- the attack
  'a spread': (from) => ({ ...from }),
  'a literal with every member': copyMembers,
  'a structured clone': (from) => structuredClone(from),
  'what JSON reads back': (from) => JSON.parse(JSON.stringify(copyMembers(from))),
  'an heir by Object.create': (from) => Object.create(from),
  'an heir with members of its own': (from) => Object.assign(Object.create(Object.getPrototypeOf(from)), { a: 1 }),
  'an object given the prototype': (from) => Object.setPrototypeOf(copyless(from), Object.getPrototypeOf(from)),
  'a proxy': (from) => new Proxy(from, {}),
  'a proxy that widens': (from) =>
    new Proxy(from, { get: (target, name) => (name === 'role' ? 'owner' : Reflect.get(target, name, target)) }),
  'a proxy of a proxy': (from) => new Proxy(new Proxy(from, {}), {}),
  'a revoked proxy': (from) => {
    const { proxy, revoke } = Proxy.revocable(from, {})
    revoke()
    return proxy
  },
  'a class of the same name': (from) => Object.assign(new Boundary(), copyMembers(from)),
  'a boundary in a list': (from) => [from],
  'a function': () => () => real,
  'a principal': () => principal,
  'its tenant id': (from) => from.tenantId,
  true: () => true,
  'a number': () => 1,
  'a symbol': () => Symbol('boundary'),
}

function copyless(from: AgentBoundary): object {
  return { tenantId: from.tenantId }
}

/** Every public function that takes a boundary, and the doors of trusted code behind them. */
const doors: Readonly<Record<string, (boundary: AgentBoundary) => unknown>> = {
  'watertight.within': (boundary) => watertight.within(boundary),
  narrow: (boundary) => narrow(boundary, { tools: [] }),
  assertInBoundary: (boundary) => assertInBoundary(boundary, { tenantId: 'acme', workspaceId: 'support' }),
  requireLive: (boundary) => requireLive(boundary),
  labelItem: (boundary) =>
    labelItem(boundary, {}, { integrity: 'trusted', source: { surface: 'memory', id: 'x' }, personal: true }),
}

function refusalOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe.each(Object.entries(doors))('%s', (_name, enter) => {
  test('should take the real boundary, or every refusal below would prove nothing', () => {
    expect(refusalOf(() => enter(real))).not.toBeInstanceOf(Error)
  })

  test.each(Object.entries(forgeries))('should refuse %s', (_forgery, forge) => {
    const forged = forge(real) as AgentBoundary
    expect(isBoundary(forged)).toBe(false)
    expect(refusalOf(() => enter(forged))).toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'forged' })
  })

  test.each([undefined, null])('should refuse %s as absent', (absent) => {
    expect(refusalOf(() => enter(absent as unknown as AgentBoundary))).toMatchObject({
      code: 'BOUNDARY_REFUSED',
      reason: 'absent',
    })
  })
})

describe('the same forgeries', () => {
  // The attacks are real: each gets past a boundary that was built as one usually would.
  class Naive {
    tenantId: string
    constructor(tenantId: string) {
      this.tenantId = tenantId
    }
  }
  const issued = new WeakSet()

  test('should get past a boundary that is recognised by instanceof', () => {
    const mine = new Naive('acme')
    for (const forged of [Object.create(mine), new Proxy(mine, {}), Object.setPrototypeOf({}, Naive.prototype)])
      expect(forged instanceof Naive).toBe(true)
  })

  test('should get past a constructor that anybody reaches', () => {
    const mine = new Naive('acme')
    const forged = Reflect.construct(mine.constructor, ['acme-eu'])
    expect(forged instanceof Naive && forged.tenantId).toBe('acme-eu')
  })

  test('should get past a WeakSet once its method is patched', () => {
    const believed = whilePatched(
      WeakSet.prototype,
      'has',
      () => true,
      () => issued.has({ tenantId: 'acme-eu' }),
    )
    expect(believed).toBe(true)
  })

  test('should get past a getter on a prototype that is not frozen', () => {
    class Unfrozen {
      get tenantId() {
        return 'acme'
      }
    }
    const mine = new Unfrozen()
    Object.defineProperty(Unfrozen.prototype, 'tenantId', { get: () => 'acme-eu' })
    expect(mine.tenantId).toBe('acme-eu')
  })
})

describe.each(['boundary', 'principal'] as const)('the constructor of a %s', (kind) => {
  const instance = () => (kind === 'boundary' ? real : principal)
  const reach = () => instance().constructor as new (...args: unknown[]) => object

  test.each([
    ['no argument', []],
    ['the tenant', ['acme-eu']],
    ['undefined and a state', [undefined, copyMembers]],
    ['a symbol of the same description', [Symbol('boundary'), {}]],
    ['a principal symbol', [Symbol('principal'), new Authority(), {}]],
    ['a registered symbol', [Symbol.for('boundary'), {}]],
  ])('should make nothing from %s', (_what, args) => {
    expect(() => Reflect.construct(reach(), args)).toThrow(TypeError)
    expect(() => Reflect.construct(reach(), args, Object)).toThrow(TypeError)
    expect(() => Reflect.apply(reach(), instance(), args)).toThrow(TypeError)
  })

  test('should make nothing for a subclass, nor stamp an object that its parent returns', () => {
    const parent = reach()
    class Lying extends parent {
      get tenantId() {
        return 'acme-eu'
      }
    }
    const victim = {}
    const returning = function () {
      return victim
    }
    expect(() => new Lying(Symbol('boundary'), {})).toThrow(TypeError)
    Object.setPrototypeOf(Lying, returning)
    expect(new Lying(Symbol('boundary'), {})).toBe(victim)
    expect(isBoundary(victim)).toBe(false)
  })

  test('should hold nothing static, and not be open to change', () => {
    const parent = reach()
    expect(new Set(Reflect.ownKeys(parent))).toEqual(new Set(['length', 'name', 'prototype']))
    expect(Object.isFrozen(parent)).toBe(true)
    expect(Object.isFrozen(parent.prototype)).toBe(true)
    expect(() => Object.setPrototypeOf(parent, Boundary)).toThrow(TypeError)
  })

  test('should not show its function or its receiver to a patched stack trace', () => {
    const seen: unknown[] = []
    const capture = (_error: unknown, sites: NodeJS.CallSite[]) => {
      for (const site of sites) seen.push(site.getThis(), site.getFunction())
      return ''
    }
    const before = Error.prepareStackTrace
    Error.prepareStackTrace = capture
    try {
      const refused = refusalOf(() => Reflect.construct(reach(), ['acme-eu']))
      expect(refused instanceof Error && refused.stack).toBe('')
    } finally {
      Error.prepareStackTrace = before
    }
    expect(seen.filter((value) => typeof value === 'symbol' || value === reach())).toEqual([])
  })
})

describe.each(['boundary', 'principal'] as const)('a %s', (kind) => {
  const instance = (): Record<string, unknown> => (kind === 'boundary' ? real : principal) as never

  test('should be frozen, with a frozen prototype', () => {
    const mine = instance()
    expect(Object.isFrozen(mine)).toBe(true)
    expect(Reflect.set(mine, 'tenantId', 'acme-eu')).toBe(false)
    expect(Reflect.defineProperty(mine, 'tenantId', { value: 'acme-eu' })).toBe(false)
    expect(Reflect.setPrototypeOf(mine, { tenantId: 'acme-eu' })).toBe(false)
    const prototype: object = Object.getPrototypeOf(mine)
    expect(Reflect.defineProperty(prototype, 'tenantId', { get: () => 'acme-eu' })).toBe(false)
    expect(Reflect.deleteProperty(prototype, 'toJSON')).toBe(false)
    expect(mine['tenantId']).toBe('acme')
  })

  test('should lend its getters to nobody else', () => {
    const read = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(instance()), 'tenantId')?.get
    for (const value of [{}, Object.create(instance()), new Proxy(instance(), {})])
      expect(() => read?.call(value)).toThrow(TypeError)
  })

  test('should have no own member for anybody to copy', () => {
    expect(Reflect.ownKeys(instance())).toEqual([])
    expect({ ...instance() }).toEqual({})
  })
})

test('should hand out lists and dates that change nothing', () => {
  const mine = boundaryOf()
  for (const list of [mine.allowedToolIds, mine.allowedDatasourceIds]) {
    expect(Object.isFrozen(list)).toBe(true)
    expect(() => (list as string[]).push('everything')).toThrow(TypeError)
  }
  const end = mine.expiresAt.getTime()
  mine.expiresAt.setTime(end + 1e12)
  expect(mine.expiresAt.getTime()).toBe(end)
})

test('should not hold on to the lists that a directory gave', () => {
  const allowedToolIds = ['read-ticket']
  const mine = boundaryOf({ grant: { allowedToolIds } })
  allowedToolIds.push('everything')
  expect(mine.allowedToolIds).toEqual(['read-ticket'])
})

describe('built-ins that were patched after load', () => {
  const widening: readonly (readonly [string, object, PropertyKey, unknown])[] = [
    ['WeakSet.prototype.has', WeakSet.prototype, 'has', () => true],
    ['WeakMap.prototype.has', WeakMap.prototype, 'has', () => true],
    ['WeakMap.prototype.get', WeakMap.prototype, 'get', () => ({ tenantId: 'acme', userId: undefined })],
    ['Map.prototype.get', Map.prototype, 'get', () => ({ tenantId: 'acme' })],
    ['Map.prototype.has', Map.prototype, 'has', () => true],
    ['Set.prototype.has', Set.prototype, 'has', () => true],
    ['Reflect.get', Reflect, 'get', () => 'acme'],
    ['Reflect.has', Reflect, 'has', () => true],
    ['Reflect.ownKeys', Reflect, 'ownKeys', () => []],
    ['Reflect.apply', Reflect, 'apply', () => true],
    ['Reflect.getPrototypeOf', Reflect, 'getPrototypeOf', () => Object.prototype],
    ['Object.hasOwn', Object, 'hasOwn', () => true],
    ['Object.freeze', Object, 'freeze', (value: unknown) => value],
    ['Object.assign', Object, 'assign', (target: object) => target],
    ['Object.keys', Object, 'keys', () => []],
    ['Object.getPrototypeOf', Object, 'getPrototypeOf', () => Object.prototype],
    ['Object.prototype.hasOwnProperty', Object.prototype, 'hasOwnProperty', () => true],
    ['Function.prototype.call', Function.prototype, 'call', () => true],
    ['Function.prototype.apply', Function.prototype, 'apply', () => true],
    ['Array.prototype.includes', Array.prototype, 'includes', () => true],
    ['Array.prototype.some', Array.prototype, 'some', () => true],
    ['Array.prototype.filter', Array.prototype, 'filter', () => ['everything']],
    ['Array.prototype.map', Array.prototype, 'map', () => ['everything']],
    ['Array.prototype.indexOf', Array.prototype, 'indexOf', () => 0],
    [
      'Array.prototype.push',
      Array.prototype,
      'push',
      function (this: unknown[]) {
        return (this[this.length] = 'everything')
      },
    ],
    [
      'Array.prototype[Symbol.iterator]',
      Array.prototype,
      Symbol.iterator,
      function* () {
        yield 'everything'
      },
    ],
    ['Array.from', Array, 'from', () => ['everything']],
  ]

  test.each(widening)('should not make a forgery pass: %s', (_name, owner, name, patch) => {
    for (const forge of Object.values(forgeries)) {
      const forged = forge(real)
      const [known, refused] = whilePatched(owner, name, patch, () => {
        let thrown: unknown
        try {
          requireLive(forged)
        } catch (error) {
          thrown = error
        }
        return {
          0: isBoundary(forged),
          1: thrown,
          *[Symbol.iterator]() {
            yield this[0]
            yield this[1]
          },
        }
      })
      expect(known).toBe(false)
      expect(refused).toBeInstanceOf(BoundaryRefused)
    }
  })

  test.each(widening)('should not widen what is made or narrowed: %s', (_name, owner, name, patch) => {
    const authority = new Authority()
    const caller = principalOf(authority)
    const place = parsePlace({ workspaceId: 'support' })
    const made: AgentBoundary[] = []
    // Breaking is no widening: a patched built-in may make it throw.
    const broken = whilePatched(owner, name, patch, () => {
      try {
        made[0] = makeBoundary(authority, caller, place, usualGrant)
        made[1] = narrow(made[0], { tools: ['read-ticket', 'everything'], datasources: [], role: 'viewer' })
        return false
      } catch {
        return true
      }
    })
    if (!broken) {
      expect(made[1]?.allowedToolIds).toEqual(['read-ticket'])
      expect(made[1]?.allowedDatasourceIds).toEqual([])
      expect(made[1]?.role).toBe('viewer')
    }
    for (const one of made) {
      expect(Object.isFrozen(one)).toBe(true)
      expect(Object.isFrozen(one.allowedToolIds)).toBe(true)
      expect(one.allowedToolIds).not.toContain('everything')
      expect(Object.isFrozen(requireLive(one))).toBe(true)
    }
  })

  test.each(widening)('should not bring a foreign record or item inside: %s', (_name, owner, name, patch) => {
    const mine = boundaryOf()
    const theirs = boundaryOf({ claims: { tenantId: 'acme-eu' } })
    const item = labelItem(theirs, { value: 1 }, { integrity: 'trusted', source: { surface: 'memory', id: 'x' } })
    const heir: { tenantId: string; workspaceId: string } = Object.create({ tenantId: 'acme', workspaceId: 'support' })
    const refused = whilePatched(owner, name, patch, () => {
      const found: unknown[] = []
      for (let at = 0; at < 3; at++) {
        try {
          if (at === 0) assertInBoundary(mine, { tenantId: 'acme-eu', workspaceId: 'support' })
          if (at === 1) assertInBoundary(mine, heir)
          if (at === 2) requireOwnLabel(requireLive(mine), item)
        } catch (error) {
          found[at] = error
        }
      }
      return found
    })
    expect(refused).toHaveLength(3)
    for (const error of refused) expect(error).toBeInstanceOf(NotFound)
  })
})

describe('a polluted Object.prototype', () => {
  const foreign = { ...usualGrant, tenantId: 'acme-eu', workspaceId: 'support2', userId: 'mallory', issuer: 'evil' }

  test('should not supply what a naive reader would take from it', async () => {
    const naive = (proved: { tenantId?: string }) => proved.tenantId
    expect(await whilePolluted('tenantId', 'acme-eu', () => naive({}))).toBe('acme-eu')
  })

  test.each(['tenantId', 'userId'])('should not supply the %s of a session', async (name) => {
    const whole: Record<string, unknown> = { tenantId: 'acme', userId: 'alice' }
    delete whole[name]
    await whilePolluted(name, 'alice', async () => {
      await expect(watertight.identify(whole as never)).rejects.toBeInstanceOf(Unauthenticated)
    })
  })

  test('should not lengthen a session', async () => {
    await whilePolluted('expiresAt', new Date('2999-01-01'), async () => {
      const caller = await watertight.identify({ tenantId: 'acme', userId: 'alice' })
      expect(caller.expiresAt).toBeLessThanOrEqual(Date.now() + 15 * 60_000)
    })
  })

  test('should not name the issuer of sessions', async () => {
    const { issuer } = await whilePolluted('issuer', 'evil', () =>
      session().verify({ tenantId: 'acme', userId: 'alice' }),
    )
    expect(issuer).toBe('session')
  })

  test.each(['issuer', 'subject', 'tenantId', 'expiresAt'])('should not supply the claim %s', async (name) => {
    const whole: Record<string, unknown> = { issuer: 'i', subject: 's', tenantId: 't', expiresAt: Date.now() + 1000 }
    const value = whole[name]
    delete whole[name]
    await whilePolluted(name, value, () => {
      expect(() => makePrincipal(new Authority(), whole as unknown as Claims)).toThrow(Unauthenticated)
    })
  })

  test('should not supply the workspace that nobody asked for', async () => {
    await whilePolluted('workspaceId', 'support', async () => {
      await expect(watertight.boundary(principal, {} as never)).rejects.toBeInstanceOf(InvalidInput)
    })
  })

  test('should not supply a trace', async () => {
    const made = await whilePolluted('traceId', 'evil', () =>
      watertight.boundary(principal, { workspaceId: 'support' }),
    )
    expect(made.traceId).not.toBe('evil')
  })

  test.each(['role', 'plan', 'region', 'allowedToolIds', 'allowedDatasourceIds', 'epoch', 'version'] as const)(
    'should not supply the %s that a directory left out',
    async (name) => {
      const answer: Record<string, unknown> = { ...usualGrant }
      delete answer[name]
      await whilePolluted(name, usualGrant[name], () => {
        expect(() => boundaryWith(answer)).toThrow()
      })
    },
  )

  test('should not supply the rows that a directory left out', async () => {
    const { rows, ...without } = usualGrant
    const state = await whilePolluted('rows', rows, () => requireLive(boundaryWith(without)))
    expect(Object.hasOwn(state, 'rows')).toBe(true)
    expect(state.rows).toBeUndefined()
  })

  test.each(Object.entries(foreign))('should change nothing of a boundary by %s', async (name, value) => {
    const authority = new Authority()
    const caller = principalOf(authority)
    const make = () => {
      const place = parsePlace({ workspaceId: 'support', traceId: 'trace-secret' })
      return makeBoundary(authority, caller, place, usualGrant)
    }
    const mine = make()
    const before = readMembers(mine)
    await whilePolluted(name, value, () => {
      expect(readMembers(narrow(mine, {}))).toEqual(before)
      expect(readMembers(make())).toEqual(before)
    })
  })

  test.each([
    ['tools', ['everything']],
    ['datasources', ['everything']],
    ['role', 'owner'],
    ['expiresAt', new Date('2999-01-01')],
    ['notAfter', Number.POSITIVE_INFINITY],
    ['life', { revoked: false }],
    ['authority', new Authority()],
  ])('should not take part in a narrowing by %s', async (name, value) => {
    const mine = boundaryOf({ claims: { expiresAt: Date.now() + 5_000 } })
    const narrowed = await whilePolluted(name, value, () => narrow(mine, { tools: ['read-ticket'] }))
    expect(narrowed.allowedToolIds).toEqual(['read-ticket'])
    expect(narrowed.allowedDatasourceIds).toEqual(mine.allowedDatasourceIds)
    expect(narrowed.role).toBe('member')
    expect(narrowed.expiresAt).toEqual(mine.expiresAt)
    expect(requireLive(narrowed).life).toBe(requireLive(mine).life)
  })

  test.each(['tenantId', 'workspaceId'] as const)('should own no record that lacks its %s', async (name) => {
    const record: Record<string, string> = { tenantId: 'acme', workspaceId: 'support' }
    const value = record[name]
    delete record[name]
    await whilePolluted(name, value, () => {
      expect(() => assertInBoundary(boundaryOf(), record as never)).toThrow(NotFound)
    })
  })

  test('should not move a memory into a wider scope', async () => {
    const desk = watertight.within(real)
    await whilePolluted('scope', 'tenant', async () => {
      await desk.memory.set('polluted', 'mine', {})
    })
    expect(await desk.memory.get('polluted', { scope: 'tenant' })).toBeUndefined()
    expect((await desk.memory.get('polluted'))?.value).toBe('mine')
  })

  test('should not lengthen a run', async () => {
    const desk = watertight.within(real)
    const run = await whilePolluted('lifetime', 29 * 86_400_000, () =>
      desk.startRun({ agent: 'a', promptVersion: 'v' }),
    )
    expect(run.expiresAt.getTime()).toBeLessThan(Date.now() + 2 * 3_600_000)
    await run.end()
  })

  function boundaryWith(answer: object): AgentBoundary {
    const authority = new Authority()
    return makeBoundary(authority, principalOf(authority), parsePlace({ workspaceId: 'support' }), answer as Grant)
  }
})

describe('an input that answers differently the second time', () => {
  test('should get the boundary of the workspace that was granted', async () => {
    const names = ['support', 'support2']
    const shifty = {
      get workspaceId() {
        return names.shift() ?? 'support2'
      },
    }
    const made = await watertight.boundary(principal, shifty)
    expect(made.workspaceId).toBe('support')
  })

  test('should narrow by the first answer alone', () => {
    const answers: (readonly string[])[] = [['read-ticket'], ['read-ticket', 'update-ticket']]
    const shifty = new Proxy({ tools: [] as readonly string[] }, { get: () => answers.shift() })
    expect(narrow(boundaryOf(), shifty).allowedToolIds).toEqual(['read-ticket'])
    expect(answers).toHaveLength(1)
  })

  test('should be granted by the first answer alone', () => {
    const roles = ['viewer', 'owner', 'owner']
    const grant = Object.defineProperty({ ...usualGrant }, 'role', { get: () => roles.shift(), enumerable: true })
    expect(boundaryOf({ grant }).role).toBe('viewer')
  })
})

describe('two deployments in one process', () => {
  test('should refuse the principal of the other', async () => {
    await expect(other.boundary(principal, { workspaceId: 'support' })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'absent',
    })
  })

  test('should refuse the boundary of the other, and one narrowed from it', () => {
    for (const foreign of [real, narrow(real, { tools: [] })])
      expect(refusalOf(() => other.within(foreign))).toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'forged' })
  })

  test('should refuse an item of the other, though every name is the same', async () => {
    const mine = watertight.within(real)
    const caller = await other.identify({ tenantId: 'acme', userId: 'alice' })
    const theirs = other.within(await other.boundary(caller, { workspaceId: 'support' }))
    await mine.memory.set('twin', 'from the first')
    await theirs.memory.set('twin', 'from the second')
    const item = await theirs.memory.get('twin')
    await using run = await mine.startRun({ agent: 'a', promptVersion: 'v' })
    await expect(run.context.add(item as object)).rejects.toBeInstanceOf(NotFound)
    await expect(run.memory.promote(item as object, { key: 'kept' })).rejects.toBeInstanceOf(NotFound)
    expect(run.context.text()).toBe('')
  })
})

test('should refuse an item of another deployment even where the rows are the same, as in a restored copy', () => {
  const [mine, theirs] = [boundaryOf(), boundaryOf()]
  const source = { surface: 'memory', id: 'x' } as const
  const item = labelItem(theirs, { text: 'theirs' }, { integrity: 'trusted', source })
  expect(requireOwnLabel(requireLive(theirs), item)).toMatchObject({ tenantId: 'acme' })
  expect(() => requireOwnLabel(requireLive(mine), item)).toThrow(NotFound)
})

describe('a deputy that holds one boundary and is handed something of another', () => {
  const pairs = [
    ['tenant', { tenantId: 'acme-eu', workspaceId: 'support', userId: 'alice' }],
    ['workspace of the tenant', { tenantId: 'acme', workspaceId: 'support2', userId: 'alice' }],
    ['user of the workspace', { tenantId: 'acme', workspaceId: 'support', userId: 'alice2' }],
  ] as const

  test.each(pairs)('should refuse an item, a run and a memory of another %s', async (_what, them) => {
    const theirBoundary = await watertight.boundary(await watertight.identify(them), them)
    const theirs = watertight.within(theirBoundary)
    const mine = watertight.within(real)
    await theirs.memory.set('handed', 'theirs')
    const item = (await theirs.memory.get('handed')) as object
    const theirRun = await theirs.startRun({ agent: 'a', promptVersion: 'v' })
    await theirRun.state.set('note', 'theirs')
    const note = (await theirRun.state.get('note')) as object

    await using run = await mine.startRun({ agent: 'a', promptVersion: 'v' })
    for (const handed of [item, note]) {
      await expect(run.context.add(handed)).rejects.toBeInstanceOf(NotFound)
      await expect(run.memory.promote(handed, { key: 'kept' })).rejects.toBeInstanceOf(NotFound)
      expect(() => requireOwnLabel(requireLive(real), handed)).toThrow(NotFound)
    }
    expect(await mine.memory.get('kept')).toBeUndefined()
    // `alice` owns her workspace and sees what is done there; of another workspace or tenant she sees no run at all.
    if (them.workspaceId !== real.workspaceId || them.tenantId !== real.tenantId)
      await expect(mine.explain(theirRun.id)).rejects.toBeInstanceOf(NotFound)
    await theirRun.end()
  })

  test('should not take a label over by labelling again', () => {
    const kind = { integrity: 'untrusted', source: { surface: 'tools', id: 'x' } } as const
    const authority = new Authority()
    const [mine, theirs] = [boundaryOf({ authority }), boundaryOf({ authority, claims: { tenantId: 'acme-eu' } })]
    const item = labelItem(theirs, { text: 'theirs' }, kind)
    expect(() => labelItem(mine, item, kind)).toThrow(NotFound)
    expect(findLabel(item)?.tenantId).toBe('acme-eu')
  })

  test('should not make an item trusted or shared by labelling again', () => {
    const mine = boundaryOf()
    const source = { surface: 'tools', id: 'x' } as const
    const item = labelItem(mine, { text: 'x' }, { integrity: 'untrusted', source, personal: true })
    labelItem(mine, item, { integrity: 'trusted', source })
    expect(findLabel(item)).toMatchObject({ integrity: 'untrusted', userId: 'alice' })
  })

  test('should not know an item by its copy', () => {
    const mine = boundaryOf()
    const item = labelItem(mine, { text: 'x' }, { integrity: 'trusted', source: { surface: 'memory', id: 'x' } })
    for (const copy of [{ ...item }, structuredClone(item), Object.create(item), new Proxy(item, {})])
      expect(() => requireOwnLabel(requireLive(mine), copy)).toThrow(InvalidInput)
  })
})

describe('printing and sending', () => {
  const claims = { tenantId: 'tenant-secret', subject: 'user-secret', issuer: 'issuer-secret' }
  const mine = boundaryOf({
    claims,
    workspaceId: 'workspace-secret',
    grant: {
      role: 'secret-role',
      plan: 'secret-plan',
      region: 'secret-region',
      allowedToolIds: ['secret-tool', 'b'],
      allowedDatasourceIds: ['secret-source', 'd'],
    },
  })
  const caller = principalOf(new Authority(), claims)
  const holders = [
    ['boundary', mine],
    ['principal', caller],
  ] as const
  const printers: Readonly<Record<string, (value: object) => unknown>> = {
    inspect: (value) => inspect(value),
    'inspect without the custom printer': (value) => inspect(value, { customInspect: false }),
    'inspect with everything shown': (value) => inspect(value, { showHidden: true, getters: true, depth: 9 }),
    'inspect of a holder': (value) => inspect({ deep: [{ value }], map: new Map([[value, value]]) }, { depth: 9 }),
    'inspect of an error': (value) => inspect(new Error('x', { cause: value })),
    // oxlint-disable-next-line typescript/no-base-to-string -- the attack
    'String()': (value) => String(value),
    'a template': (value) => `to: ${value as unknown as string}`,
    'format %s': (value) => format('%s', value),
    'format %o': (value) => format('%o', value),
    'format %O': (value) => format('%O', value),
    'format alone': (value) => format(value),
    'format %j': (value) => format('%j', value),
    'JSON.stringify': (value) => JSON.stringify(value),
    'JSON.stringify of a holder': (value) => JSON.stringify({ deep: [value] }),
    structuredClone: (value) => inspect(structuredClone(value), { showHidden: true }),
    'v8.serialize': (value) => serialize(value).toString('latin1'),
    'v8 and back': (value) => inspect(deserialize(serialize(value)), { showHidden: true }),
    postMessage: (value) => {
      const { port1, port2 } = new MessageChannel()
      port1.postMessage({ value })
      const received: unknown = receiveMessageOnPort(port2)?.message
      port1.close()
      return inspect(received, { showHidden: true, depth: 9 })
    },
    'Object.entries': (value) => JSON.stringify(Object.entries(value)),
    'for in': (value) => {
      const names: string[] = []
      for (const name in value) names.push(name)
      return names.join()
    },
    URLSearchParams: (value) => new URLSearchParams(value as Record<string, string>).toString(),
    'an error message': (value) => String(refusalOf(() => watertight.within(value as AgentBoundary))),
  }

  describe.each(holders)('a %s', (_kind, value) => {
    test.each(Object.entries(printers))('should show no id through %s', (_name, print) => {
      const printed = refusalOf(() => print(value))
      const text = printed instanceof Error ? `${printed.stack} ${inspect(printed)}` : String(printed)
      expect(text).not.toMatch(/secret/)
    })

    test('should not become JSON', () => {
      expect(() => JSON.stringify(value)).toThrow(TypeError)
      expect(() => JSON.stringify({ value })).toThrow(TypeError)
    })

    test('should arrive as nothing wherever it is sent', () => {
      for (const copy of [structuredClone(value), deserialize(serialize(value))]) {
        expect(isBoundary(copy)).toBe(false)
        expect(() => requireLive(copy)).toThrow(BoundaryRefused)
        expect(() => requirePrincipal(copy, new Authority())).toThrow(Unauthenticated)
      }
    })
  })
})

describe('another copy of the package in the same process', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wt-copy-'))
    await cp(fileURLToPath(new URL('../../src', import.meta.url)), join(folder, 'src'), { recursive: true })
    await symlink(fileURLToPath(new URL('../../../../node_modules', import.meta.url)), join(folder, 'node_modules'))
  })

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  test('should take none of our boundaries, principals or items, nor we theirs', async () => {
    type Doors = typeof import('../../src/boundary/index.ts')
    const address = pathToFileURL(join(folder, 'src/boundary/index.ts')).href
    const copy = (await import(/* @vite-ignore */ address)) as Doors
    expect(copy.requireLive).not.toBe(requireLive)

    const authority = new copy.Authority()
    const theirClaims = { issuer: 'session', subject: 'alice', tenantId: 'acme', expiresAt: Date.now() + 60_000 }
    const theirPrincipal = copy.makePrincipal(authority, theirClaims)
    const place = copy.parsePlace({ workspaceId: 'support' })
    const theirs = copy.makeBoundary(authority, theirPrincipal, place, usualGrant)

    expect(copy.isBoundary(theirs)).toBe(true)
    expect(isBoundary(theirs)).toBe(false)
    expect(copy.isBoundary(real)).toBe(false)
    expect(refusalOf(() => watertight.within(theirs))).toMatchObject({ reason: 'forged' })
    expect(refusalOf(() => copy.narrow(real as never, {}))).toMatchObject({
      code: 'BOUNDARY_REFUSED',
      reason: 'forged',
    })
    await expect(watertight.boundary(theirPrincipal, { workspaceId: 'support' })).rejects.toThrow(Unauthenticated)
    const source = { surface: 'memory', id: 'x' } as const
    const item = labelItem(real, { text: 'x' }, { integrity: 'trusted', source })
    expect(copy.findLabel(item)).toBeUndefined()
    const theirItem = copy.labelItem(theirs, { text: 'x' }, { integrity: 'trusted', source })
    expect(findLabel(theirItem)).toBeUndefined()
    expect(() => requireOwnLabel(requireLive(real), theirItem)).toThrow(InvalidInput)
  })
})

describe('narrowing what has ended', () => {
  test('should refuse an expired boundary', async () => {
    const mine = boundaryOf({ claims: { expiresAt: Date.now() + 20 } })
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(refusalOf(() => narrow(mine, {}))).toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'expired' })
  })

  test('should refuse a revoked boundary', async () => {
    const them = { tenantId: 'acme-eu', workspaceId: 'support2', userId: 'alice2' }
    const mine = await watertight.boundary(await watertight.identify(them), them)
    await watertight.directory.raiseVersion(them)
    await expect(watertight.within(mine).memory.get('x')).rejects.toMatchObject({ reason: 'revoked' })
    expect(refusalOf(() => narrow(mine, {}))).toMatchObject({ code: 'BOUNDARY_REFUSED', reason: 'revoked' })
  })
})
