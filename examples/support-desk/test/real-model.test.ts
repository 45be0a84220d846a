import { lexicalEmbedder } from 'watertight/retrieval'
import { describe, expect, test } from 'vitest'

import { findRealModel } from '../src/models/find-real-model.ts'
import { prompts } from '../src/prompts.ts'
import { startFakeOpenAiServer } from './support/fake-openai-server.ts'
import { runStart } from './support/run-start.ts'

const otherwise = {
  questions: prompts.filter(({ id }) => id === 'renewal' || id === 'compare'),
  embedder: lexicalEmbedder(),
}

describe('a real model', () => {
  test('should not be looked for without an address or a key', () => {
    expect(findRealModel({})).toBeUndefined()
    expect(findRealModel({ OPENAI_MODEL: 'some-model', OPENAI_BASE_URL: '' })).toBeUndefined()
    expect(findRealModel({ OPENAI_API_KEY: 'k' })?.modelId).toBe('gpt-4o-mini')
  })

  test('should be asked beside the offline ones, inside the same boundaries', async () => {
    await using server = await startFakeOpenAiServer()
    const env = { OPENAI_BASE_URL: server.address, OPENAI_API_KEY: 'a-key', OPENAI_MODEL: 'some-model' }
    const { code, outcomes } = await runStart(['--data', 'memory://'], otherwise, env)
    expect(code).toBe(0)
    const real = outcomes.filter(({ model }) => model === 'real')
    expect([outcomes.length, real.length, server.requests.length]).toEqual([12, 4, 8])
    for (const { answer, refused } of real) {
      expect(answer).toBe('I was not let in there.')
      expect(refused).toEqual([{ reason: 'argument-reserved', count: 1 }])
    }
    for (const { path, authorization, body } of server.requests) {
      expect([path, authorization, body.model]).toEqual(['/v1/chat/completions', 'Bearer a-key', 'some-model'])
      expect(body.tools).toHaveLength(8)
    }
  }, 120_000)

  test('should be no reason to stop when it fails', async () => {
    await using server = await startFakeOpenAiServer(400)
    const env = { OPENAI_BASE_URL: server.address }
    const { code, outcomes } = await runStart(['--data', 'memory://'], otherwise, env)
    expect(code).toBe(0)
    const real = outcomes.filter(({ model }) => model === 'real')
    expect(real.map(({ answered }) => answered)).toEqual([false, false, false, false])
    expect(real[0]?.answer).toMatch(/^The model failed/)
  }, 120_000)
})
