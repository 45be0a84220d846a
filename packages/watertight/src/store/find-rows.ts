import { createHash } from 'node:crypto'

import { requireLive } from '../boundary/index.ts'
import type { AgentBoundary } from '../boundary/index.ts'
import { sessionOf, withClient } from './checkout.ts'
import type { Answer, ClientLike, Engine, Row } from './client.ts'
import { codeOf, toRefusal } from './refusal.ts'
import { areFew, possibleIds, selectRecords } from './table-ids.ts'
import type { IdTable } from './table-ids.ts'
import type { TokenMint } from './token.ts'

/** Records that are wanted of one table. */
export interface WantedRows extends IdTable {
  readonly ids: readonly string[]
}

/**
 * Finds records of the application's tables by their ids, in a single round trip however many tables there are: token,
 * check and rows in one statement. Whoever asks for as many ids of the same tables in the same order sends the same
 * statement, whatever the ids are and also where a table is asked for none.
 *
 * @returns for each table the rows with one of its ids, in any order; the values are of the driver's own types
 * @throws {BoundaryRefused} when the boundary is not live, by the process's knowledge or the database's
 * @throws {Forbidden} when the app role may not read a table
 * @throws {StoreUnavailable} when the database is away
 */
export async function findRows(
  engine: Engine,
  mint: TokenMint,
  boundary: AgentBoundary,
  wanted: readonly WantedRows[],
): Promise<readonly (readonly Row[])[]> {
  const { tenantId, workspaceId } = requireLive(boundary)
  if (wanted.length === 0) return []
  const text = findText(wanted)
  const values = wanted.flatMap(({ idType, ids }) => [tenantId, workspaceId, listOf(possibleIds(idType, ids))])
  try {
    return await withClient(engine, async (client) => {
      const token = mint.boundary(boundary, (await sessionOf(engine, client)).pid)
      return split(await send(engine, client, text, [token, ...values]), wanted.length)
    })
  } catch (error) {
    throw toRefusal(error, boundary) // the tables are the application's, and so are mistakes about them
  }
}

// Never empty: a look at the table asks for the token, and no id is null.
function listOf(ids: readonly string[]): readonly (string | null)[] {
  return ids.length === 0 ? [null] : [...new Set(ids)]
}

// The token is set in the outer part, on which each inner one depends, so it stands before a row is looked at; should a
// planner ever see that otherwise, the policy finds no token and raises (as in migrations/0009-cheaper-checks.sql). No part
// meets another: a row of the answer holds one row of one table, and nulls in the columns of the others.
function findText(wanted: readonly WantedRows[]): string {
  const few = wanted.every((table) => areFew(table, table.ids)) // of all alike, so that there are two texts and no more
  const parts = wanted.map((table, at) => `(${partText(table, at, few)}) a${at}`)
  const joined = parts.map((part, at) => (at === 0 ? part : ` full join ${part} on false`)).join('')
  return `select r.* from (select pg_catalog.set_config('wt.token', $1, true) as token offset 0) t, lateral (select * from ${joined} offset 0) r`
}

function partText(table: IdTable, at: number, few: boolean): string {
  const more = { columns: `true as "${markerOf(at)}", `, and: ' and t.token is not null' }
  return selectRecords(table, 2 + 3 * at, few || table.idType !== 'text', more)
}

// Stands in front of the columns of a table, and holds a value where the row is one of it.
function markerOf(at: number): string {
  return `watertight ${at}`
}

async function send(engine: Engine, client: ClientLike, text: string, values: unknown[]): Promise<Answer> {
  if (!engine.steady) return await client.query({ text, values, rowMode: 'array' })
  try {
    return await client.query({ name: nameOf(client, text), text, values, rowMode: 'array' })
  } catch (error) {
    if (codeOf(error) !== tableChanged) throw error
    changes.set(client, changesOf(client) + 1)
    return await client.query({ name: nameOf(client, text), text, values, rowMode: 'array' })
  }
}

/** The SQLSTATE of a prepared statement whose table has other columns now. It is said before anything of it is run. */
const tableChanged = '0A000'

// How often that happened to a connection: what it had prepared is given up, and prepared anew by another name.
const changes = new WeakMap<ClientLike, number>()

function changesOf(client: ClientLike): number {
  return changes.get(client) ?? 0
}

function nameOf(client: ClientLike, text: string): string {
  return `wt_find_${digestOf(text)}_${changesOf(client)}`
}

// The same few statements all day: as many as there are sets of types that a tool names.
const digests = new Map<string, string>()

function digestOf(text: string): string {
  const known = digests.get(text)
  if (known !== undefined) return known
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32)
  digests.set(text, digest)
  return digest
}

function split({ fields, rows }: Answer, count: number): readonly (readonly Row[])[] {
  const names = fields?.map(({ name }) => name) ?? []
  const starts = Array.from({ length: count }, (_, at) => names.indexOf(markerOf(at)))
  if (starts.some((start, at) => start === -1 || names.lastIndexOf(markerOf(at)) !== start))
    throw new TypeError(`The pool answers without the fields of a result, or a column is called ${markerOf(0)}.`)
  const found = starts.map((): Row[] => [])
  for (const row of rows) {
    const cells: unknown = row
    if (!Array.isArray(cells)) throw new TypeError("The pool does not know rowMode 'array': use one of pg's.")
    // Not `true`: the application may read booleans in a way of its own. Null is always null.
    const at = starts.findIndex((start) => cells[start] !== null)
    const from = (starts[at] ?? 0) + 1
    const columns = names.slice(from, starts[at + 1])
    found[at]?.push(Object.fromEntries(columns.map((name, column): [string, unknown] => [name, cells[from + column]])))
  }
  return found
}
