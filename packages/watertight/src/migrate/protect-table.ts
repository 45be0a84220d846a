import { quoteIdentifier } from '../store/index.ts'

export interface ProtectTableOptions {
  /** `table` or `schema.table` */
  readonly table: string
  /** the column that names the tenant, by the app's ids; `tenant_id` where absent */
  readonly tenant?: string
  /** the column that names the workspace; `workspace_id` where absent */
  readonly workspace?: string
  /** the login that serves; without it the placeholder `:"app"`, which application migrations fill in */
  readonly appRole?: string
}

/**
 * Writes the migration that puts a table of the app's own under row security on the boundary. The ids stay the app's.
 * Run by the table's owner.
 *
 * The floor is named `floor` and compares `true` as well, for the reason given in the built-in migrations (0003): it must
 * come before any other condition.
 *
 * @returns SQL: not null, row security enabled and forced, a restrictive floor, defaults from the boundary, the grants, no statistics of values
 * @throws {TypeError} when `table` has another form
 */
export function protectTable(options: ProtectTableOptions): string {
  const { tenant = 'tenant_id', workspace = 'workspace_id' } = options
  const names = options.table.split('.')
  if (names.length > 2 || names.includes('')) throw new TypeError('The option table is table or schema.table.')
  const table = names.map(quoteIdentifier).join('.')
  const [tenantColumn, workspaceColumn] = [quoteIdentifier(tenant), quoteIdentifier(workspace)]
  const literal = `'${table.replaceAll("'", "''")}'`
  const app = options.appRole === undefined ? ':"app"' : quoteIdentifier(options.appRole)
  return `-- ${options.table}: only the rows of the boundary exist. Without a valid token a statement that meets a row raises.
alter table ${table} alter ${tenantColumn} set not null, alter ${workspaceColumn} set not null;
alter table ${table} alter ${tenantColumn} set default (wt.application_boundary()).tenant, alter ${workspaceColumn} set default (wt.application_boundary()).workspace;
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy floor on ${table} as restrictive to ${app}
  using ((${tenantColumn}, ${workspaceColumn}, true) = (select b.tenant, b.workspace, true from wt.application_boundary() b));
create policy within_boundary on ${table} to ${app} using (true);
grant select, insert, update, delete on ${table} to ${app};
-- The planner keeps no values, which EXPLAIN would tell of to all tenants, save of uuids, which are random.
do $statistics$
declare
  c name;
begin
  for c in
    select attname from pg_catalog.pg_attribute
    where attrelid = ${literal}::regclass and attnum > 0 and not attisdropped and atttypid <> 'uuid'::regtype
  loop
    execute format('alter table %s alter %I set statistics 0', ${literal}::regclass, c);
  end loop;
end $statistics$;
`
}
