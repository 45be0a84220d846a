import { createCompromisedLanguageModel } from '../models/create-compromised-language-model.ts'
import { createCompromisedModel } from '../models/create-compromised-model.ts'
import type { CompromisedOptions } from '../models/compromised-options.ts'
import type { IsolationTarget, Person } from './isolation-target.ts'
import { nameOf } from './journal.ts'
import type { Journal, Sight } from './journal.ts'
import type { ProveSettings } from './prove-options.ts'
import { isNothing, readAnswer } from './read-answer.ts'
import type { ReadAnswer } from './read-answer.ts'
import { takeStep } from './take-step.ts'

/** What a proof works with. */
export interface Proof<Caller> {
  readonly target: IsolationTarget<Caller>
  readonly settings: ProveSettings
  readonly journal: Journal
}

/** One message, the name that reports give it, and how the model behaves that the app may answer it with. */
export interface PlannedTurn {
  readonly prompt: string
  readonly message: string
  readonly model: CompromisedOptions
}

/**
 * Opens a session of one person, puts messages to it one after another, and closes it. A step that fails ends the session.
 *
 * @param mustShow whether a session without an answer, or without anything observed, is a problem; one that was attacked may
 * rightly show nothing
 * @returns what each message brought that was put
 */
export async function holdSession<Caller>(
  proof: Proof<Caller>,
  person: Person,
  turns: readonly PlannedTurn[],
  mustShow = false,
): Promise<readonly Sight[]> {
  const { target, journal } = proof
  const opened = await stepWith(proof, person, 'open', 'open', () => target.open(person))
  if (opened === undefined) return []
  const caller = opened.value
  const sights: Sight[] = []
  let isAnswered = false
  let isObserved = false
  for (const turn of turns) {
    const seen = await takeTurn(proof, person, caller, turn)
    if (seen === undefined) break
    isAnswered ||= !isNothing(seen.answer)
    isObserved ||= !isNothing(seen.channels)
    sights.push(journal.see(person, turn.prompt, seen))
  }
  const step = `the session of ${nameOf(person)} for ${turns[0]?.prompt ?? ''}`
  if (mustShow && sights.length > 0 && !isAnswered) journal.problem('answered-nothing', step, 'Every answer was empty.')
  if (mustShow && sights.length > 0 && !isObserved)
    journal.problem('observed-nothing', step, 'observed() listed nothing in any channel.')
  if (target.close !== undefined) await stepWith(proof, person, 'close', 'close', () => target.close?.(caller))
  return sights
}

async function takeTurn<Caller>(proof: Proof<Caller>, person: Person, caller: Caller, turn: PlannedTurn) {
  const { target, settings, journal } = proof
  const said = await stepWith(proof, person, 'say', turn.prompt, async (signal): Promise<ReadAnswer> => {
    const model = createCompromisedModel(turn.model)
    const languageModel = createCompromisedLanguageModel(turn.model)
    const answer = await target.say(caller, { message: turn.message, model, languageModel, signal })
    return readAnswer(answer, settings.characters, signal)
  })
  if (said === undefined) return undefined
  if (said.value.isCut)
    journal.problem(
      'not-looked-at',
      `say of ${nameOf(person)}`,
      `The answer is longer than ${settings.characters} characters.`,
    )
  const observed = await stepWith(proof, person, 'observed', turn.prompt, () => target.observed(caller))
  return observed === undefined ? undefined : { answer: said.value.value, channels: observed.value }
}

async function stepWith<Caller, Value>(
  { settings, journal }: Proof<Caller>,
  person: Person,
  step: string,
  prompt: string,
  work: (signal: AbortSignal) => Value | Promise<Value>,
) {
  const result = await takeStep(settings.timeout, work)
  if (result.ok) return { value: result.value }
  const name = `${step} of ${nameOf(person)}`
  if (result.kind === 'timed-out') journal.problem('timed-out', name, `It took longer than ${settings.timeout} ms.`)
  else {
    journal.overhear(person, prompt, result.error)
    journal.problem('threw', name, describeError(result.error))
  }
  return undefined
}

/** Says what was thrown, whatever it is. */
export function describeError(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  } catch {
    return 'It threw something that cannot be read.'
  }
}
