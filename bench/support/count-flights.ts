import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

export interface FlightCounter extends AsyncDisposable {
  /** the way to the server through the counter */
  readonly url: string
  /** How many flights went to the server while `work` ran: each ends with an answer that was waited for. */
  countDuring(work: () => Promise<unknown>): Promise<number>
}

/**
 * Counts flights on the wire in front of a server, not statements: what is sent before an answer has come is one flight, and
 * so one round trip on any network, however many statements it holds. All connections are counted together.
 *
 * An answer is held for a moment, which a client that waits does not notice in the count and one that sends ahead needs:
 * on loopback its next statement would else race the answer to the one before.
 */
export async function openFlightCounter(serverUrl: string): Promise<FlightCounter> {
  const { hostname, port } = new URL(serverUrl)
  const sockets = new Set<Socket>()
  let flights = 0
  let underway = false
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: hostname, port: port === '' ? 5432 : Number(port), noDelay: true })
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined) // a reset is an end like any other: 'close' follows
    }
    near.on('data', (chunk) => {
      if (!underway) flights += 1
      underway = true
      far.write(chunk)
    })
    far.on(
      'data',
      holding((chunks) => {
        underway = false
        near.write(chunks)
      }),
    )
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  return {
    url: Object.assign(new URL(serverUrl), { host: `127.0.0.1:${address.port}` }).href,
    async countDuring(work) {
      const before = flights
      await work()
      return flights - before
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** How long the server must have been silent before what it said is handed on, in milliseconds. */
const silence = 4

function holding(handOn: (chunks: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let timer: NodeJS.Timeout | undefined
  return (chunk) => {
    held.push(chunk)
    clearTimeout(timer)
    timer = setTimeout(() => {
      handOn(Buffer.concat(held))
      held = []
    }, silence)
  }
}
