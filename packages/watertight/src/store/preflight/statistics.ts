import type { Row } from '../client.ts'
import { findFloor } from './floor.ts'

/**
 * The statements that end what the planner keeps of a relation's values, as an expression of SQL: of its columns, of what
 * its indexes compute, and of several columns together. Of uuids it may: they are random.
 *
 * @param relation the alias of a `pg_class`, with `quoted`
 */
export function endingStatistics(relation: string): string {
  const kept = `coalesce(a.attstattarget, -1) <> 0 and a.attnum > 0 and not a.attisdropped and a.atttypid <> 'uuid'::regtype`
  return `array(select 'alter table ' || ${relation}.quoted || ' ' || string_agg('alter ' || quote_ident(a.attname) || ' set statistics 0', ', ' order by a.attnum)
      from pg_attribute a where a.attrelid = ${relation}.oid and ${kept} having count(*) > 0
    union all select 'alter index ' || i.indexrelid::regclass || ' alter column ' || a.attnum || ' set statistics 0'
      from pg_index i join pg_attribute a on a.attrelid = i.indexrelid where i.indrelid = ${relation}.oid and i.indkey[a.attnum - 1] = 0 and ${kept}
    union all select 'drop statistics ' || s.stxnamespace::regnamespace || '.' || quote_ident(s.stxname) from pg_statistic_ext s where s.stxrelid = ${relation}.oid)`
}

/** Advises to end the statistics of values of the protected tables; those of the built-in ones are compared with the rest. */
export function adviseOnStatistics(relations: readonly Row[]): readonly string[] {
  return relations.flatMap((row) => {
    const [name, statements] = [String(row['name']), row['statistics']]
    if (name.startsWith('wt.') || findFloor(row) === undefined) return []
    if (!Array.isArray(statements) || statements.length === 0) return []
    return [
      `the planner keeps values of all tenants of ${name}, and EXPLAIN tells of them; run: ${statements.join('; ')}`,
    ]
  })
}
