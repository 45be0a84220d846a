import type { LanguageModel } from 'ai'

/** The AI SDK's language model, version 4 of its interface. */
type ModelV4 = Extract<LanguageModel, { readonly specificationVersion: 'v4' }>
type Options = Parameters<ModelV4['doGenerate']>[0]
type Generated = Awaited<ReturnType<ModelV4['doGenerate']>>
type StreamPart = Awaited<ReturnType<ModelV4['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never

/** One step of a script: a tool call with its arguments as the model writes them, or the last words. */
export type Step = { readonly tool: string; readonly input: unknown } | { readonly text: string }

/** A model that follows a script, and what it was shown at each step. */
export interface ScriptedModel {
  readonly model: ModelV4
  readonly seen: readonly Options[]
}

/** @param steps in order; after the last it answers `done` */
export function scriptedModel(steps: readonly Step[]): ScriptedModel {
  const seen: Options[] = []
  const next = (options: Options): Generated => {
    const step = steps[seen.length] ?? { text: 'done' }
    seen.push(options)
    const calling = 'tool' in step
    return {
      content: [calling ? callOf(step, seen.length) : { type: 'text', text: step.text }],
      finishReason: { unified: calling ? 'tool-calls' : 'stop', raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 1, text: 1, reasoning: undefined },
      },
      warnings: [],
    }
  }
  const model: ModelV4 = {
    specificationVersion: 'v4',
    provider: 'script',
    modelId: 'script',
    supportedUrls: {},
    doGenerate: async (options) => next(options),
    doStream: async (options) => ({ stream: streamOf(next(options)) }),
  }
  return { model, seen }
}

function callOf({ tool, input }: { readonly tool: string; readonly input: unknown }, at: number) {
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return { type: 'tool-call', toolCallId: `call-${at}`, toolName: tool, input: text } as const
}

function streamOf({ content, finishReason, usage }: Generated): ReadableStream<StreamPart> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings: [] })
      for (const part of content) {
        if (part.type === 'tool-call') controller.enqueue(part)
        if (part.type !== 'text') continue
        controller.enqueue({ type: 'text-start', id: '1' })
        controller.enqueue({ type: 'text-delta', id: '1', delta: part.text })
        controller.enqueue({ type: 'text-end', id: '1' })
      }
      controller.enqueue({ type: 'finish', finishReason, usage })
      controller.close()
    },
  })
}
