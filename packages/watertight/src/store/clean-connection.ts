import type { ClientLike, Engine } from './client.ts'

// What a transaction of the application can leave on a connection besides settings: cursors WITH HOLD, listens, advisory
// locks, prepared statements, temporary tables. `discard all` would do most of it, but on PGlite it also leaves the
// login's role.
const residue = [
  'close all',
  'unlisten *',
  'select pg_catalog.pg_advisory_unlock_all()',
  'deallocate all',
  'discard temp',
]

/**
 * Leaves nothing on a connection for the next boundary. Rejects when it cannot; the connection must then be dropped.
 *
 * @param role the statement that brings back the role which the connection had, for an engine without a baseline
 */
export async function cleanConnection(engine: Engine, client: ClientLike, role: string): Promise<void> {
  try {
    // Settings first and by themselves: a time-out among them would stop the rest.
    await client.query({ text: 'reset all' })
    // Without values the simple protocol takes them in one flight.
    await client.query({ text: [...residue, ...(engine.baseline ?? [role])].join('; ') })
  } finally {
    forgetNames(client)
  }
}

// `deallocate all` removed the driver's own named statements as well; it must prepare them anew instead of failing (26000).
function forgetNames(client: ClientLike): void {
  const connection: unknown = 'connection' in client ? client.connection : undefined
  if (typeof connection !== 'object' || connection === null) return
  for (const memory of ['parsedStatements', 'submittedNamedStatements']) {
    if (memory in connection) Object.assign(connection, { [memory]: {} })
  }
}
