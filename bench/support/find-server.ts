import { withClient } from '../../packages/watertight/test/support/postgres.ts'

/** Why there is no server to measure on, or `undefined` when there is one. */
export async function findServer(): Promise<string | undefined> {
  const url = process.env['WATERTIGHT_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  try {
    await withClient(url, (client) => client.query('select 1'))
    return undefined
  } catch {
    return `no server at ${new URL(url).host}; set WATERTIGHT_POSTGRES or start one` // the URL may hold a password
  }
}
