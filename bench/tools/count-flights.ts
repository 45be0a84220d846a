import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A wire to the server that counts round trips: what a client sends until it is answered is one, however many statements it holds. */
export interface CountedWire extends AsyncDisposable {
  readonly url: string
  /** Runs work, and tells how many round trips it took. Meaningful for one caller at a time. */
  count(work: () => Promise<unknown>): Promise<number>
}

export async function openCountedWire(url: string): Promise<CountedWire> {
  const { hostname, port } = new URL(url)
  let flights = 0
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port === '' ? 5432 : port) })
    let answered = true
    client.on('data', (bytes) => {
      if (answered) flights++
      answered = false
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      answered = true
      client.write(bytes)
    })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port: own } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${own}` }).href,
    async count(work) {
      const before = flights
      await work()
      return flights - before
    },
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
