import type { AuditDraft } from '../../audit/index.ts'
import { findLabel, labelItem, requireLive, requireOwnLabel, roleReaches } from '../../boundary/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import { ownMembers, requireId, writeJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'
import { Forbidden, InvalidInput, NotFound, Refusal } from '../../errors.ts'
import type { RunScope, Scope } from '../surface.ts'
import type { MemoryScope, MemorySource, MemoryStore, StoredMemory } from './memory-store.ts'

/** A memory that was found. Labelled for its boundary; a copy of it is not. */
export interface MemoryItem {
  readonly key: string
  readonly value: Json
  readonly scope: MemoryScope
  readonly source: MemorySource
  readonly updatedAt: Date
}

export interface ScopeOption {
  /** `user` by default */
  readonly scope?: MemoryScope
}

interface ReadingMemory {
  /**
   * The memory under a key, or `undefined`. Missing and somebody else's are the same `undefined`.
   *
   * @param key an opaque id, compared by equality
   */
  get(key: string, options?: ScopeOption): Promise<MemoryItem | undefined>
  /**
   * Memories in order of their keys' bytes.
   *
   * @param options `after`: start behind this key; `limit`: at most this many, 100 by default, 1,000 at most
   */
  list(options?: ScopeOption & { readonly after?: string; readonly limit?: number }): Promise<readonly MemoryItem[]>
}

/** The memory of a compartment: the app's own code reads and writes it. */
export interface CompartmentMemory extends ReadingMemory {
  /**
   * Writes a memory. User scope is open to everybody, workspace scope needs an admin, tenant scope an owner.
   *
   * @param value JSON up to the size limit; an item that a surface returned goes through `promote()` in its run instead
   * @throws {Forbidden} `FORBIDDEN` when the role does not reach that scope
   * @throws {LimitExceeded} `LIMIT_EXCEEDED` when the value is too large
   */
  set(key: string, value: Json, options?: ScopeOption): Promise<void>
  /** Returns whether there was one. Needs the same role as `set`. */
  delete(key: string, options?: ScopeOption): Promise<boolean>
}

/** The memory of a run. What the model saw or wrote becomes memory by `promote()` alone, which names its source. */
export interface RunMemory extends ReadingMemory {
  /**
   * Makes memory of something that the run saw: an observation, a search hit, an item of its state.
   *
   * @param item an item that a surface of this compartment returned; one that is untrusted stays so
   * @param as the key to keep it under; `value`: what to keep of it, marked as untrusted; the item's own value or text where absent
   * @throws {InvalidInput} when the item carries no label
   * @throws {NotFound} when it is another boundary's
   */
  promote(item: object, as: ScopeOption & { readonly key: string; readonly value?: Json }): Promise<void>
}

export interface MemoryPorts {
  readonly store: MemoryStore
  readonly scope: Scope
  readonly maximumBytes: number
}

/** The role that a write to each scope needs. The policies of the tables say the same. */
const leastRole = { user: undefined, workspace: 'admin', tenant: 'owner' } as const

const maximumPage = 1_000

export function createCompartmentMemory(ports: MemoryPorts): CompartmentMemory {
  return {
    ...createReadingMemory(ports),
    async set(key, value, options) {
      const boundary = await ports.scope.live()
      const place = await noting(ports, boundary, () => requirePlace(key, options))
      await write(
        ports,
        boundary,
        { ...place, value, source: { kind: 'set' }, event: 'memory-written' },
        refuseLabelled,
      )
    },
    async delete(key, options) {
      const boundary = await ports.scope.live()
      const { scope, key: name } = await noting(ports, boundary, () => requirePlace(key, options))
      await requireRole(ports, boundary, scope)
      // Looked up first: the event of a key that is not here must not name it, and another's memory is not deleted.
      if ((await find(ports, boundary, scope, name)) === undefined) {
        await ports.scope.recorder.note(boundary, missed(scope))
        return false
      }
      const draft = { event: 'memory-deleted', surface: 'memory', detail: { scope, keys: [name] } } as const
      return await during(ports, boundary, draft, (events) => ports.store.delete(boundary, scope, name, events))
    },
  }
}

