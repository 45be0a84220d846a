import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { requireLive } from '../../boundary/index.ts'
import { areFew, possibleIds, selectRecords } from '../../store/index.ts'
import type { IdTable, IdType, Row, Transaction } from '../../store/index.ts'

/** What a resolver may use: the boundary that asks, and the store inside it. */
export interface ResolverContext {
  readonly boundary: AgentBoundary
  readonly transact: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>
}

/**
 * Finds the records of one type by the ids that a model gave. What it returns is compared with the ids, by equality, and
 * with the boundary: a record of another owner counts as missing.
 */
export interface Resolver {
  /** The records that exist, in any order; several ids at once, each at most once. */
  find(ids: readonly string[], context: ResolverContext): Promise<readonly Row[]>
  /** The id of a record, as a model gives it. */
  id(row: Row): unknown
  /** Whose a record is, by the app's ids. */
  owner(row: Row): OwnedRecord
}

export interface TableColumns {
  readonly id?: string
  readonly tenant?: string
  readonly workspace?: string
  /** the type of the id's column, so that its index serves: `uuid`, `bigint` (also smaller ones), or `text` where absent */
  readonly idType?: IdType
}

// Beside the resolver, not in it: a copy with a `find` of its own is no table, and its `find` is what counts.
const tables = new WeakMap<Resolver, IdTable>()

/** The table behind a resolver of `fromTable`: the records of all such types of a call are found in one round trip. */
export function tableOf(resolver: Resolver | undefined): IdTable | undefined {
  return resolver && tables.get(resolver)
}

const columnNames = new Set(['id', 'tenant', 'workspace', 'idType'])

/**
 * A resolver over a table under row security on the boundary (`watertight protect` writes the migration).
 *
 * @param table `table` or `schema.table`
 * @param columns the names of its columns; `id`, `tenant_id` and `workspace_id` where absent
 * @throws {TypeError} when a name is none, or the type of the id none that is known
 */
export function fromTable(table: string, columns: TableColumns = {}): Resolver {
  const { id = 'id', tenant = 'tenant_id', workspace = 'workspace_id', idType = 'text' } = columns
  const unknown = Object.keys(columns).find((name) => !columnNames.has(name))
  if (unknown !== undefined)
    throw new TypeError(`fromTable() knows no column ${unknown}: id, tenant, workspace, idType.`)
  if (idType !== 'text' && idType !== 'uuid' && idType !== 'bigint')
    throw new TypeError("fromTable() needs idType to be 'text', 'uuid' or 'bigint'.")
  const described: IdTable = Object.freeze({ table, id, tenant, workspace, idType })
  const resolver: Resolver = {
    async find(ids, { boundary, transact }) {
      const { tenantId, workspaceId } = requireLive(boundary)
      const text = selectRecords(described, 1, areFew(described, ids))
      const values = [tenantId, workspaceId, possibleIds(idType, ids)]
      const { rows } = await transact((transaction) => transaction.query(text, values))
      return rows
    },
    id: (row) => textOf(row[id]),
    owner: (row) => ({ tenantId: textOf(row[tenant]), workspaceId: textOf(row[workspace]) }),
  }
  tables.set(resolver, described)
  return resolver
}

// A number is an id too, in the words of the model. Anything else, and an absent owner above all, names nobody: `null`
// must not become the tenant of that name.
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : ''
}
