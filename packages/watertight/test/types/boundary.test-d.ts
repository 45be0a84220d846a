import { describe, expectTypeOf, test } from 'vitest'

import { Authority, labelItem, requireOwnLabel } from '../../src/boundary/index.ts'
import { assertInBoundary, narrow } from '../../src/index.ts'
import type * as library from '../../src/index.ts'
import type { AgentBoundary, AuditSink, Grant, Place, Principal, Transaction, Watertight } from '../../src/index.ts'
import type { Store } from '../../src/store/index.ts'
import type { MemoryStore } from '../../src/surfaces/memory/index.ts'

declare const boundary: AgentBoundary
declare const principal: Principal
declare const watertight: Watertight<null, readonly []>
declare const store: Store
declare const sink: AuditSink
declare const memories: MemoryStore

/** What looks like a boundary: every member, none of the proof. */
declare const members: { [Name in keyof AgentBoundary]: AgentBoundary[Name] }

describe('what looks like a boundary', () => {
  test('should not be one by type, whatever members it has', () => {
    expectTypeOf<typeof members>().not.toExtend<AgentBoundary>()
    expectTypeOf<{ tenantId: string; workspaceId: string; userId: string }>().not.toExtend<AgentBoundary>()
    expectTypeOf<string>().not.toExtend<AgentBoundary>()
    expectTypeOf<undefined>().not.toExtend<AgentBoundary>()
    expectTypeOf<Principal>().not.toExtend<AgentBoundary>()
    expectTypeOf<Grant>().not.toExtend<AgentBoundary>()
  })

  test('should not be made by its type: the class is exported as a type alone', () => {
    expectTypeOf<keyof typeof library>().exclude<string>().toBeNever()
    expectTypeOf<'AgentBoundary' extends keyof typeof library ? true : false>().toEqualTypeOf<false>()
    expectTypeOf<'Principal' extends keyof typeof library ? true : false>().toEqualTypeOf<false>()
  })

  test('should not be written to', () => {
    // @ts-expect-error -- read-only
    expectTypeOf(() => (boundary.tenantId = 'acme-eu')).toBeFunction()
    // @ts-expect-error -- read-only
    expectTypeOf(() => boundary.allowedToolIds.push('everything')).toBeFunction()
  })
})

// A function that reaches data asks for a boundary first. Each line below would compile if that were taken away.
describe('every function that reaches data', () => {
  test('should not compile without a boundary: the public face', () => {
    // @ts-expect-error -- no boundary
    expectTypeOf(() => watertight.within()).toBeFunction()
    // @ts-expect-error -- undefined is no boundary
    expectTypeOf(() => watertight.within(undefined)).toBeFunction()
    // @ts-expect-error -- ids are no boundary
    expectTypeOf(() => watertight.within({ tenantId: 'acme', workspaceId: 'support' })).toBeFunction()
    // @ts-expect-error -- members are no boundary
    expectTypeOf(() => watertight.within(members)).toBeFunction()
    // @ts-expect-error -- a principal is no boundary
    expectTypeOf(() => watertight.within(principal)).toBeFunction()
    // @ts-expect-error -- a promise of a boundary is no boundary
    expectTypeOf(() => watertight.within(watertight.boundary(principal, { workspaceId: 'support' }))).toBeFunction()
    expectTypeOf(watertight.within).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(narrow).parameter(0).toEqualTypeOf<AgentBoundary>()
    // @ts-expect-error -- members are no boundary
    expectTypeOf(() => narrow(members, {})).toBeFunction()
    // @ts-expect-error -- members are no boundary
    expectTypeOf(() => assertInBoundary(members, { tenantId: 'acme', workspaceId: 'support' })).toBeFunction()
  })

  test('should not compile without a boundary: the store, the log and the ports', () => {
    expectTypeOf(store.transact).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(store.call).parameter(0).toEqualTypeOf<AgentBoundary>()
    // @ts-expect-error -- members are no boundary
    expectTypeOf(() => store.call(members, 'memory_get_user', [])).toBeFunction()
    // @ts-expect-error -- no boundary
    expectTypeOf(() => store.transact(async (transaction: Transaction) => transaction)).toBeFunction()
    expectTypeOf(sink.append).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(sink.ofRun).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(memories.get).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(memories.list).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(memories.set).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(memories.delete).parameter(0).toEqualTypeOf<AgentBoundary>()
    expectTypeOf(labelItem).parameter(0).toEqualTypeOf<AgentBoundary>()
    // @ts-expect-error -- members are no state of a boundary
    expectTypeOf(() => requireOwnLabel(members, {})).toBeFunction()
  })

  test('should get a boundary from a principal and a place alone', () => {
    expectTypeOf(watertight.boundary).parameters.toEqualTypeOf<[Principal, Place]>()
    expectTypeOf(watertight.boundary).returns.resolves.toEqualTypeOf<AgentBoundary>()
    // @ts-expect-error -- claims are no principal
    expectTypeOf(() => watertight.boundary({ tenantId: 'acme' }, { workspaceId: 'support' })).toBeFunction()
    // @ts-expect-error -- the place names no tenant
    expectTypeOf(() => watertight.boundary(principal, { workspaceId: 'support', tenantId: 'acme' })).toBeFunction()
    // @ts-expect-error -- another deployment's authority is no principal
    expectTypeOf(() => watertight.boundary(new Authority(), { workspaceId: 'support' })).toBeFunction()
  })
})

test('a narrowing should name what it keeps, and nothing that is undefined', () => {
  expectTypeOf(narrow(boundary, { tools: [] })).toEqualTypeOf<AgentBoundary>()
  // @ts-expect-error -- a missing setting must not mean "as before"
  expectTypeOf(() => narrow(boundary, { tools: undefined })).toBeFunction()
  // @ts-expect-error -- a boundary has no tool of that name to narrow
  expectTypeOf(() => narrow(boundary, { tenantId: 'acme' })).toBeFunction()
})
