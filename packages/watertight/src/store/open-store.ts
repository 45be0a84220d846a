import { Keyring } from '../boundary/index.ts'
import type { AgentBoundary, Authority, Claims } from '../boundary/index.ts'
import { callFunction } from './call.ts'
import type { TokenFunction } from './call.ts'
import type { Engine, PoolLike, Row } from './client.ts'
import { findRows } from './find-rows.ts'
import type { WantedRows } from './find-rows.ts'
import { learnClock } from './learn-clock.ts'
import { findGrant, operate } from './operator.ts'
import type { OperatorFunction } from './operator.ts'
import { inMemory, openPglite } from './pglite.ts'
import { openPostgres, usePool } from './postgres.ts'
import type { Pooling } from './postgres.ts'
import { preflight } from './preflight/preflight.ts'
import { TokenMint } from './token.ts'
import { transact } from './transact.ts'
import type { TransactOptions, Transaction } from './transact.ts'

/** Where data lives, and the only ways to it: inside a boundary, or through the operator door. */
export interface Store {
  readonly engine: Engine['name']
  /** the keys that the store was opened with; other purposes derive theirs from them */
  readonly keyring: Keyring
  /** what start-up does not refuse, and would better be mended */
  readonly advice: readonly string[]
  transact<Result>(
    boundary: AgentBoundary,
    work: (transaction: Transaction) => Promise<Result>,
    options?: TransactOptions,
  ): Promise<Result>
  call(boundary: AgentBoundary, name: TokenFunction, values: readonly unknown[]): Promise<Row[]>
  /** Records of the application's own tables by their ids, in one round trip for all tables. */
  find(boundary: AgentBoundary, wanted: readonly WantedRows[]): Promise<readonly (readonly Row[])[]>
  grantOf(claims: Claims, workspaceId: string): Promise<Row | undefined>
  operate(name: OperatorFunction, values: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export interface StoreOptions {
  /** a folder, `memory://`, `postgres://…`, or the pool that the app has */
  readonly database: string | PoolLike
  /** keys in their written form; without them the key file of a folder, or `WATERTIGHT_KEYS` */
  readonly keys?: string
  /** `transaction` behind a transaction pooler */
  readonly pooling?: Pooling
  /** a folder of the app's own `*.sql`, applied when an embedded database is opened; on a server `watertight migrate` does it */
  readonly applicationMigrations?: string
  readonly unprotectedTables?: readonly string[]
}

/**
 * Opens the store and checks that isolation would hold.
 *
 * @throws {ServeRefused} when it would not
 * @throws {KeysRefused} when there are no keys, or not the database's
 * @throws {FolderRefused} when another process has the folder open
 * @throws {StoreUnavailable} when the database is away
 */
export async function openStore(options: StoreOptions, authority: Authority): Promise<Store> {
  const { engine, keyring } = await openEngine(options)
  try {
    return await createStore(engine, keyring, authority, options.unprotectedTables)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Makes the store of an engine that is open, once isolation was found to hold on it. */
export async function createStore(
  engine: Engine,
  keyring: Keyring,
  authority: Authority,
  unprotectedTables: readonly string[] = [],
): Promise<Store> {
  const mint = new TokenMint(keyring, authority, engine.steady)
  const advice = await preflight(engine, mint, authority, { unprotectedTables })
  return {
    engine: engine.name,
    keyring,
    advice,
    transact: (boundary, work, how) => transact(engine, mint, boundary, work, how),
    call: (boundary, name, values) => callFunction(engine, mint, boundary, name, values),
    find: (boundary, wanted) => findRows(engine, mint, boundary, wanted),
    async grantOf(claims, workspaceId) {
      const sentAt = Date.now()
      const row = await findGrant(engine, mint, claims, workspaceId)
      // Clocks drift while a server runs: every grant brings the database's along.
      if (row !== undefined) learnClock(authority, row['now_ms'], sentAt)
      return row
    },
    operate: (name, values) => operate(engine, mint, name, values),
    close: () => engine.close(),
  }
}

async function openEngine(options: StoreOptions): Promise<{ engine: Engine; keyring: Keyring }> {
  const { database, pooling = 'none' } = options
  if (pooling !== 'none' && pooling !== 'transaction')
    throw new TypeError("The option pooling is 'none' or 'transaction'.")
  if (typeof database !== 'string') return { engine: usePool(database, pooling), keyring: serverKeys(options) }
  if (/^postgres(ql)?:\/\//.test(database)) {
    const keyring = serverKeys(options)
    return { engine: await openPostgres(database, pooling), keyring }
  }
  // A folder by the name of an address would be made, and the password in the address be its name.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(database) && database !== inMemory)
    throw new TypeError("The option database is a folder, 'memory://', 'postgres://…' or a pool.")
  const given = options.keys === undefined ? undefined : Keyring.parse(options.keys)
  return await openPglite(database, given, options.applicationMigrations)
}

// A server never makes keys: two servers would make two, and each would refuse the other's boundaries.
function serverKeys(options: StoreOptions): Keyring {
  return Keyring.parse(options.keys ?? process.env['WATERTIGHT_KEYS'])
}
