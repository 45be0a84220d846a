import type { Engine } from '../client.ts'
import { heldRoles } from './held-roles.ts'

/**
 * Finds what no login that serves may be: one finding a row, for every role that the login is a member of too. `wrong`
 * says that it is another login than the one that serves, and not that one with something too much.
 */
export function loginFindings(engine: Engine): string {
  return `with ${heldRoles(engine)}, role as (select r.* from pg_roles r join held using (oid)),
    wt as (select oid, nspowner from pg_namespace where nspname = 'wt')
  select 'the login is a superuser, which no row security binds' as told, true as wrong from role where rolsuper
  union select 'the login has BYPASSRLS', true from role where rolbypassrls
  union select 'the login has CREATEROLE or REPLICATION', false from role where rolcreaterole or rolreplication
  union select 'the login has CREATEDB; run: alter role ' || quote_ident(rolname) || ' nocreatedb', false from role where rolcreatedb
  union select 'the login is a member of ' || rolname || case
      when rolname ~ '^pg_(read_all_data|write_all_data|read_server|write_server|execute_server)' then ', a role that reads or writes all data'
      else ', a role that sees or does more than its own' end || '; revoke it', rolname ~ '^pg_(read|write)_all_data' from role where rolname ~ '^pg_'
  union select 'the login may give the role ' || quote_ident(r.rolname) || ' to others (ADMIN OPTION); revoke that', false
    from pg_auth_members m join held on held.oid = m.member join pg_roles r on r.oid = m.roleid where m.admin_option
  union select 'the login owns tables, and an owner can switch row security off', true where exists (
    select from pg_class c join held on held.oid = c.relowner
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace::regnamespace::text !~ '^pg_')
  union select 'the login owns the schema wt or may create in it', exists (select from wt join held on held.oid = wt.nspowner) where exists (select from wt join held on held.oid = wt.nspowner)
    or exists (select from pg_proc p join held on held.oid = p.proowner join wt on wt.oid = p.pronamespace)
    or exists (select from wt, held where has_schema_privilege(held.oid, wt.oid, 'CREATE'))
  union (select 'the login owns the ' || pg_describe_object(d.classid, d.objid, 0) || '; give it to another role', false
    from pg_shdepend d join held on held.oid = d.refobjid ${ownedByLogin} order by 1 limit 20)`
}

// What lives in the session's own temporary schema ends with it; large objects and default privileges can be made by any
// login, and refusing them here would let its SQL stop every start. A superuser is a finding of its own.
const ownedByLogin = `
    left join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
    left join pg_type t on d.classid = 'pg_type'::regclass and t.oid = d.objid
    left join pg_proc p on d.classid = 'pg_proc'::regclass and p.oid = d.objid
    where d.deptype = 'o' and d.refclassid = 'pg_authid'::regclass
      and (d.dbid = (select oid from pg_database where datname = current_database())
        or d.classid = 'pg_database'::regclass and d.objid = (select oid from pg_database where datname = current_database()))
      and d.classid not in ('pg_largeobject'::regclass, 'pg_default_acl'::regclass)
      and not exists (select from role where rolsuper)
      and coalesce(c.relnamespace, t.typnamespace, p.pronamespace, 0)::regnamespace::text !~ '^pg_(temp|toast)'`
