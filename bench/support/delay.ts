/** The delay proxy in a process of its own: waiting to the moment takes a whole core, which must not be the benchmark's. */
import { openDelayProxy } from '../../packages/watertight/test/support/proxy.ts'

const [host, port, delayMs] = process.argv.slice(2)
if (host === undefined) throw new TypeError('delay.ts needs a host, a port and a delay in milliseconds.')
const proxy = await openDelayProxy({ target: { host, port: Number(port) }, delayMs: Number(delayMs) })
console.log(proxy.port)
