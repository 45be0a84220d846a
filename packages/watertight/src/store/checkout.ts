import { AsyncLocalStorage } from 'node:async_hooks'

import type { ClientLike, Engine } from './client.ts'
import { quoteIdentifier } from './migrate.ts'

/** One connection that is lent, and the ones that the same flow of calls holds around it. */
interface Hold {
  readonly engine: Engine
  readonly outer: Hold | undefined
  over: boolean
}

// Grants nothing: it only notices that this very flow of calls already holds a connection.
const holding = new AsyncLocalStorage<Hold>()

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
  if (holds(engine))
    throw new TypeError('A connection is already held here: pass the transaction on instead of opening another.')
  const client = await engine.pool.connect()
  // Whoever waits for an answer is told; the event says it again, and without a listener it would end the process.
  client.on?.('error', ignore)
  const hold: Hold = { engine, outer: holding.getStore(), over: false }
  let spoiled = false
  const spoil = () => {
    spoiled = true
  }
  try {
    // A pool that the app shares may hand on a transaction that somebody left open: it must not become part of this one.
    const status = client.getTransactionStatus?.()
    if (status === 'T' || status === 'E') await client.query({ text: 'rollback' })
    return await holding.run(hold, () => work(client, spoil))
  } finally {
    hold.over = true
    // PGlite has one session and no other connection to take its place: destroying it there would break the next caller.
    if (spoiled && engine.name === 'postgres') client.release(true) // release: what is left on this server connection could not be cleaned, so nobody else may get it
    else client.release()
    client.off?.('error', ignore)
  }
}

const ignore = () => undefined

// What was started inside and lives on, such as a timer, still carries the hold, but holds nothing any more.
function holds(engine: Engine): boolean {
  for (let hold = holding.getStore(); hold !== undefined; hold = hold.outer) {
    if (hold.engine === engine && !hold.over) return true
  }
  return false
}

/** What is true of a connection for as long as it lives. */
export interface Session {
  /** the server process behind it; 0 where that changes from one transaction to the next */
  readonly pid: number
  /** the statement that brings back the role which it had when it was first lent */
  readonly role: string
}

const pooled: Session = { pid: 0, role: 'reset role' }
const sessions = new WeakMap<ClientLike, Session>()

/** The session behind a connection, asked once, before any statement of the application. */
export async function sessionOf(engine: Engine, client: ClientLike): Promise<Session> {
  if (!engine.steady) return pooled
  const known = sessions.get(client)
  if (known !== undefined) return known
  const { rows } = await client.query({
    text: "select pg_catalog.pg_backend_pid() as pid, pg_catalog.current_setting('role') as role",
  })
  const role = String(rows[0]?.['role'])
  const session = {
    pid: Number(rows[0]?.['pid']),
    role: role === 'none' ? 'reset role' : `set role ${quoteIdentifier(role)}`,
  }
  sessions.set(client, session)
  return session
}
