import { withClient } from '../checkout.ts'
import type { ClientLike, Engine, Row } from '../client.ts'

/** Sends one statement about the catalog. */
export type Ask = (text: string) => Promise<readonly Row[]>

// No setting of the login may change what an answer says: names are found in pg_catalog alone, and written in full where
// they are elsewhere; a time-out of a millisecond is told as a finding, and not as a database that is away.
const opening = [
  'begin read only',
  'set local search_path = pg_catalog, pg_temp',
  "set local statement_timeout = '30s'",
  "set local lock_timeout = '10s'",
]

/** Asks the catalog, in one transaction that reads as if the login had no settings of its own. */
export async function inspecting<Result>(
  engine: Engine,
  work: (ask: Ask, client: ClientLike) => Promise<Result>,
): Promise<Result> {
  return await withClient(engine, async (client, spoil) => {
    try {
      // Without values the simple protocol takes them in one flight.
      await client.query({ text: opening.join('; ') })
      return await work(askerOf(client), client)
    } finally {
      await client.query({ text: 'rollback' }).catch(spoil)
    }
  })
}

// A pool of the app's own may have no pipeline: there a statement waits for the one before it.
function askerOf(client: ClientLike): Ask {
  const send: Ask = async (text) => (await client.query({ text })).rows
  if (client.pipeline === true) return send
  let last: Promise<unknown> = Promise.resolve()
  return (text) => {
    const answer = last.then(() => send(text))
    last = answer.catch(() => undefined)
    return answer
  }
}
