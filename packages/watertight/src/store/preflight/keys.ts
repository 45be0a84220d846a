import type { Engine, Row } from '../client.ts'
import { findFloor } from './floor.ts'
import { heldRoles } from './held-roles.ts'
import { leadingColumns } from './leading-columns.ts'

/**
 * The statement that lists the foreign keys and the indexes of the app's own tables in reach, and of their partitions. The
 * server looks into both past row security: without the tenant and the workspace they tell of rows of others, and a
 * foreign key with an action changes them.
 */
export function describeKeys(engine: Engine): string {
  const columns = (relation: string, numbers: string) =>
    `array(select quote_ident(a.attname) from unnest(${numbers}) with ordinality part (number, at) join pg_attribute a on a.attrelid = ${relation} and a.attnum = part.number order by part.at)`
  return `with ${heldRoles(engine)}, reach as (select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'wt')
      and exists (select from held where has_any_column_privilege(held.oid, c.oid, 'SELECT, INSERT, UPDATE') or has_table_privilege(held.oid, c.oid, 'DELETE'))),
  tree as (select oid, name from reach union select i.inhrelid, tree.name from tree join pg_inherits i on i.inhparent = tree.oid)
  select 'foreign' as kind, r.name as table, k.conname::text as key, p.name as parent, ${columns('k.conrelid', 'k.conkey')} as columns, ${columns('k.confrelid', 'k.confkey')} as parent_columns,
      k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd') as acts
    from pg_constraint k join reach r on r.oid = k.conrelid join reach p on p.oid = k.confrelid where k.contype = 'f'
  union all
  select 'index', t.name, i.indexrelid::regclass::text, null, ${leadingColumns('i')}, null, false
    from pg_index i join tree t on t.oid = i.indrelid where not exists (select from pg_inherits h where h.inhrelid = i.indexrelid)
  order by 1, 2, 3`
}

/** What a key or an index does to rows of others or shows of them, and what it only tells when it is asked for. */
export interface JudgedKeys {
  readonly findings: readonly string[]
  readonly advice: readonly string[]
}

/** @param relations what `describeRelations` found: the floors say which columns keep rows apart */
export function judgeKeys(keys: readonly Row[], relations: readonly Row[]): JudgedKeys {
  const floors = new Map(relations.map((row) => [String(row['name']), findFloor(row)]))
  const judged = keys.map((key) => judgeKey(key, floors))
  return {
    findings: judged.flatMap(({ finding }) => (finding === undefined ? [] : [finding])),
    advice: judged.flatMap(({ advice }) => (advice === undefined ? [] : [advice])),
  }
}

type Floors = ReadonlyMap<string, readonly string[] | undefined>

function judgeKey(key: Row, floors: Floors): { readonly finding?: string; readonly advice?: string } {
  const [table, name, parent] = [String(key['table']), String(key['key']), String(key['parent'])]
  const [own, theirs] = [floors.get(table), floors.get(parent)]
  const columns = namesOf(key['columns'])
  if (key['kind'] === 'index') return own === undefined ? {} : judgeIndex(name, table, own, columns)
  if (own === undefined || theirs === undefined) {
    // Between two tables that hold nobody's data nothing has to be kept apart.
    if (key['acts'] !== true || own === theirs) return {}
    return {
      finding: `the foreign key ${name} of ${table} changes rows of all tenants, since ${own === undefined ? table : parent} is not kept apart, when a row of ${parent} goes; write it without an action`,
    }
  }
  const pairs = columns.map((column, at) => `${column} ${namesOf(key['parent_columns'])[at]}`)
  if (own.every((column, at) => pairs.includes(`${column} ${theirs[at]}`))) return {}
  const remedy = `add ${own.join(' and ')} to it`
  return key['acts'] === true
    ? {
        finding: `the foreign key ${name} of ${table} changes rows of another tenant when a row of ${parent} goes; ${remedy}`,
      }
    : { advice: `the foreign key ${name} of ${table} tells that a row of another tenant is in ${parent}; ${remedy}` }
}

function judgeIndex(
  name: string,
  table: string,
  own: readonly string[],
  leading: readonly string[],
): { readonly finding?: string } {
  if (own.every((column) => leading.includes(column))) return {}
  const columns = own.join(', ')
  return {
    finding: `the index ${name} of ${table} does not begin with ${own.join(' and ')}, so it tells what other tenants have; drop it, and run: create index on ${table} (${columns}, …), or for a key: alter table ${table} add unique (${columns}, …)`,
  }
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
