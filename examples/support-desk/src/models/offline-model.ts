import type { LanguageModel } from 'ai'
import { createHash } from 'node:crypto'

import { readPrompt, type Reading } from './read-prompt.ts'

/** The AI SDK's language model, version 4 of its interface. */
export type OfflineModel = Extract<LanguageModel, { readonly specificationVersion: 'v4' }>

/** What a model does next: it calls tools, or it answers and is done. */
export type Decision = { readonly calls: readonly PlannedCall[] } | { readonly text: string }

export interface PlannedCall {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

type Generated = Awaited<ReturnType<OfflineModel['doGenerate']>>
type Streamed = Awaited<ReturnType<OfflineModel['doStream']>>
type StreamPart = Streamed['stream'] extends ReadableStream<infer Part> ? Part : never

/**
 * Makes a language model out of one pure function.
 *
 * Keeps nothing between calls: what a model knows is what stands in the prompt, or what was given when it was made.
 */
export function createOfflineModel(modelId: string, decide: (reading: Reading) => Decision): OfflineModel {
  const generate = (options: Parameters<OfflineModel['doGenerate']>[0]): Generated => {
    options.abortSignal?.throwIfAborted()
    const reading = readPrompt(options)
    return generatedFrom(decide(reading), reading.calls.length)
  }
  return {
    specificationVersion: 'v4',
    provider: 'support-desk',
    modelId,
    supportedUrls: {},
    doGenerate: async (options) => generate(options),
    doStream: async (options) => ({ stream: streamFrom(generate(options)) }),
  }
}

function generatedFrom(decision: Decision, callsBefore: number): Generated {
  const calling = 'calls' in decision
  return {
    content: calling
      ? decision.calls.map((call, index) => toolCall(call, callsBefore + index))
      : [textPart(decision.text)],
    finishReason: { unified: calling ? 'tool-calls' : 'stop', raw: undefined },
    usage: {
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    },
    warnings: [],
  }
}

function textPart(text: string): { type: 'text'; text: string } {
  return { type: 'text', text }
}

function toolCall(call: PlannedCall, index: number) {
  return {
    type: 'tool-call',
    // The fingerprint tells a model later what it has tried: the SDK hands inputs back as the schema left them.
    toolCallId: `call-${index + 1}-${fingerprint(call)}`,
    toolName: call.tool,
    input: JSON.stringify(call.input),
  } as const
}

/** Names a planned call by what it says; ends the id of the call that was made of it. */
export function fingerprint({ tool, input }: PlannedCall): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, input]))
    .digest('hex')
    .slice(0, 16)
}

function streamFrom({ content, finishReason, usage }: Generated): ReadableStream<StreamPart> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [] })
      for (const part of content) for (const piece of piecesOf(part)) controller.enqueue(piece)
      controller.enqueue({ type: 'finish', finishReason, usage })
      controller.close()
    },
  })
}

function piecesOf(part: Generated['content'][number]): StreamPart[] {
  if (part.type === 'tool-call') return [part]
  if (part.type !== 'text') return [] // no other kind is ever made above
  const id = 'answer'
  return [
    { type: 'text-start', id },
    { type: 'text-delta', id, delta: part.text },
    { type: 'text-end', id },
  ]
}
