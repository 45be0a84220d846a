import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { withClient } from './postgres.ts'
import { openDelayProxy } from './proxy.ts'
import { whenReachable } from './require.ts'

describe('openDelayProxy', () => {
  const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  const target = { host: '127.0.0.1', port: 0 }
  beforeAll(async () => {
    await once(echo.listen(0, target.host), 'listening')
    target.port = (echo.address() as AddressInfo).port // a TCP server has no other kind of address
  })
  afterAll(() => echo.close())

  test('should keep every byte and their order', async () => {
    await using proxy = await openDelayProxy({ target, delayMs: 1 })
    const sent = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => index % 251))
    const socket = await connectTo(proxy.port)
    for (let from = 0; from < sent.length; from += 7919) socket.write(sent.subarray(from, from + 7919))
    socket.end()
    expect(sent.equals(await buffer(socket))).toBe(true)
  })

  // Again where the machine was busy: a delay that is added twice is always too long.
  test('should add the delay in each direction', { retry: 3 }, async () => {
    await using direct = await openDelayProxy({ target })
    await using delayed = await openDelayProxy({ target, delayMs: 3 })
    const added = (await roundTripMs(delayed.port)) - (await roundTripMs(direct.port))
    expect(added).toBeGreaterThan(5.5)
    expect(added).toBeLessThan(9) // twice 3 ms, and what a busy machine adds
  })

  test('should break the connections of the moment and take new ones', async () => {
    await using proxy = await openDelayProxy({ target })
    const socket = await connectTo(proxy.port)
    await echoed(socket, 'before')
    const closed = once(socket, 'close')
    proxy.cut()
    await closed
    expect(await echoed(await connectTo(proxy.port), 'after')).toBe('after')
  })

  test('should fall silent without breaking, and then go on', async () => {
    await using proxy = await openDelayProxy({ target })
    const socket = await connectTo(proxy.port)
    proxy.pause()
    const answer = echoed(socket, 'late')
    expect(await Promise.race([answer, sleep(50, 'silence')])).toBe('silence')
    proxy.resume()
    expect(await answer).toBe('late')
  })

  test('should refuse connections once closed, and close twice', async () => {
    const proxy = await openDelayProxy({ target })
    await proxy.close()
    await proxy.close()
    await expect(connectTo(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('should end a connection whose target cannot be reached', async () => {
    await using gone = await openDelayProxy({ target })
    await gone.close()
    await using proxy = await openDelayProxy({ target: { host: target.host, port: gone.port } })
    const socket = await connectTo(proxy.port)
    expect(await buffer(socket)).toHaveLength(0)
  })
})

whenReachable('postgres', (serverUrl) => {
  test('should lead a URL through the proxy', async () => {
    const { hostname, port } = new URL(serverUrl)
    await using proxy = await openDelayProxy({ target: { host: hostname, port: Number(port || 5432) }, delayMs: 1 })
    await withClient(proxy.url(serverUrl), async (client) => {
      const { rows } = await client.query('select 1 as one')
      expect(rows).toEqual([{ one: 1 }])
    })
  })
})

async function connectTo(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

async function echoed(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, 'data')
  socket.write(text)
  return String((await answer)[0])
}

/** The median of many: single ones tell more of the machine than of the proxy. */
async function roundTripMs(port: number): Promise<number> {
  const socket = await connectTo(port)
  const times: number[] = []
  for (let round = 0; round < 51; round++) {
    const start = performance.now()
    await echoed(socket, 'x')
    times.push(performance.now() - start)
  }
  socket.destroy()
  return times.toSorted((a, b) => a - b)[25] ?? Number.NaN
}
