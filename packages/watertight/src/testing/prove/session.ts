import { createCompromisedLanguageModel } from '../models/create-compromised-language-model.ts'
import { createCompromisedModel } from '../models/create-compromised-model.ts'
import type { CompromisedOptions } from '../models/compromised-options.ts'
import { describeError } from './describe-error.ts'
import type { IsolationTarget, Person } from './isolation-target.ts'
import { nameOf } from './journal.ts'
import type { Journal, Sight } from './journal.ts'
import { NewChannels } from './new-channels.ts'
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

/** How a session is held. */
interface SessionOptions {
  /** whether one without an answer, or without anything observed, is a problem; one that attacks may rightly show nothing */
  readonly mustShow?: boolean
  /** whether each message answers for what its own turn brought to the channels alone */
  readonly onlyNew?: boolean
  /** hears of each message before it is put */
  readonly onTurn?: (turn: PlannedTurn) => void
}

/**
 * Opens a session of one person, puts messages to it one after another, and closes it. A step that fails ends the session.
 *
 * @returns what each message brought that was put
 */
export async function holdSession<Caller>(
  proof: Proof<Caller>,
  person: Person,
  turns: readonly PlannedTurn[],
  { mustShow = false, onlyNew = false, onTurn }: SessionOptions = {},
): Promise<readonly Sight[]> {
  const { target, journal } = proof
  const opened = await stepWith(proof, person, 'open', 'open', () => target.open(person))
  if (opened === undefined) return []
  const caller = opened.value
  const channels = new NewChannels()
  const sights: Sight[] = []
  const seen: Seen[] = []
  for (const turn of turns) {
    if (journal.isOver) break
    onTurn?.(turn)
    const brought = await takeTurn(proof, person, caller, turn)
    if (brought === undefined) break
    seen.push({ isAnswered: !isNothing(brought.answer), channels: brought.channels })
    const fresh = onlyNew ? { ...brought, channels: channels.of(brought.channels) } : brought
    sights.push(journal.see(person, turn.prompt, fresh))
  }
  if (onlyNew && seen.length > 1) journal.seeTogether(person, 'observed', seen.at(-1)?.channels)
  if (mustShow) requireShown(proof, `the session of ${nameOf(person)} for ${turns[0]?.prompt ?? ''}`, seen)
  if (target.close !== undefined) await stepWith(proof, person, 'close', 'close', () => target.close?.(caller))
  return sights
}

interface Seen {
  readonly isAnswered: boolean
  readonly channels: unknown
}

function requireShown<Caller>({ target, journal }: Proof<Caller>, step: string, seen: readonly Seen[]): void {
  if (seen.length === 0) return // why is told already
  if (!seen.some(({ isAnswered }) => isAnswered)) journal.problem('answered-nothing', step, 'Every answer was empty.')
  if (target.observed !== undefined && seen.every(({ channels }) => isNothing(channels)))
    journal.problem(
      'observed-nothing',
      step,
      'observed() listed nothing in any channel. Leave it out where an app has none.',
    )
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
  const { value, head, isCut } = said.value
  if (isCut)
    journal.problem(
      'not-looked-at',
      `say of ${nameOf(person)}`,
      `The answer is longer than ${settings.characters} characters.`,
    )
  const observed = await stepWith(proof, person, 'observed', turn.prompt, () => target.observed?.(caller))
  return observed === undefined ? undefined : { answer: value, head, channels: observed.value }
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
