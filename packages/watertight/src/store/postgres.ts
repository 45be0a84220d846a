import { PeerMissing } from '../errors.ts'
import type { Engine, PoolLike } from './client.ts'

/** How long a checkout may wait for a connection, in milliseconds, before the database counts as away. */
const connectionTimeout = 5_000

/** How long a statement may go unanswered, in milliseconds, before its connection counts as lost: a silent network tells nothing. */
const queryTimeout = 60_000

/** How long a transaction may sit idle, in milliseconds, before the server ends it: a held connection is everybody's. */
const idleInTransactionTimeout = 30_000

/**
 * What a connection starts with. It comes before whatever is set for the login or the database: SQL of the login can
 * change its own role's settings, and a time-out of a millisecond would end every statement after the next start.
 */
const startSettings: Readonly<Record<string, string>> = {
  statement_timeout: String(queryTimeout),
  lock_timeout: '0',
  idle_session_timeout: '0',
  idle_in_transaction_session_timeout: String(idleInTransactionTimeout),
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read\\ committed',
  row_security: 'on',
  bytea_output: 'hex',
  datestyle: 'ISO',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
}

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
    ...(pooling === 'none' ? startingWith(url) : { connectionString: url }),
    pipeline: true,
    connectionTimeoutMillis: connectionTimeout,
    query_timeout: queryTimeout,
  })
  // An idle connection that the server ends is dropped by the pool; without a listener the process would end with it.
  pool.on('error', () => undefined)
  return fromPool(pool, pooling, () => pool.end())
}

// What the address asks for itself comes last, and holds. A pooler refuses start-up parameters that it does not know.
function startingWith(url: string): { readonly connectionString: string; readonly options?: string } {
  const ours = Object.entries(startSettings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
  const [all, head = '', theirs = ''] = /([?&]options=)([^&#]*)/.exec(url) ?? []
  if (all === undefined) return { connectionString: url, options: ours }
  // The address would take the place of the option.
  return { connectionString: url.replace(all, () => `${head}${encodeURIComponent(ours)}%20${theirs}`) }
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
