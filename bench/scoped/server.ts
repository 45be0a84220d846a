import { spawnNode } from '../../packages/watertight/test/support/processes.ts'
import { openServer } from '../support/server.ts'
import type { Server } from '../support/server.ts'
import { furnishDesk, keyOf, openDeployment, openDesk } from '../support/desk.ts'
import { placeApart } from '../support/placement.ts'
import { openRawPool, readRaw } from '../support/raw.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'
import { measureReads, measureRuns } from './reads.ts'

/** Reads and runs on a server as the plain app login, at once and over a link of 1 ms each way. */
export async function measureServer(scale: Scale): Promise<readonly Row[]> {
  await using server = await openServer()
  const near = await measureNear(server, scale)
  const proxy = await openDelay(server.url, 1)
  await using _ = proxy.process
  return [...near.slice(0, 1), await measureFar({ ...server, url: proxy.url }, scale), ...near.slice(1)]
}

async function measureNear({ url, options, database }: Server, scale: Scale): Promise<readonly Row[]> {
  await using watertight = await openDeployment({ database: url, ...options })
  const desk = await furnishDesk(watertight)
  const raw = openRawPool(url)
  try {
    await readRaw(raw, keyOf(0))
    await placeApart(database)
    return [
      await measureReads('read-postgres', 1.8, desk, raw, scale.reads),
      await measureRuns('run-20-reads-postgres', 2.2, desk, raw, scale.runs),
    ]
  } finally {
    await raw.end()
  }
}

async function measureFar({ url, options }: Pick<Server, 'url' | 'options'>, scale: Scale): Promise<Row> {
  await using watertight = await openDeployment({ database: url, ...options })
  const desk = await openDesk(watertight)
  const raw = openRawPool(url)
  try {
    return await measureReads('read-postgres-1ms', 1.15, desk, raw, scale.delayedReads)
  } finally {
    await raw.end()
  }
}

async function openDelay(url: string, delayMs: number) {
  const { hostname, port } = new URL(url)
  const script = new URL('../support/delay.ts', import.meta.url).pathname
  const process = spawnNode(script, [hostname, port === '' ? '5432' : port, String(delayMs)])
  for await (const line of process.lines)
    return { process, url: Object.assign(new URL(url), { host: `127.0.0.1:${line}` }).href }
  throw new Error(`The delay proxy did not start: ${process.stderr}`)
}
