import { connect, createServer, type Socket } from 'node:net'

export interface DelayProxyOptions {
  target: { host: string; port: number }
  /** Added in each direction; 0 unless given. */
  delayMs?: number
}

export interface DelayProxy extends AsyncDisposable {
  readonly port: number
  /** Turns a URL of the target into the way through the proxy. */
  url(originalUrl: string): string
  /** Breaks the connections of this moment, as a failover does; new ones are taken. */
  cut(): void
  /** Lets nothing through and breaks nothing, as a network does that went silent. */
  pause(): void
  /** Lets through what has waited, and what comes. */
  resume(): void
  /** Breaks all connections and refuses new ones. May be called again. */
  close(): Promise<void>
}

/** Puts a link with a known delay in front of a TCP server. The delay is that of bytes; connecting itself has none. */
export async function openDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const { target, delayMs = 0 } = options
  const line = new DelayLine(delayMs)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, noDelay: true, allowHalfOpen: true })
    forward(near, far)
    forward(far, near)
  })
  const forward = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (chunk) => line.add(() => to.write(chunk)))
    from.on('end', () => line.add(() => to.end()))
    from.on('error', () => {}) // a reset is an end like any other: 'close' follows
    from.on('close', () => {
      sockets.delete(from)
      line.add(() => to.destroy())
    })
  }
  const cut = () => {
    line.clear()
    for (const socket of sockets) socket.destroy()
  }
  const close = async () => {
    cut()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has an address with a port.')
  const { port } = address
  return {
    port,
    url: (originalUrl) => Object.assign(new URL(originalUrl), { host: `127.0.0.1:${port}` }).href,
    cut,
    pause: () => line.pause(),
    resume: () => line.resume(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/**
 * Runs each step a fixed time after it was added, in the order of adding.
 *
 * Timers are a millisecond coarse, which is as much as the delay: they bring the line close, and `setImmediate`, which
 * still lets the sockets be read in between, takes it to the moment.
 */
class DelayLine {
  readonly #delayMs: number
  #steps: { due: number; run: () => void }[] = []
  #waiting = false
  #paused = false

  constructor(delayMs: number) {
    this.#delayMs = delayMs
  }

  add(run: () => void): void {
    this.#steps.push({ due: performance.now() + this.#delayMs, run })
    if (!this.#waiting) this.#advance()
  }

  clear(): void {
    this.#steps = []
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    if (!this.#waiting) this.#advance()
  }

  #advance(): void {
    this.#waiting = false
    for (let next = this.#steps[0]; next !== undefined && !this.#paused; next = this.#steps[0]) {
      const left = next.due - performance.now()
      if (left > 0) return this.#wait(left)
      this.#steps.shift()
      next.run()
    }
  }

  #wait(left: number): void {
    this.#waiting = true
    if (left > coarseMs) setTimeout(() => this.#advance(), left - coarseMs)
    else setImmediate(() => this.#advance())
  }
}

/** How late a timer may be on a busy machine, with room to spare. */
const coarseMs = 2.5
