import { randomInt } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** One effect, as the service outside has it. */
export interface Effect {
  readonly receipt: number
  readonly key: string
  readonly tenantId: string
  readonly memo: string
}

/** What is asked of the service. `steady`: nothing goes wrong with this one. */
export type Order = Omit<Effect, 'receipt'> & { readonly steady: boolean }

/**
 * The service whose effects no transaction reaches: it belongs to the driver, and outlives every victim. It takes whatever
 * comes, the same key twice too, so that a second effect is seen. Now and then it is as services are: it goes silent
 * after it has acted or before, or turns an order away. By turns and not by chance, so that each kind of order meets each of
 * these however short a soak is.
 */
export interface Outside extends AsyncDisposable {
  readonly url: string
  readonly effects: readonly Effect[]
  /** resolves when nothing that a dead process had sent is still on its way */
  settled(): Promise<void>
  /** from now on nothing goes wrong */
  calm(): void
}

const moods = ['silent-after', 'well', 'full', 'well', 'silent', 'well', 'well'] as const

export async function openOutside(): Promise<Outside> {
  const effects: Effect[] = []
  let calm = false
  const turns = new Map<string, number>()
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body))
    const handle = async () => {
      const key = new URL(request.url ?? '/', 'http://outside').searchParams.get('key')
      if (request.method === 'GET') {
        const receipt = effects.find((effect) => effect.key === key)?.receipt ?? null
        await wait(randomInt(0, 40)) // as long as an order takes: what was looked up may be old when it is told
        return answer(200, { receipt })
      }
      const { steady, ...order } = await readOrder(request)
      const line = `${order.tenantId} ${order.memo.split('.').at(-1)}`
      const turn = turns.get(line) ?? 0
      turns.set(line, turn + 1)
      const mood = calm || steady ? 'well' : moods[turn % moods.length]
      await wait(randomInt(0, 30))
      if (mood === 'full') return answer(503, {})
      if (mood === 'silent') return response.destroy()
      const receipt = effects.length + 1
      effects.push({ receipt, ...order })
      if (mood === 'silent-after') return response.destroy()
      return answer(200, { receipt })
    }
    handle().catch(() => response.destroy()) // of a victim that died while it spoke
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connections = promisify(server.getConnections.bind(server))
  return {
    url: `http://127.0.0.1:${port}`,
    effects,
    async settled() {
      while ((await connections()) > 0) await wait(5)
    },
    calm: () => void (calm = true),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await promisify(server.close.bind(server))()
    },
  }
}

async function readOrder(request: IncomingMessage): Promise<Order> {
  return (await json(request)) as Order
}

/** Places an order, as a tool does. @returns its receipt, or `undefined` where it was turned away */
export async function placeOrder(url: string, order: Order): Promise<number | undefined> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(order) })
  if (response.status === 503) return undefined
  return readReceipt(await response.json())
}

/** Looks whether the service acted, by the key that it was given. */
export async function findReceipt(url: string, key: string): Promise<number | undefined> {
  const response = await fetch(`${url}/?key=${encodeURIComponent(key)}`)
  return readReceipt(await response.json())
}

function readReceipt(body: unknown): number | undefined {
  const receipt: unknown = typeof body === 'object' && body !== null && 'receipt' in body ? body.receipt : undefined
  return typeof receipt === 'number' ? receipt : undefined
}
