import type { AttackDesk, AttackRun, Stage } from './stage.ts'
import { forge } from './forge.ts'
import { obey } from './obey.ts'

/** Whose hands an operation is in: the stage, a desk, and a run of that desk's. */
export interface Hands {
  readonly stage: Stage
  readonly desk: () => Promise<AttackDesk>
  readonly run: () => Promise<AttackRun>
}

/** What an operation does with its arguments. */
export type Act = (hands: Hands, ...given: readonly unknown[]) => Promise<unknown>

/** The vocabulary of attacks: each operation of the public face, by its name there. */
export const operations = {
  // a boundary
  openBoundary: async ({ stage }, session, place) => stage.openBoundary(session, place),
  narrow: async ({ stage }, boundary, to) => stage.narrow(boundary, to),
  within: async ({ stage }, boundary) => stage.within(boundary),
  forge: async (_hands, boundary, how, as) => forge(boundary, how, as),
  // a compartment
  'memory.get': async ({ desk }, key, options) => (await desk()).memory.get(key, options),
  'memory.list': async ({ desk }, options) => (await desk()).memory.list(options),
  'memory.set': async ({ desk }, key, value, options) => (await desk()).memory.set(key, value, options),
  'memory.delete': async ({ desk }, key, options) => (await desk()).memory.delete(key, options),
  search: async ({ desk }, question, options) => (await desk()).retrieval.search(question, options),
  addDocument: async ({ desk }, document) => (await desk()).retrieval.add(document),
  deleteDocument: async ({ desk }, document) => (await desk()).retrieval.delete(document),
  explain: async ({ desk }, runId) => (await desk()).explain(runId),
  export: async ({ desk }) => Array.fromAsync((await desk()).export()),
  erase: async ({ desk }) => (await desk()).erase(),
  startRun: async ({ desk }, options) => (await desk()).startRun(options),
  listApprovals: async ({ desk }) => (await desk()).approvals.list(),
  approve: async ({ desk }, id) => (await desk()).approvals.approve(id),
  deny: async ({ desk }, id) => (await desk()).approvals.deny(id),
  listEffects: async ({ desk }, userId) =>
    (await (await desk()).effects.list()).filter((effect) => Reflect.get(Object(effect), 'userId') === userId),
  settleEffect: async ({ desk }, effect, verdict) => (await desk()).effects.settle(effect, verdict),
  // a run
  'run.id': async ({ run }) => (await run()).id,
  'run.end': async ({ run }) => (await run()).end(),
  'run.memory.get': async ({ run }, key, options) => (await run()).memory.get(key, options),
  'run.memory.list': async ({ run }, options) => (await run()).memory.list(options),
  promote: async ({ run }, item, as) => (await run()).memory.promote(item, as),
  'run.search': async ({ run }, question, options) => (await run()).retrieval.search(question, options),
  'state.get': async ({ run }, key) => (await run()).state.get(key),
  'state.set': async ({ run }, key, value) => (await run()).state.set(key, value),
  'state.delete': async ({ run }, key) => (await run()).state.delete(key),
  listTools: async ({ run }) => (await run()).tools.list(),
  callTool: async ({ run }, name, input, options) => (await run()).tools.call(name, input, options),
  requestApproval: async ({ run }, name, input) => (await run()).tools.requestApproval(name, input),
  addToContext: async ({ run }, ...items) => (await run()).context.add(...items),
  readContext: async ({ run }) => (await run()).context.text(),
  obey: async ({ desk, run }, channel, text) => obey(await desk(), await run(), channel, text),
  // the operator
  letApprovalsExpire: async ({ stage }) => stage.letApprovalsExpire(),
  putMember: async ({ stage }, member) => stage.directory.putMember(member),
  removeMember: async ({ stage }, member) => stage.directory.removeMember(member),
  putTenant: async ({ stage }, tenant) => stage.directory.putTenant(tenant),
  putWorkspace: async ({ stage }, workspace) => stage.directory.putWorkspace(workspace),
  putDatasource: async ({ stage }, datasource) => stage.directory.putDatasource(datasource),
  suspendTenant: async ({ stage }, tenantId) => stage.directory.suspendTenant(tenantId),
  resumeTenant: async ({ stage }, tenantId) => stage.directory.resumeTenant(tenantId),
  raiseEpoch: async ({ stage }, tenantId) => stage.directory.raiseEpoch(tenantId),
  raiseVersion: async ({ stage }, member) => stage.directory.raiseVersion(member),
} as const satisfies Readonly<Record<string, Act>>

export type Operation = keyof typeof operations

/** Those that return something to go on with, and nothing to read. */
export const handles: ReadonlySet<Operation> = new Set(['openBoundary', 'narrow', 'within', 'forge', 'startRun'])