export function createRunMemory(ports: MemoryPorts, { run }: RunScope): RunMemory {
  return {
    ...createReadingMemory(ports),
    async promote(item, as) {
      const boundary = await ports.scope.live()
      const { source, integrity } = await requireLabel(ports, boundary, item)
      const { key, scope: asked, value } = ownMembers(as)
      const place = await noting(ports, boundary, () => requirePlace(key, { scope: asked }))
      // What somebody made of a trusted item may be the model's words: only the item's own content keeps its trust.
      const trusted = value === undefined && integrity === 'trusted'
      const kept = { kind: 'promoted', surface: source.surface, id: source.id, runId: run.id } as const
      await write(
        ports,
        boundary,
        {
          ...place,
          value: value === undefined ? contentOf(item) : value,
          source: { ...kept, integrity: trusted ? 'trusted' : 'untrusted' },
          event: 'memory-promoted',
        },
        (part) => requireOwnLabels(boundary, part),
      )
    },
  }
}

function createReadingMemory(ports: MemoryPorts): ReadingMemory {
  const { recorder } = ports.scope
  return {
    async get(key, options) {
      const boundary = await ports.scope.live()
      const { scope, key: name } = await noting(ports, boundary, () => requirePlace(key, options))
      const item = await find(ports, boundary, scope, name)
      const read = { event: 'memory-read', surface: 'memory', detail: { scope, keys: [name] } } as const
      await recorder.note(boundary, item === undefined ? missed(scope) : read)
      return item
    },
    async list(options) {
      const boundary = await ports.scope.live()
      const { scope, page } = await noting(ports, boundary, () => requirePage(options))
      const found = await ports.store.list(boundary, scope, page)
      const items: MemoryItem[] = []
      for (const memory of found) items.push(await checkOwner(ports, boundary, scope, memory))
      await recorder.note(boundary, {
        event: 'memory-listed',
        surface: 'memory',
        detail: { scope, keys: items.map((item) => item.key) },
      })
      return items
    },
  }
}

async function find(
  ports: MemoryPorts,
  boundary: AgentBoundary,
  scope: MemoryScope,
  key: string,
): Promise<MemoryItem | undefined> {
  const found = await ports.store.get(boundary, scope, key)
  return found === undefined ? undefined : await checkOwner(ports, boundary, scope, found, key)
}

// A key that is not here may be somebody else's, or what a model put together: it is not recorded.
function missed(scope: MemoryScope): AuditDraft {
  return { event: 'memory-missed', surface: 'memory', detail: { scope } }
}

// A store may be the app's own, and any store may return somebody else's bytes now and then: the owner is compared.
async function checkOwner(
  ports: MemoryPorts,
  boundary: AgentBoundary,
  scope: MemoryScope,
  found: StoredMemory,
  key = found.key,
): Promise<MemoryItem> {
  const { tenantId, workspaceId, userId } = requireLive(boundary)
  const { owner } = found
  const same =
    found.key === key &&
    owner.tenantId === tenantId &&
    owner.workspaceId === (scope === 'tenant' ? undefined : workspaceId) &&
    owner.userId === (scope === 'user' ? userId : undefined)
  if (!same) {
    await ports.scope.recorder.note(boundary, {
      event: 'result-withheld',
      surface: 'memory',
      decision: 'refused',
      reason: 'owner-mismatch',
      blocked: 1,
    })
    await ports.scope.recorder.flush(boundary)
    throw new NotFound()
  }
  const item = { key: found.key, value: found.value, scope, source: found.source, updatedAt: found.updatedAt }
  const trusted = found.source.kind === 'set' || found.source.integrity === 'trusted'
  return labelItem(boundary, item, {
    integrity: trusted ? 'trusted' : 'untrusted',
    source: { surface: 'memory', id: found.key },
    personal: scope === 'user',
  })
}

interface Write {
  readonly key: string
  readonly value: unknown
  readonly scope: MemoryScope
  readonly source: MemorySource
  readonly event: 'memory-written' | 'memory-promoted'
}

