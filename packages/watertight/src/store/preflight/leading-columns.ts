/**
 * The two columns that an index begins with, as an expression of SQL; fewer where it is of another kind than btree, or
 * where they are computed, or sorted otherwise than the column compares.
 *
 * A condition that is leakproof goes into an index before a policy is asked: `id = 7` on an index of `id` meets a row of
 * another tenant, and tells of it. An index that begins with the columns of the floor has the floor as its condition.
 *
 * @param index the alias of a `pg_index`
 */
export function leadingColumns(index: string): string {
  return `array(select quote_ident(a.attname) from unnest(${index}.indkey::int2[], ${index}.indclass::oid[], ${index}.indcollation::oid[]) with ordinality part (number, class, sorting, at)
    join pg_attribute a on a.attrelid = ${index}.indrelid and a.attnum = part.number and a.attcollation = part.sorting
    join pg_opclass o on o.oid = part.class and o.opcdefault join pg_am m on m.oid = o.opcmethod and m.amname = 'btree'
    where part.at <= least(2, ${index}.indnkeyatts) order by part.at)`
}
