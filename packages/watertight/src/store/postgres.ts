import { PeerMissing } from '../errors.ts'
import type { Engine, PoolLike } from './client.ts'

/** How long a checkout may wait for a connection, in milliseconds, before the database counts as away. */
const connectionTimeout = 5_000

/** How long a statement may go unanswered, in milliseconds, before its connection counts as lost: a silent network tells nothing. */
const queryTimeout = 60_000

/** How long a transaction may sit idle, in milliseconds, before the server ends it: a held connection is everybody's. */
const idleInTransactionTimeout = 30_000

/** Where a transaction pooler stands between, the connection's server process changes with every transaction. */
export type Pooling = 'none' | 'transaction'

/**
 * Opens a pool on a Postgres server.
 *
 * @param url `postgres://…` with the application's login, which owns nothing
 * @param pooling `transaction` behind a transaction pooler such as PgBouncer
 * @throws {PeerMissing} when `pg` is not installed
 */
export async function openPostgres(url: string, pooling: Pooling): Promise<Engine> {
  const { default: pg } = await importPg()
  const pool = new pg.Pool({
    connectionString: url,
    pipeline: true,
    connectionTimeoutMillis: connectionTimeout,
    query_timeout: queryTimeout,
    // A pooler refuses start-up parameters that it does not know.
    ...(pooling === 'none' ? { idle_in_transaction_session_timeout: idleInTransactionTimeout } : {}),
  })
  // An idle connection that the server ends is dropped by the pool; without a listener the process would end with it.
  pool.on('error', () => undefined)
  return fromPool(pool, pooling, () => pool.end())
}

/** Uses the pool that the app has. It stays the app's: closing Watertight does not end it. */
export function usePool(pool: PoolLike, pooling: Pooling): Engine {
  return fromPool(pool, pooling, async () => undefined)
}

function fromPool(pool: PoolLike, pooling: Pooling, close: () => Promise<void>): Engine {
  return { name: 'postgres', pool, steady: pooling === 'none', close }
}

/** Loads the driver only when a database is opened: an app with stores of its own needs none. */
export async function importPg(): Promise<typeof import('pg')> {
  try {
    return await import('pg')
  } catch (error) {
    throw new PeerMissing('The option database', ['pg'], { cause: error })
  }
}
