import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

import type { Model } from './overhear.ts'

/**
 * Finds a real model where the environment names one: any server that speaks as OpenAI's does, Ollama too.
 *
 * @param environment `OPENAI_BASE_URL` (OpenAI's own where absent), `OPENAI_API_KEY`, `OPENAI_MODEL`
 * @returns `undefined` where neither address nor key is set
 */
export function findRealModel(environment: NodeJS.ProcessEnv): Model | undefined {
  const { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: apiKey, OPENAI_MODEL: model } = environment
  if (!baseURL && !apiKey) return undefined
  const provider = createOpenAICompatible({
    name: 'real',
    baseURL: baseURL || 'https://api.openai.com/v1',
    ...(apiKey ? { apiKey } : {}),
  })
  return provider.chatModel(model || 'gpt-4o-mini')
}
