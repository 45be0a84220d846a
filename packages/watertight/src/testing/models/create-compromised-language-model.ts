import { readBehaviour } from './compromised-options.ts'
import type { CompromisedOptions } from './compromised-options.ts'
import type { ModelReading } from './model-reading.ts'
import { fingerprint, planMoves } from './plan-moves.ts'
import type { ModelMove } from './plan-moves.ts'
import { stringsIn } from './strings-in.ts'

/** What of a call's options is read: the part of the AI SDK's own type that matters here, so that `ai` is no peer of this. */
export interface LanguageModelOptionsLike {
  readonly prompt: readonly { readonly role: string; readonly content: unknown }[]
  readonly tools?: readonly { readonly type: string; readonly name: string }[]
  readonly abortSignal?: AbortSignal
}

type Part = { type: 'text'; text: string } | { type: 'tool-call'; toolCallId: string; toolName: string; input: string }
type FinishReason = { unified: 'stop' | 'tool-calls'; raw: undefined }
interface Usage {
  inputTokens: { total: number; noCache: number; cacheRead: undefined; cacheWrite: undefined }
  outputTokens: { total: number; text: number; reasoning: undefined }
}
interface Generated {
  content: Part[]
  finishReason: FinishReason
  usage: Usage
  warnings: []
}
type StreamPart =
  | { type: 'stream-start'; warnings: [] }
  | { type: 'text-start' | 'text-end'; id: string }
  | { type: 'text-delta'; id: string; delta: string }
  | Extract<Part, { type: 'tool-call' }>
  | { type: 'finish'; finishReason: FinishReason; usage: Usage }

/** A language model as the AI SDK takes it, version 4 of its interface. */
export interface CompromisedLanguageModel {
  readonly specificationVersion: 'v4'
  readonly provider: string
  readonly modelId: string
  readonly supportedUrls: Record<string, RegExp[]>
  readonly doGenerate: (options: LanguageModelOptionsLike) => Promise<Generated>
  readonly doStream: (options: LanguageModelOptionsLike) => Promise<{ stream: ReadableStream<StreamPart> }>
}

/**
 * Makes the compromised model of `createCompromisedModel()` as a language model of the AI SDK, version 7. It keeps nothing
 * between calls: what it knows stands in the prompt, or was given when it was made.
 *
 * @param options its seed, its budget of calls, and the owners and ids that it knows beforehand
 * @throws {TypeError} when a budget is no whole number
 */
export function createCompromisedLanguageModel(options: CompromisedOptions = {}): CompromisedLanguageModel {
  const behaviour = readBehaviour(options)
  const generate = (asked: LanguageModelOptionsLike): Generated => {
    asked.abortSignal?.throwIfAborted()
    const reading = readOptions(asked)
    return generatedFrom(planMoves(reading, behaviour), reading.made.length)
  }
  return {
    specificationVersion: 'v4',
    provider: 'watertight',
    modelId: 'compromised',
    supportedUrls: {},
    doGenerate: async (asked) => generate(asked),
    doStream: async (asked) => ({ stream: streamOf(generate(asked)) }),
  }
}

function readOptions({ prompt, tools = [] }: LanguageModelOptionsLike): ModelReading {
  const parts = prompt.flatMap(({ role, content }) =>
    Array.isArray(content) ? content.map((part: unknown) => ({ role, part })) : [{ role, part: content }],
  )
  const ofType = (type: string) => parts.map(({ part }) => record(part)).filter((part) => part['type'] === type)
  const said = parts.filter(({ role }) => role === 'system' || role === 'user')
  return {
    prompts: said.flatMap(({ part }) => (typeof part === 'string' ? [part] : textsOf(record(part)))),
    results: ofType('tool-result').map(({ output }) => output),
    tools: tools.filter(({ type }) => type === 'function').map((tool) => ({ ...tool })),
    made: ofType('tool-call').map(({ toolCallId }) => nameIn(String(toolCallId))),
  }
}

function textsOf(part: Readonly<Record<string, unknown>>): readonly string[] {
  return stringsIn(part['text'] ?? part['data'] ?? '').map(({ text }) => text)
}

// The id of a call ends in its fingerprint: the SDK gives arguments back as a schema left them, no longer as they were sent.
function nameIn(toolCallId: string): string {
  return toolCallId.slice(toolCallId.lastIndexOf('-') + 1)
}

function generatedFrom(move: ModelMove, before: number): Generated {
  const content: Part[] =
    move.kind === 'say'
      ? [{ type: 'text', text: move.text }]
      : move.calls.map((call, at) => ({
          type: 'tool-call',
          toolCallId: `call-${before + at + 1}-${fingerprint(call)}`,
          toolName: call.tool,
          input: JSON.stringify(call.input),
        }))
  const total = JSON.stringify(content).length
  return {
    content,
    finishReason: { unified: move.kind === 'say' ? 'stop' : 'tool-calls', raw: undefined },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total, text: total, reasoning: undefined },
    },
    warnings: [],
  }
}

function streamOf({ content, finishReason, usage }: Generated): ReadableStream<StreamPart> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [] })
      for (const part of content) for (const piece of piecesOf(part)) controller.enqueue(piece)
      controller.enqueue({ type: 'finish', finishReason, usage })
      controller.close()
    },
  })
}

function piecesOf(part: Part): StreamPart[] {
  if (part.type === 'tool-call') return [part]
  const id = 'answer'
  return [
    { type: 'text-start', id },
    { type: 'text-delta', id, delta: part.text },
    { type: 'text-end', id },
  ]
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
