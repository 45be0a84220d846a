import type { AuditDraft } from '../../audit/index.ts'
import type { AgentBoundary } from '../../boundary/index.ts'
import type { Json } from '../../encoding/index.ts'
import { EffectUnsettled } from '../../errors.ts'
import { digestOf } from '../../services/effects/index.ts'
import type { EffectCall } from '../../services/effects/index.ts'
import { refuseUnapproved } from './ask-person.ts'
import { createContext } from './call-context.ts'
import { createCallLife } from './call-life.ts'
import { countForeignRows, readOutput, withhold } from './check-answer.ts'
import { NothingDone } from './define-tool.ts'
import type { Lookup } from './define-tool.ts'
import type { Records } from './records.ts'
import { answeredDraft, calledDraft } from './run-reading.ts'
import { failed, guarding, inTime, refuse } from './say-no.ts'
import type { Call, ToolPorts } from './tool-ports.ts'

/** The row of the ledger that a call stands for. */
export function effectOf(ports: ToolPorts, { tool, input, key }: Call): EffectCall {
  const digest = tool.risk === 'sensitive' ? digestOf(tool.name, input) : undefined
  return { runId: ports.scope.run.id, toolId: tool.name, key, digest }
}

/**
 * Runs a tool whose effect lies where no transaction of ours reaches. That it begins is committed before it does, with the
 * evidence; what became of it after. A try that finds it made gets its answer, and one that cannot know does nothing.
 */
export async function runOnce(ports: ToolPorts, before: Call, records: Records): Promise<Json> {
  const { scope, effects, timeLimit } = ports
  // The authority is read again: what was resolved above took time, and this is the moment of the effect.
  const call = { ...before, boundary: await scope.live() }
  const effect = effectOf(ports, call)
  const called = [calledDraft(call, [...records.values()])]
  const patience = call.tool.timeLimit ?? timeLimit
  const begun = await effects.begin(call.boundary, scope.recorder, effect, called, patience)
  if (begun.outcome === 'begun') return await runHeld(ports, call, records, begun.holder)
  if (begun.outcome === 'done') return await handOn(ports, call, begun.value)
  if (begun.outcome === 'unapproved') throw await refuseUnapproved(ports, call)
  if (begun.outcome === 'underway') throw await refuseUnsettled(ports, call, 'underway')
  return await lookUp(ports, call, records, begun.attempt)
}

/** The stored answer of a call that was made before, if it was: also where its own effect has taken away what it names. */
export async function repeat(ports: ToolPorts, call: Call): Promise<Json | undefined> {
  if (call.tool.risk === 'read') return undefined
  const done = await ports.effects.findDone(call.boundary, effectOf(ports, call))
  return done === undefined ? undefined : await handOn(ports, call, done.value)
}

/** Hands on a stored answer, once it was judged like every other. */
export async function handOn(ports: ToolPorts, call: Call, value: Json | undefined): Promise<Json> {
  if (value === undefined) throw await refuseUnsettled(ports, call, 'made')
  const { boundary, tool } = call
  const foreign = await guarding(ports, boundary, tool, () => countForeignRows(boundary, tool, value))
  if (foreign > 0) throw await withhold(ports, boundary, tool, foreign)
  const draft: AuditDraft = {
    event: 'effect-repeated',
    surface: 'tools',
    toolIds: [tool.name],
    detail: { effect: call.key },
  }
  await ports.scope.recorder.note(boundary, draft)
  await ports.scope.recorder.flush(boundary)
  return value
}

export async function refuseUnsettled(
  ports: ToolPorts,
  { boundary, tool, key }: Call,
  reason: EffectUnsettled['reason'],
): Promise<EffectUnsettled> {
  const detail = { effect: key }
  const draft: AuditDraft = { event: 'effect-unsettled', surface: 'tools', reason, toolIds: [tool.name], detail }
  return await refuse(ports, boundary, draft, new EffectUnsettled(reason))
}

// Held until the ledger has what became of it: a holder whose lease ran out while it waited to say so would be taken for dead.
async function runHeld(ports: ToolPorts, call: Call, records: Records, holder: string): Promise<Json> {
  const live = () => ports.scope.live()
  return await ports.effects.holding(live, effectOf(ports, call), holder, () =>
    runAndTell(ports, call, records, holder),
  )
}

