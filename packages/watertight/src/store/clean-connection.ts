import type { ClientLike, Engine } from './client.ts'

// What a transaction of the application can leave on a connection: cursors WITH HOLD, listens, advisory locks, prepared
// statements, temporary tables, settings. `discard all` would do most of it, but on PGlite it also leaves the login's role.
const residue = [
  'close all',
  'unlisten *',
  'select pg_advisory_unlock_all()',
  'deallocate all',
  'discard temp',
  'reset all',
]

/** Leaves nothing on a connection for the next boundary. Rejects when it cannot; the connection must then be dropped. */
export async function cleanConnection(engine: Engine, client: ClientLike): Promise<void> {
  const statements = engine.baseline === undefined ? residue : [...residue, engine.baseline]
  for (const text of statements) await client.query({ text })
  forgetNames(client)
}

// `deallocate all` removed the driver's own named statements as well; it must prepare them anew instead of failing (26000).
function forgetNames(client: ClientLike): void {
  const connection: unknown = 'connection' in client ? client.connection : undefined
  if (typeof connection !== 'object' || connection === null) return
  for (const memory of ['parsedStatements', 'submittedNamedStatements']) {
    if (memory in connection) Object.assign(connection, { [memory]: {} })
  }
}
