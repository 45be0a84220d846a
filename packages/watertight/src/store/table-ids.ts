import { quoteIdentifier } from './migrate.ts'

/** The type of an id's column. `text` serves every type, at the price of a cast that hides a column from its index. */
export type IdType = 'text' | 'uuid' | 'bigint'

/** A table of the application's under row security, and the names of the columns by which a record is found in it. */
export interface IdTable {
  /** `table` or `schema.table` */
  readonly table: string
  readonly id: string
  readonly tenant: string
  readonly workspace: string
  /** text (also varchar), uuid, or bigint (also integer and smallint) */
  readonly idType: IdType
}

/** Up to how many texts are looked up one by one. A column that is no text has no index on its cast: more are compared in one reading. */
const fewTexts = 4

/** Whether ids are looked up one by one. */
export function areFew({ idType }: Pick<IdTable, 'idType'>, ids: readonly string[]): boolean {
  return idType !== 'text' || ids.length <= fewTexts
}

/**
 * Writes a `select` of the records of some ids, whose columns are those of `x`: the tenant's id, the workspace's and the list
 * of ids are three parameters in a row. Each is its own, because the server gives it the type of the column that it is
 * compared with, which differs from table to table.
 *
 * One by one where they are few, because Postgres before 17 reads all rows of the place for a list: of a protected table it
 * keeps no statistics, takes that for a single row, and leaves the ids out of what it asks the index.
 *
 * @param first the number of the first parameter
 * @param few what `areFew` says
 * @param more `columns`: what stands in front of those of `x`; `and`: a further condition
 */
export function selectRecords(
  table: IdTable,
  first: number,
  few: boolean,
  { columns = '', and = '' }: { readonly columns?: string; readonly and?: string } = {},
): string {
  const list = `$${first + 2}::${table.idType}[]`
  const part = (ids: string) => `select ${columns}x.* ${fromPlace(table, first)} = ${ids}${and} offset 0`
  return few ? `select y.* from unnest(${list}) w(id), lateral (${part('w.id')}) y` : part(`any (${list})`)
}

// Up to the comparison with an id.
function fromPlace({ table, id, tenant, workspace, idType }: IdTable, first: number): string {
  const name = table.split('.').map(quoteIdentifier).join('.')
  const [idColumn, tenantColumn, workspaceColumn] = [id, tenant, workspace].map(
    (column) => `x.${quoteIdentifier(column)}`,
  )
  const place = `${tenantColumn} = $${first} and ${workspaceColumn} = $${first + 1}`
  // The column as it is, so that an index on it serves. Of text and varchar it is one with its cast.
  return `from ${name} x where ${place} and ${idType === 'text' ? `${idColumn}::text` : idColumn}`
}

/**
 * The ids that a column could hold, written as the database writes them. Any other is nobody's; sent along, it would fail
 * the whole statement.
 */
export function possibleIds(idType: IdType, ids: readonly string[]): readonly string[] {
  return ids.filter(possible[idType])
}

const possible: Readonly<Record<IdType, (id: string) => boolean>> = {
  text: (id) => !id.includes('\0'),
  // In lower case only: the database would find a record by the other spelling too, whose id is a different text.
  uuid: (id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id),
  bigint: (id) => /^(0|-?[1-9][0-9]{0,18})$/.test(id) && BigInt.asIntN(64, BigInt(id)) === BigInt(id),
}
