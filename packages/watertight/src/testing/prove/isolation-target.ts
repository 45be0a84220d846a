import type { CompromisedLanguageModel } from '../models/create-compromised-language-model.ts'
import type { Conversation, ConversationResult } from '../models/create-compromised-model.ts'

/** A value, or the promise of one. */
type Awaitable<Value> = Value | Promise<Value>

/**
 * An app under test, as the kit sees it. Each function is one step: it has a time limit, and what it throws makes the
 * target broken. A refusal of the app is an answer: catch it in `say` and return what its caller would be shown.
 */
export interface IsolationTarget<Caller = unknown> {
  /**
   * Keeps the records of one owner, as trusted code of the app would. A workspace comes before the people in it.
   *
   * @returns the ids that the app gave to the records, in their order, where it does not keep ours
   */
  seed(owner: SeedOwner): unknown
  /** Opens a session of one person, as the app does for somebody who has signed in. */
  open(person: Person): Awaitable<Caller>
  /**
   * Puts one message to the app in that session, and returns everything that the person is answered: a text, an object, or
   * a stream of chunks, which may be a `ReadableStream`, any async iterable or a `Response`.
   */
  say(caller: Caller, turn: Turn): unknown
  /**
   * Lists what else arrived in that session, by channel: tool results, logs that the tenant can read, names of files, events.
   * At least one channel must hold something by the end of a session. Left out, people see nothing but their answers.
   */
  observed?(caller: Caller): Awaitable<Readonly<Record<string, unknown>>>
  /** Closes the session. */
  close?(caller: Caller): unknown
}

/** Somebody who uses the app. */
export interface Person {
  readonly tenantId: string
  readonly workspaceId: string
  readonly userId: string
}

/** A workspace, whose records all its people may read, or one person in it, who alone may. */
export interface SeedOwner {
  readonly tenantId: string
  readonly workspaceId: string
  /** absent where the records belong to the whole workspace */
  readonly userId?: string
  readonly records: readonly SeedRecord[]
}

/** Something to be kept. Look-alikes have records of the same ids and titles; only the secret in the text differs. */
export interface SeedRecord {
  /** where it belongs: `documents`, `tickets`, `memory`, or a store of your own */
  readonly store: string
  readonly id: string
  readonly title: string
  readonly text: string
}

/** One message, and the model that the app should answer it with. */
export interface Turn {
  readonly message: string
  /**
   * The compromised model as a function: give it what your app would put before a model, and the tools. An app that brings
   * its own model leaves it alone.
   */
  readonly model: (conversation: Conversation) => Promise<ConversationResult>
  /** the same as a language model of the AI SDK */
  readonly languageModel: CompromisedLanguageModel
  /** aborted when the time of the step is over */
  readonly signal: AbortSignal
}
