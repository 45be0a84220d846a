import type { Json } from '../../encoding/index.ts'
import { Forbidden, Refusal, ToolFailed } from '../../errors.ts'
import type { ApprovalState } from '../../services/approvals/index.ts'
import { askPerson } from './ask-person.ts'
import { changeOnce } from './change-once.ts'
import { toObservation } from './check-answer.ts'
import { findIds, findMissing, findRecords, refuseMissing } from './find-records.ts'
import { readCall } from './read-call.ts'
import type { Records } from './records.ts'
import { replaceIds } from './replace-ids.ts'
import type { ResourceHit } from './resource-hits.ts'
import { repeat, runOnce } from './run-once.ts'
import { runReading } from './run-reading.ts'
import { guarding, refuse } from './say-no.ts'
import { tellCall } from './tell-call.ts'
import type { Call, Observation, ToolPorts } from './tool-ports.ts'

/**
 * Calls a tool for the model. Each step that says no leaves its evidence before it throws; the tool's code runs only
 * when all have passed, and its answer leaves only when that is durable too. Only refusals leave: what other code threw
 * may hold anything, and whoever reads the message may be the model.
 */
export async function callTool(ports: ToolPorts, name: string, given: unknown, step: string): Promise<Observation> {
  return await onlyRefusing(async () => {
    const call = await readCall(ports, name, given, step)
    return await telling(ports, call, async () => {
      const value = await act(ports, call, await findIds(ports, call))
      return toObservation(call.boundary, call.tool, await withHandles(ports, call, value))
    })
  })
}

// The app's log hears of a call once it has ended, as far as its tool lets it.
async function telling(ports: ToolPorts, call: Call, work: () => Promise<Observation>): Promise<Observation> {
  const started = performance.now()
  try {
    const observation = await work()
    tellCall(ports, call, started, { refused: undefined, result: observation.value })
    return observation
  } catch (error) {
    tellCall(ports, call, started, {
      refused: error instanceof Refusal ? error.code : 'TOOL_FAILED',
      result: undefined,
    })
    throw error
  }
}

/** Asks for a person's consent to a call, without making it. Every check of the call comes first, and the records are found. */
export async function requestApproval(ports: ToolPorts, name: string, given: unknown): Promise<ApprovalState> {
  return await onlyRefusing(async () => {
    const call = await readCall(ports, name, given, '')
    const hits = await findIds(ports, call)
    await permit(ports, call, await requireRecords(ports, call, hits))
    return call.tool.risk === 'sensitive' ? await askPerson(ports, call) : { state: 'not-needed' }
  })
}

async function act(ports: ToolPorts, call: Call, hits: readonly ResourceHit[]) {
  if (call.tool.change !== undefined) {
    // A policy of the app's is not asked while a connection is held: it is told of records that are found once more then.
    if (ports.policy !== undefined) await permit(ports, call, await requireRecords(ports, call, hits))
    return await changeOnce(ports, call, hits)
  }
  const records = await findRecords(ports, call, hits)
  const missing = findMissing(hits, records)
  if (missing.length > 0) return (await repeat(ports, call)) ?? (await missed(ports, call, missing))
  await permit(ports, call, records)
  if (call.tool.risk === 'read') return await runReading(ports, call, records)
  return await runOnce(ports, call, records)
}

async function requireRecords(ports: ToolPorts, call: Call, hits: readonly ResourceHit[]): Promise<Records> {
  const records = await findRecords(ports, call, hits)
  const missing = findMissing(hits, records)
  return missing.length === 0 ? records : await missed(ports, call, missing)
}

async function missed(ports: ToolPorts, call: Call, missing: readonly ResourceHit[]): Promise<never> {
  throw await refuseMissing(ports, call, missing)
}

// The floor has allowed it; the app's policy can only deny. Nothing but `true` allows.
async function permit(ports: ToolPorts, { boundary, tool, input }: Call, records: Records): Promise<void> {
  const { policy } = ports
  if (policy === undefined) return
  const resources = [...records.values()].map(({ type, id }) => ({ type, id }))
  const question = { boundary, tool, resources, input: structuredClone(input) }
  const allowed: unknown = await guarding(ports, boundary, tool, () => policy.decide(question))
  if (allowed === true) return
  const draft = { event: 'policy-denied', surface: 'tools', reason: 'policy', toolIds: [tool.name] } as const
  throw await refuse(ports, boundary, draft, new Forbidden('policy'))
}

// Last, so that what is judged and stored is the answer itself. What `output` does not describe could hold an id, and stays here.
async function withHandles(ports: ToolPorts, { boundary, tool }: Call, value: Json): Promise<Json> {
  const [handles, schema] = [ports.handles?.(boundary), tool.outputSchema]
  if (handles === undefined || schema === undefined) return value
  return await guarding(ports, boundary, tool, () => {
    try {
      return replaceIds(schema, value, (type, id) => handles.seal(type, id))
    } catch (error) {
      throw new TypeError('The answer is not what `output` describes.', { cause: error })
    }
  })
}

async function onlyRefusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Refusal ? error : new ToolFailed()
  }
}
