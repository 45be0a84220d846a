import type { AgentBoundary } from '../boundary/index.ts'
import { StoreUnavailable } from '../errors.ts'
import { sessionOf, withClient } from './checkout.ts'
import type { Session } from './checkout.ts'
import { cleanConnection } from './clean-connection.ts'
import type { ClientLike, Engine, QueryLike, Row } from './client.ts'
import { codeOf, toRefusal, toStoreRefusal } from './refusal.ts'
import type { TokenMint } from './token.ts'
import { controlsTransaction, isCopy } from './transaction-control.ts'

/** A transaction inside one boundary. It ends with the function that it was given to. */
export interface Transaction {
  /**
   * Sends one statement. Row security applies to it: rows of other compartments do not exist here.
   *
   * @param text one SQL statement with `$1`, `$2`, … for values
   * @param values the values, in order
   */
  query(text: string, values?: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }>
}

export interface TransactOptions {
  /** one moment for all reads of the transaction (`repeatable read`), and no writes */
  readonly snapshot?: boolean
  /** the SQL is the library's own, which leaves nothing behind on the connection */
  readonly ours?: boolean
}

/**
 * Runs `work` in one transaction that can reach one boundary. The token is set for this transaction only; commit or
 * rollback ends it on every path.
 *
 * @param boundary whose transaction it is
 * @param work uses the transaction; it must await nothing but the transaction, which holds a connection (no model, tool or network call)
 * @throws {BoundaryRefused} when the boundary is not live, by the process's knowledge or the database's
 * @throws {StoreUnavailable} when the database is away or did not commit
 */
export async function transact<Result>(
  engine: Engine,
  mint: TokenMint,
  boundary: AgentBoundary,
  work: (transaction: Transaction) => Promise<Result>,
  options: TransactOptions = {},
): Promise<Result> {
  try {
    return await withClient(engine, async (client, spoil) => {
      const session = await sessionOf(engine, client)
      const token = mint.boundary(boundary, session.pid)
      const { ours = false, snapshot = false } = options
      return await runTransaction({ engine, client, session, spoil, token, ours, snapshot }, work)
    })
  } catch (error) {
    // What the application's own SQL ran into is for the application to read; of ours it would only show rows.
    throw options.ours === true ? toStoreRefusal(error, boundary) : toRefusal(error, boundary)
  }
}

interface Held {
  readonly engine: Engine
  readonly client: ClientLike
  readonly session: Session
  readonly spoil: () => void
  readonly token: string
  readonly ours: boolean
  readonly snapshot: boolean
}

async function runTransaction<Result>(
  held: Held,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const { transaction, end } = createTransaction(held.client)
  try {
    const result = await pipeline(held.client, opening(held), () => work(transaction))
    end()
    await commit(held)
    return result
  } catch (error) {
    end()
    // The first error stays the answer; a connection that cannot be brought back goes to nobody else.
    await rollBack(held).catch(held.spoil)
    throw error
  }
}

async function commit(held: Held): Promise<void> {
  try {
    // Inside the transaction, because behind a pooler the next statement may go to another server process.
    if (!held.ours) await cleanConnection(held.engine, held.client, held.session.role)
  } catch (error) {
    throw codeOf(error) === inFailedTransaction ? new StoreUnavailable(rolledBack, { cause: error }) : error
  }
  // A failed transaction answers COMMIT with the tag ROLLBACK, and no error: nothing was kept.
  const { command } = await held.client.query({ text: 'commit' })
  if (command !== 'COMMIT') throw new StoreUnavailable(rolledBack)
}

/** The SQLSTATE of every statement after the first that failed. `work` may have caught that one's error. */
const inFailedTransaction = '25P02'

const rolledBack = 'the transaction was rolled back, because a statement in it had failed'

function createTransaction(client: ClientLike): { transaction: Transaction; end: () => void } {
  let open = true
  return {
    end: () => (open = false),
    transaction: {
      async query(text, values = []) {
        if (!open)
          throw new TypeError('The transaction has ended: await every query inside the function it was given to.')
        if (controlsTransaction(text))
          throw new TypeError(
            'The transaction is not yours to begin or end: return to commit it, throw to roll it back.',
          )
        if (isCopy(text))
          throw new TypeError(
            'COPY takes the connection itself, which a transaction does not lend: select or insert instead.',
          )
        const { rows, rowCount } = await client.query({ text, values: [...values], queryMode: 'extended' })
        return { rows, rowCount: rowCount ?? 0 }
      },
    },
  }
}

function opening(held: Held): readonly QueryLike[] {
  const begin = held.snapshot ? 'begin isolation level repeatable read read only' : 'begin'
  // Transaction-local (`true`) and a bind parameter: it ends with the transaction and is in no statement's text.
  const token = {
    ...(held.engine.steady ? { name: 'wt_token' } : {}),
    text: "select pg_catalog.set_config('wt.token', $1, true)",
    values: [held.token],
  }
  return held.ours || held.engine.steady
    ? [{ text: begin }, token]
    : [{ text: begin }, token, { text: 'savepoint wt_work' }]
}

// What rolls back by itself does; advisory locks and prepared statements do not. Behind a pooler only the transaction
// still has its session to clean; on a steady connection the rollback comes first, and then nothing stands in the way.
async function rollBack({ engine, client, session, ours }: Held): Promise<void> {
  if (!ours && !engine.steady) {
    await client.query({ text: 'rollback to savepoint wt_work' })
    await cleanConnection(engine, client, session.role)
  }
  await client.query({ text: 'rollback' })
  if (!ours && engine.steady) await cleanConnection(engine, client, session.role)
}

// On a pipelined connection the opening statements and the first of `work` travel in one flight. Should the opening fail,
// the rest runs without a token, which raises: sending early never means running unguarded.
async function pipeline<Result>(
  client: ClientLike,
  statements: readonly QueryLike[],
  work: () => Promise<Result>,
): Promise<Result> {
  if (client.pipeline !== true) {
    for (const statement of statements) await client.query(statement)
    return await work()
  }
  const sent = statements.map((statement) => client.query(statement))
  // Called in a function of its own: should `work` throw before its first await, what was sent is waited for all the same.
  const [result, ...opened] = await Promise.allSettled([(async () => await work())(), ...sent])
  for (const outcome of opened) if (outcome.status === 'rejected') throw outcome.reason
  if (result.status === 'rejected') throw result.reason
  return result.value
}