async function runAndTell(ports: ToolPorts, call: Call, records: Records, holder: string): Promise<Json> {
  const { scope, effects } = ports
  const { boundary, tool, parsed } = call
  const life = createCallLife(tool.name, scope.run)
  const run = (signal: AbortSignal) =>
    life.during(() => tool.run?.(parsed, createContext(ports, call, records, life, signal)))
  try {
    return await finish(ports, call, holder, await inTime(ports, tool, run, life))
  } catch (error) {
    if (error instanceof Finished) throw error.refusal
    // What was thrown does not say whether the effect was made: nobody tries it again blindly.
    await effects.finish(boundary, scope.recorder, effectOf(ports, call), holder, { state: 'unknown' }, [])
    if (error instanceof NothingDone) await forget(ports, boundary, effectOf(ports, call), holder)
    throw await failed(ports, boundary, tool, error, life)
  }
}

// Carries a refusal past the doubt whether the effect was made: it was.
class Finished extends Error {
  readonly refusal: unknown

  constructor(refusal: unknown) {
    super('finished')
    this.refusal = refusal
  }
}

// The effect was made, whatever its answer is worth: an answer that may not leave is not stored either.
async function finish(ports: ToolPorts, call: Call, holder: string, output: unknown): Promise<Json> {
  const { scope, effects, maximumOutputBytes } = ports
  const { boundary, tool } = call
  const effect = effectOf(ports, call)
  try {
    const value = await guarding(ports, boundary, tool, () => readOutput(output, maximumOutputBytes))
    const foreign = await guarding(ports, boundary, tool, () => countForeignRows(boundary, tool, value))
    if (foreign > 0) throw await withhold(ports, boundary, tool, foreign)
    await effects.finish(boundary, scope.recorder, effect, holder, { state: 'done', answer: value }, [
      answeredDraft(call),
    ])
    return value
  } catch (error) {
    await effects.finish(boundary, scope.recorder, effect, holder, { state: 'done' }, []).catch(() => undefined)
    throw new Finished(error)
  }
}

// Of this try alone: another one may have begun since it was over.
async function forget(ports: ToolPorts, boundary: AgentBoundary, effect: EffectCall, attempt: string): Promise<void> {
  await ports.effects.settle(boundary, ports.scope.recorder, { ...effect, attempt }, 'absent', [
    settledDraft(effect, 'nothing-done'),
  ])
}

function settledDraft({ toolId, key }: EffectCall, reason: string): AuditDraft {
  return { event: 'effect-settled', surface: 'tools', reason, toolIds: [toolId], detail: { effect: key } }
}

// Nobody can say, so the tool looks at the other side; without such a look a person is asked, and until then nothing is done.
async function lookUp(ports: ToolPorts, call: Call, records: Records, attempt: string | undefined): Promise<Json> {
  const { scope, effects } = ports
  const { boundary, tool, parsed } = call
  const effect = effectOf(ports, call)
  const life = createCallLife(tool.name, scope.run)
  const found: Lookup<unknown> = await guarding(
    ports,
    boundary,
    tool,
    (signal) => life.during(() => tool.lookup?.(parsed, createContext(ports, call, records, life, signal))),
    life,
  )
  if (found !== 'absent' && (typeof found !== 'object' || found === null || !('answer' in found)))
    throw await refuseUnsettled(ports, call, 'unknown')
  const drafts =
    found === 'absent'
      ? [settledDraft(effect, 'absent'), calledDraft(call, [...records.values()])]
      : [settledDraft(effect, 'done')]
  const holder = await effects.beginAgain(boundary, scope.recorder, effect, attempt, drafts)
  if (holder === undefined) return await runOnce(ports, call, records) // another try was faster: its answer is this one's
  if (found === 'absent') return await runHeld(ports, call, records, holder)
  try {
    return await effects.holding(
      () => scope.live(),
      effect,
      holder,
      () => finish(ports, call, holder, found.answer),
    )
  } catch (error) {
    throw error instanceof Finished ? error.refusal : error
  }
}
