import { describe, expect, test } from 'vitest'

import { readPrompt } from './read-prompt.ts'

const toolCall = (toolCallId: string) =>
  ({ type: 'tool-call', toolCallId, toolName: 'recall', input: { key: 'a' } }) as const

describe('reading of a prompt', () => {
  test('should tell the question from its context', () => {
    const { question, context } = readPrompt({
      prompt: [
        { role: 'system', content: 'Be kind.\n\nBe brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Memory: red.\n\nWhich colour?' }] },
      ],
    })
    expect(question).toBe('Which colour?')
    expect(context).toEqual(['Be kind.', 'Be brief.', 'Memory: red.'])
  })

  test('should know the arguments of each tool', () => {
    const { tools } = readPrompt({
      prompt: [],
      tools: [
        {
          type: 'function',
          name: 'update',
          inputSchema: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
              status: { type: 'string', enum: ['open', 'closed'] },
              count: { type: 'number' },
              parts: { type: 'array', items: { type: 'string' } },
            },
            required: ['id'],
          },
        },
      ],
    })
    expect(tools).toEqual([
      {
        name: 'update',
        texts: ['id', 'note'],
        lists: ['parts'],
        choices: { status: ['open', 'closed'] },
        required: ['id'],
      },
    ])
  })

  test.each([
    ['an error', { type: 'error-text', value: 'no' } as const, true],
    ['a denial', { type: 'execution-denied', reason: 'no' } as const, true],
    ['a refusal in words of the tool', { type: 'json', value: { error: 'no' } } as const, true],
    ['a result', { type: 'json', value: { value: 'red' } } as const, false],
  ])('should take %s for what it is', (_kind, output, refused) => {
    const { calls } = readPrompt({
      prompt: [
        { role: 'assistant', content: [toolCall('call-1')] },
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'call-1', toolName: 'recall', output }] },
      ],
    })
    expect(calls).toMatchObject([{ id: 'call-1', tool: 'recall', input: { key: 'a' }, refused }])
  })

  test('should count a call without any result as refused', () => {
    expect(readPrompt({ prompt: [{ role: 'assistant', content: [toolCall('call-1')] }] }).calls[0]?.refused).toBe(true)
  })
})
