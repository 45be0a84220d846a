import type { Engine } from '../client.ts'
import { heldRoles } from './held-roles.ts'

/** What makes, reads and changes a large object: it belongs to the login, and so to all its sessions. */
const largeObjectFunctions = [
  'lo_close',
  'lo_creat',
  'lo_create',
  'lo_from_bytea',
  'lo_get',
  'lo_lseek',
  'lo_lseek64',
  'lo_open',
  'lo_put',
  'lo_tell',
  'lo_tell64',
  'lo_truncate',
  'lo_truncate64',
  'lo_unlink',
  'loread',
  'lowrite',
]

const inSql = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ')

/**
 * Takes large objects from everybody where that is possible and takes nothing from anybody: as a superuser, in a database
 * that has none. The statement does nothing otherwise; `serverAdvice` says then what to run.
 */
export const closeLargeObjects = `do $$
declare
  f regprocedure;
begin
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) or exists (select from pg_catalog.pg_largeobject_metadata) then
    return;
  end if;
  for f in select oid from pg_catalog.pg_proc where pronamespace = 'pg_catalog'::regnamespace and proname in (${inSql(largeObjectFunctions)}) loop
    execute format('revoke execute on function %s from public', f);
  end loop;
end $$`

/**
 * What a stock server gives to every login, and sessions of one login can use on each other. Start-up serves with it,
 * because it takes a superuser to change and most servers are somebody else's; `watertight check` prints it. One advice a row.
 */
export function serverAdvice(engine: Engine): string {
  return `with ${heldRoles(engine)},
  shared as (select p.oid, case when p.proname ~ '^lo' then 'objects' else 'sessions' end as what from pg_proc p
    -- On PGlite the session is the superuser, whom no revoke binds.
    where ${engine.name === 'postgres'} and p.pronamespace = 'pg_catalog'::regnamespace and p.proname in (${inSql([...largeObjectFunctions, 'pg_cancel_backend', 'pg_terminate_backend'])})
      and exists (select from held where has_function_privilege(held.oid, p.oid, 'EXECUTE')))
  select case what when 'objects' then 'large objects are shared by all sessions of the login' else 'sessions of the login may end one another' end
      || '; run as superuser: revoke execute on function ' || string_agg(oid::regprocedure::text, ', ' order by oid::regprocedure::text) || ' from public' as told
    from shared group by what
  union all select 'the default privileges of ' || d.defaclrole::regrole || ' give what is created later to the login' || coalesce(' in the schema ' || nullif(d.defaclnamespace, 0)::regnamespace, '') || '; put each new table under: watertight protect'
    from pg_default_acl d where d.defaclobjtype in ('r', 'S') and exists (select from aclexplode(d.defaclacl) a where a.grantee in (select oid from held union select 0) and a.grantee <> d.defaclrole)
  union all select 'the sequence ' || n.nspname || '.' || c.relname || ' tells how fast all tenants write; use identity columns or random ids, and revoke it'
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'S' and n.nspname !~ '^pg_'
      and exists (select from held where case c.relkind when 'S' then has_sequence_privilege(held.oid, c.oid, 'SELECT, USAGE') end)
  order by 1`
}
