/**
 * Whether something names an object for a role that has no USAGE on the object's schema, as an expression of SQL: a view,
 * a default, a check, a cast or a function with a parsed body. The schema is asked when a name is read, and they were read
 * when their owner wrote them.
 *
 * @param catalog the catalog of the object
 * @param oid an expression
 */
export function isNamed(catalog: 'pg_class' | 'pg_proc', oid: string): string {
  return `exists (select from pg_depend d where d.refclassid = '${catalog}'::regclass and d.refobjid = ${oid} and d.deptype = 'n')`
}
