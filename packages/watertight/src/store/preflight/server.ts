import type { ClientLike, Engine } from '../client.ts'
import type { Ask } from './inspecting.ts'

export const poolerFound =
  "a pooler stands between this process and the database; set the option pooling: 'transaction'"

// PgBouncer takes few of the settings that a connection can start with, and says so before anything else shows it.
export function isPoolersRefusal(error: unknown): boolean {
  return error instanceof Error && /^unsupported (options )?startup parameter/.test(error.message)
}

/**
 * Finds a server that is too old, and a pooler that nobody told of.
 *
 * A pooler answers the connection itself, with a process number of its own; the server tells the true one. That shows on
 * the first connection, before any boundary is at stake.
 */
export async function findServer(engine: Engine, client: ClientLike, ask: Ask): Promise<readonly string[]> {
  const rows = await ask("select pg_backend_pid() as pid, current_setting('server_version_num')::int as version")
  const told = engine.steady ? (client.processID ?? undefined) : undefined
  return [
    ...(told !== undefined && Number(rows[0]?.['pid']) !== told ? [poolerFound] : []),
    ...(Number(rows[0]?.['version']) >= 150_000 ? [] : ['the server is older than PostgreSQL 15']),
  ]
}
