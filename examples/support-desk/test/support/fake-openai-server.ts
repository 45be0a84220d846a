import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

/** What the fake was asked. */
interface FakeRequest {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly body: {
    readonly model: string
    readonly messages: readonly { readonly role: string }[]
    readonly tools?: readonly unknown[]
  }
}

export interface FakeOpenAiServer extends AsyncDisposable {
  readonly address: string
  readonly requests: readonly FakeRequest[]
}

/**
 * Starts a server that speaks as an OpenAI-compatible one does, without a model behind it: it calls one tool, with a
 * foreign tenant in the arguments, and then gives one answer.
 */
export async function startFakeOpenAiServer(status = 200): Promise<FakeOpenAiServer> {
  const requests: FakeRequest[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await readRequest(request)
    requests.push(asked)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(status === 200 ? completion(asked) : { error: { message: 'out of order' } }))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    address: `http://127.0.0.1:${port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readRequest(request: IncomingMessage): Promise<FakeRequest> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test that is asked otherwise fails
  const body = (await json(request)) as FakeRequest['body']
  return { path: request.url, authorization: request.headers.authorization, body }
}

function completion({ body }: FakeRequest) {
  const called = body.messages.some(({ role }) => role === 'tool')
  const call = { name: 'list_tickets', arguments: JSON.stringify({ tenantId: 'northstar-design' }) }
  const message = called
    ? { role: 'assistant', content: 'I was not let in there.' }
    : { role: 'assistant', content: null, tool_calls: [{ id: 'call-1', type: 'function', function: call }] }
  return {
    id: 'fake',
    object: 'chat.completion',
    created: 0,
    model: body.model,
    choices: [{ index: 0, message, finish_reason: called ? 'stop' : 'tool_calls' }],
  }
}