async function write(
  ports: MemoryPorts,
  boundary: AgentBoundary,
  { key, value, scope, source, event }: Write,
  inspect: (value: object) => void,
): Promise<void> {
  await requireRole(ports, boundary, scope)
  const text = await noting(ports, boundary, () => writeValue(value, ports.maximumBytes, inspect))
  const detail = {
    scope,
    keys: [key],
    ...(source.kind === 'promoted' ? { from: { surface: source.surface, id: source.id } } : {}),
  }
  const draft = { event, surface: 'memory', detail } as const
  await during(ports, boundary, draft, (events) =>
    ports.store.set(boundary, scope, { key, value: text, source }, events),
  )
}

async function during<Result>(
  { scope, store }: MemoryPorts,
  boundary: AgentBoundary,
  draft: AuditDraft,
  effect: (events: string) => Promise<Result>,
): Promise<Result> {
  return await scope.recorder.during(boundary, [draft], effect, { apart: store.appendsEvents !== true })
}

async function requireRole(ports: MemoryPorts, boundary: AgentBoundary, scope: MemoryScope): Promise<void> {
  const least = leastRole[scope]
  if (least === undefined || roleReaches(requireLive(boundary).role, least)) return
  await ports.scope.recorder.note(boundary, {
    event: 'role-insufficient',
    surface: 'memory',
    decision: 'refused',
    reason: `needs-${least}`,
    detail: { scope },
  })
  await ports.scope.recorder.flush(boundary)
  throw new Forbidden('role')
}

async function requireLabel(ports: MemoryPorts, boundary: AgentBoundary, item: object) {
  return await noting(ports, boundary, () => requireOwnLabel(requireLive(boundary), item))
}

// Labels are looked for in the same walk that writes the value: what is checked is what is stored.
function writeValue(value: unknown, maximumBytes: number, inspect: (value: object) => void): string {
  try {
    return writeJson(value, 'value', maximumBytes, inspect)
  } catch (error) {
    throw error instanceof Refusal ? error : new InvalidInput('value', 'a JSON value', { cause: error })
  }
}

function refuseLabelled(value: object): void {
  if (findLabel(value) !== undefined)
    throw new InvalidInput('value', 'plain JSON; keep an item of a run with promote()')
}

function requireOwnLabels(boundary: AgentBoundary, value: object): void {
  if (findLabel(value) !== undefined) requireOwnLabel(requireLive(boundary), value)
}

// A refusal is a decision: it leaves evidence before it is thrown.
async function noting<Result>(ports: MemoryPorts, boundary: AgentBoundary, check: () => Result): Promise<Result> {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const foreign = error instanceof NotFound
    const draft: AuditDraft = foreign
      ? {
          event: 'resource-outside-boundary',
          surface: 'memory',
          decision: 'refused',
          reason: 'item-of-another-boundary',
          blocked: 1,
        }
      : { event: 'input-refused', surface: 'memory', decision: 'refused', reason: error.code.toLowerCase() }
    await ports.scope.recorder.note(boundary, draft)
    await ports.scope.recorder.flush(boundary)
    throw error
  }
}

function requirePlace(key: unknown, options: unknown): { scope: MemoryScope; key: string } {
  return { scope: requireScope(options), key: requireId(key, 'key') }
}

function requirePage(options: unknown) {
  const { after, limit } = ownMembers(options)
  return {
    scope: requireScope(options),
    page: {
      after: after === undefined || after === '' ? '' : requireId(after, 'after'),
      limit: requireLimit(limit),
    },
  }
}

// Own members: a polluted Object.prototype must not move a memory into a scope that nobody named.
function requireScope(options: unknown): MemoryScope {
  const { scope = 'user' } = ownMembers(options)
  if (scope !== 'user' && scope !== 'workspace' && scope !== 'tenant')
    throw new InvalidInput('scope', 'user, workspace or tenant')
  return scope
}

function requireLimit(limit: unknown): number {
  if (limit === undefined) return 100
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1 || limit > maximumPage)
    throw new InvalidInput('limit', `a whole number from 1 to ${maximumPage}`)
  return limit
}

function contentOf(item: object): unknown {
  const { text, value } = ownMembers(item)
  return text === undefined ? value : text
}
