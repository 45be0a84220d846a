import { AsyncLocalStorage } from 'node:async_hooks'

import type { ClientLike, Engine } from './client.ts'

// Grants nothing: it only notices that this very flow of calls already holds a connection.
const holding = new AsyncLocalStorage<Engine>()

/**
 * Lends one connection to `work` and takes it back. The only way to a connection.
 *
 * @param work uses the connection; it calls `spoil` when the connection must not be handed to anybody else
 *
 * @throws {TypeError} at once when this flow of calls already holds one: on a pool of one it would wait for ever, and on
 *   a larger one it would tear what should be one transaction in two
 */
export async function withClient<Result>(
  engine: Engine,
  work: (client: ClientLike, spoil: () => void) => Promise<Result>,
): Promise<Result> {
  if (holding.getStore() === engine)
    throw new TypeError('A connection is already held here: pass the transaction on instead of opening another.')
  const client = await engine.pool.connect()
  let spoiled = false
  const spoil = () => {
    spoiled = true
  }
  try {
    // A pool that the app shares may hand on a transaction that somebody left open: it must not become part of this one.
    const status = client.getTransactionStatus?.()
    if (status === 'T' || status === 'E') await client.query({ text: 'rollback' })
    return await holding.run(engine, () => work(client, spoil))
  } finally {
    // PGlite has one session and no other connection to take its place: destroying it there would break the next caller.
    if (spoiled && engine.name === 'postgres') client.release(true)
    else client.release()
  }
}

const pids = new WeakMap<ClientLike, number>()

/** The server process behind a connection, asked once; 0 where it changes from one transaction to the next. */
export async function pidOf(engine: Engine, client: ClientLike): Promise<number> {
  if (!engine.steady) return 0
  const known = pids.get(client)
  if (known !== undefined) return known
  const { rows } = await client.query({ text: 'select pg_backend_pid() as pid' })
  const pid = Number(rows[0]?.['pid'])
  pids.set(client, pid)
  return pid
}
