import type { Engine, Row } from '../client.ts'
import { findFloor } from './floor.ts'
import { heldRoles } from './held-roles.ts'

/**
 * The statement that lists the keys of the app's own tables in reach. The server checks keys past row security: a key
 * without the tenant and the workspace tells of rows of others, and a foreign key with an action changes them.
 */
export function describeKeys(engine: Engine): string {
  const columns = (relation: string, numbers: string) =>
    `array(select quote_ident(a.attname) from unnest(${numbers}) with ordinality part (number, at) join pg_attribute a on a.attrelid = ${relation} and a.attnum = part.number order by part.at)`
  return `with ${heldRoles(engine)}, reach as (select c.oid, n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'wt')
      and exists (select from held where has_any_column_privilege(held.oid, c.oid, 'SELECT, INSERT, UPDATE') or has_table_privilege(held.oid, c.oid, 'DELETE')))
  select 'foreign' as kind, r.name as table, k.conname::text as key, p.name as parent, ${columns('k.conrelid', 'k.conkey')} as columns, ${columns('k.confrelid', 'k.confkey')} as parent_columns,
      k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd') as acts
    from pg_constraint k join reach r on r.oid = k.conrelid join reach p on p.oid = k.confrelid where k.contype = 'f'
  union all
  select 'unique', r.name, i.indexrelid::regclass::text, null, ${columns('i.indrelid', 'i.indkey::int2[]')}, null, false
    from pg_index i join reach r on r.oid = i.indrelid where i.indisunique or i.indisexclusion
  order by 1, 2, 3`
}

/** What a key does to rows of others, and what it only tells of them. */
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
  const own = floors.get(table)
  if (own === undefined) return {}
  const columns = namesOf(key['columns'])
  if (key['kind'] === 'unique') {
    if (own.every((column) => columns.includes(column))) return {}
    return {
      advice: `the key ${name} of ${table} tells that a row of another tenant has the same value; add ${own.join(' and ')} to it`,
    }
  }
  const theirs = floors.get(parent)
  if (theirs === undefined) return {}
  const pairs = columns.map((column, at) => `${column} ${namesOf(key['parent_columns'])[at]}`)
  if (own.every((column, at) => pairs.includes(`${column} ${theirs[at]}`))) return {}
  const remedy = `add ${own.join(' and ')} to it`
  return key['acts'] === true
    ? {
        finding: `the foreign key ${name} of ${table} changes rows of another tenant when a row of ${parent} goes; ${remedy}`,
      }
    : { advice: `the foreign key ${name} of ${table} tells that a row of another tenant is in ${parent}; ${remedy}` }
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}
