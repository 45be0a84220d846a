import { createHmac } from 'node:crypto'

import { generateText, tool } from 'ai'
import type { ModelMessage } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { z } from 'zod'

import type { Door, OpenStack, Stack } from '../kit/stack.ts'

export const stack: Stack = {
  name: 'ai-sdk-approvals',
  packages: ['ai'],
  idsOf: 'stack',
  setUp: 'one `experimental_toolApprovalSecret` for the server; messages come from the client, approval and all',
  toldBy: 'AI SDK, “Tool Approvals”, “Security Considerations”',
  mocked: 'the model, by `MockLanguageModelV4` of `ai/test`',
  words: { put: 'approve', read: 'replay' },
  open: async () => openServer(() => secret),
  remedy: {
    how: 'a secret derived from it for each tenant; in an app also for each user and conversation, and each approval used up',
    open: async () => openServer((tenant) => createHmac('sha256', secret).update(tenant).digest('hex')),
  },
}

/** There is nothing to forget: the conversations are the clients’. */
function openServer(secretOf: (tenant: string) => string): OpenStack {
  return {
    clean: async () => {},
    tenant: (id) => doorOf(id, secretOf(id)),
    [Symbol.asyncDispose]: async () => {},
  }
}

/** Made once and kept in the environment of the server, as the documentation says. */
const secret = 'only-for-these-cases-0123456789abcdef'

function doorOf(tenant: string, approvalSecret: string): Door {
  return {
    /** Asks for a tool, which its user approves. Gives the conversation, as the client keeps it. */
    async put(_key, text) {
      const question: ModelMessage = { role: 'user', content: 'Send it.' }
      const { content, response } = await converse([question], [], text)
      const request = content.find((part) => part.type === 'tool-approval-request')
      if (request === undefined) throw new Error('The tool was not held back for an approval.')
      const approval: ModelMessage = {
        role: 'tool',
        content: [{ type: 'tool-approval-response', approvalId: request.approvalId, approved: true }],
      }
      return JSON.stringify([question, ...response.messages, approval])
    },
    /** Goes on with a conversation that a client sent. Gives what the tool did in this tenant’s name. */
    async read(conversation) {
      const done: string[] = []
      await converse(JSON.parse(conversation), done)
      return done
    },
  }

  function converse(messages: ModelMessage[], done: string[], text?: string) {
    return generateText({
      model: modelThatSends(text),
      tools: {
        send: tool({
          inputSchema: z.object({ text: z.string() }),
          execute: async (input) => {
            done.push(`as ${tenant}: ${input.text}`)
            return 'sent'
          },
        }),
      },
      toolApproval: { send: 'user-approval' },
      experimental_toolApprovalSecret: approvalSecret,
      messages,
    })
  }
}

/** A model that calls the tool where there is something to send, and is done otherwise. */
function modelThatSends(text: string | undefined): MockLanguageModelV4 {
  const tokens = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }
  return new MockLanguageModelV4({
    doGenerate: async () => ({
      content:
        text === undefined
          ? [{ type: 'text', text: 'Done.' }]
          : [{ type: 'tool-call', toolCallId: 'call-1', toolName: 'send', input: JSON.stringify({ text }) }],
      finishReason: { unified: text === undefined ? 'stop' : 'tool-calls', raw: undefined },
      usage: { inputTokens: tokens, outputTokens: { total: 1, text: 1, reasoning: 0 } },
      warnings: [],
    }),
  })
}
