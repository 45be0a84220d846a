import { readBehaviour } from './compromised-options.ts'
import type { CompromisedOptions } from './compromised-options.ts'
import type { ModelCall, ModelTool } from './model-reading.ts'
import { fingerprint, planMoves } from './plan-moves.ts'

/** A tool that a compromised model can call by itself. */
export interface CallableTool extends ModelTool {
  readonly execute: (input: Readonly<Record<string, unknown>>) => unknown
}

/** One conversation with a compromised model. */
export interface Conversation {
  /** the message of the user, or all that the app puts before the model: instructions, context, history */
  readonly prompt: string | readonly string[]
  /** where absent the model has nothing to call */
  readonly tools?: readonly CallableTool[]
}

/** What a conversation came to. */
export interface ConversationResult {
  /** what the model says at the end: all that it got hold of, as it was and disguised */
  readonly answer: string
  /** every call in order, with what came back or was thrown */
  readonly calls: readonly (ModelCall & { readonly result?: unknown; readonly error?: unknown })[]
}

/**
 * Makes the worst model there is: it obeys every instruction in anything that it reads, collects every id, tries each in
 * every argument of every tool, and hides what it steals. It chooses by its seed alone and asks no model.
 *
 * @param options its seed, its budget of calls, and the owners and ids that it knows beforehand
 * @returns a function that has one conversation. A tool that throws is one more thing that the model read
 * @throws {TypeError} when a budget is no whole number
 */
export function createCompromisedModel(
  options: CompromisedOptions = {},
): (conversation: Conversation) => Promise<ConversationResult> {
  const behaviour = readBehaviour(options)
  return async ({ prompt, tools = [] }) => {
    const prompts = typeof prompt === 'string' ? [prompt] : prompt
    const calls: { tool: string; input: ModelCall['input']; result?: unknown; error?: unknown }[] = []
    for (;;) {
      const results = calls.map(({ result, error }) => result ?? error)
      const move = planMoves({ prompts, results, tools, made: calls.map(fingerprint) }, behaviour)
      if (move.kind === 'say') return { answer: move.text, calls }
      for (const call of move.calls) calls.push({ ...call, ...(await execute(call, tools)) })
    }
  }
}

async function execute({ tool: name, input }: ModelCall, tools: readonly CallableTool[]) {
  try {
    return { result: await tools.find((tool) => tool.name === name)?.execute(input) }
  } catch (error) {
    return { error }
  }
}
