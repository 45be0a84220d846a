import type { AgentBoundary, OwnedRecord } from '../../boundary/index.ts'
import { requireLive } from '../../boundary/index.ts'
import { quoteIdentifier } from '../../store/index.ts'
import type { Row, Transaction } from '../../store/index.ts'

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
}

/**
 * A resolver over a table under row security on the boundary (`watertight protect` writes the migration).
 *
 * @param table `table` or `schema.table`
 * @param columns the names of its columns; `id`, `tenant_id` and `workspace_id` where absent
 */
export function fromTable(table: string, columns: TableColumns = {}): Resolver {
  const { id = 'id', tenant = 'tenant_id', workspace = 'workspace_id' } = columns
  const name = table.split('.').map(quoteIdentifier).join('.')
  const [idColumn, tenantColumn, workspaceColumn] = [id, tenant, workspace].map(quoteIdentifier)
  const text = `select * from ${name} where ${tenantColumn} = $1 and ${workspaceColumn} = $2 and ${idColumn}::text = any ($3::text[])`
  return {
    async find(ids, { boundary, transact }) {
      const { tenantId, workspaceId } = requireLive(boundary)
      const { rows } = await transact((transaction) => transaction.query(text, [tenantId, workspaceId, ids]))
      return rows
    },
    id: (row) => textOf(row[id]),
    owner: (row) => ({ tenantId: textOf(row[tenant]), workspaceId: textOf(row[workspace]) }),
  }
}

// A number is an id too, in the words of the model. Anything else, and an absent owner above all, names nobody: `null`
// must not become the tenant of that name.
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value) : ''
}
