import type { Engine } from '../client.ts'
import { heldRoles } from './held-roles.ts'
import { isNamed } from './named.ts'

/** Extensions whose functions leave the database, read its pages, or act for another session. */
const outwardExtensions = [
  'adminpack',
  'dblink',
  'http',
  'pageinspect',
  'pg_buffercache',
  'pg_cron',
  'pg_freespacemap',
  'pg_net',
  'pg_prewarm',
  'pg_surgery',
  'pg_visibility',
  'pg_walinspect',
  'pgrowlocks',
  'pgstattuple',
]

/**
 * Finds what the login can reach besides relations: places where it may create, functions that act with other rights, and
 * what only a superuser may give of the system's own. One finding a row.
 */
export function reachFindings(engine: Engine): string {
  return `with ${heldRoles(engine)},
  -- PUBLIC is 0 in an access list
  grantee as (select oid from held union select 0),
  callable as (
    select p.*, pg_describe_object('pg_proc'::regclass, p.oid, 0) as described, e.extname::text as extension, l.lanname::text as language, l.lanpltrusted as trusted
    from pg_proc p join pg_language l on l.oid = p.prolang
      left join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      left join pg_extension e on e.oid = d.refobjid
    where p.pronamespace not in (select oid from pg_namespace where nspname in ('information_schema', 'wt'))
      -- The system's own have numbers below; an extension may have put its functions beside them.
      and (p.pronamespace <> 'pg_catalog'::regnamespace or p.oid >= 16384)
      -- A trigger's function cannot be called, and who may hang it on a table is judged with the table.
      and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and exists (select from held where (has_schema_privilege(held.oid, p.pronamespace, 'USAGE') or ${isNamed('pg_proc', 'p.oid')}) and has_function_privilege(held.oid, p.oid, 'EXECUTE')))
  select 'the login may create in the schema ' || quote_ident(nspname) || ', and so put functions before those that others call; run: revoke create on schema '
      || quote_ident(nspname) || ' from public, ' || quote_ident(current_user) as told
    from pg_namespace n where nspname !~ '^pg_(temp|toast)' and nspname <> 'wt' and exists (select from held where has_schema_privilege(held.oid, n.oid, 'CREATE'))
  union all select 'the login may create schemas in this database; run: revoke create on database ' || quote_ident(current_database()) || ' from public, ' || quote_ident(current_user)
    where exists (select from held where has_database_privilege(held.oid, (select oid from pg_database where datname = current_database()), 'CREATE'))
  union all select 'the login may execute the ' || described || ', which acts with the rights of its owner (SECURITY DEFINER); revoke EXECUTE from public and the login, or make it SECURITY INVOKER'
    from callable where prosecdef
  union all select 'the login may execute the ' || described || ', which is written in ' || language || ', a language that nothing binds; revoke EXECUTE from public and the login'
    from callable where not prosecdef and (not trusted and language not in ('c', 'internal') or language in ('c', 'internal') and extension is null)
  union all select 'the login may execute the ' || described || ', which is LEAKPROOF and so sees rows before a policy does; revoke EXECUTE from public and the login'
    from callable where not prosecdef and proleakproof and extension is null
  union all select 'the login may execute functions of the extension ' || extension || ', which reach beyond row security; revoke EXECUTE on them from public and the login'
    from callable where extension = any (array[${outwardExtensions.map((name) => `'${name}'`).join(', ')}]) group by extension
  union all select 'the login has rights on pg_catalog.' || c.relname || ' that no login has on a new server (' || string_agg(distinct lower(a.privilege_type), ', ') || '); revoke them'
    from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'pg_catalog'::regnamespace and a.grantee in (select oid from grantee)
      and not exists (select from pg_init_privs i, aclexplode(i.initprivs) b where i.privtype = 'i' and i.classoid = 'pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0 and b.grantee = 0 and b.privilege_type = a.privilege_type)
    group by c.relname
  union all select 'the login has rights on columns of pg_catalog.' || c.relname || ' that no login has on a new server; revoke them'
    from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a where t.attacl is not null and c.relnamespace = 'pg_catalog'::regnamespace and a.grantee in (select oid from grantee)
      and not exists (select from pg_init_privs i, aclexplode(i.initprivs) b where i.privtype = 'i' and i.classoid = 'pg_class'::regclass and i.objoid = c.oid and i.objsubid = t.attnum and b.grantee = 0 and b.privilege_type = a.privilege_type)
    group by c.relname
  union all select 'the login may execute the ' || pg_describe_object('pg_proc'::regclass, p.oid, 0) || ' of pg_catalog, which no login may on a new server; revoke it'
    from pg_proc p where p.proacl is not null and p.pronamespace = 'pg_catalog'::regnamespace
      and exists (select from pg_init_privs i where i.classoid = 'pg_proc'::regclass and i.objoid = p.oid
        and not exists (select from aclexplode(i.initprivs) b where b.grantee = 0))
      and exists (select from aclexplode(p.proacl) a where a.grantee in (select oid from grantee))
  union all select 'the login may ' || lower(a.privilege_type) || ' the parameter ' || p.parname || '; run: revoke ' || lower(a.privilege_type) || ' on parameter ' || p.parname || ' from public, ' || quote_ident(current_user)
    from pg_parameter_acl p, aclexplode(p.paracl) a where a.grantee in (select oid from grantee)
  union all select 'the login may use the foreign server ' || quote_ident(srvname) || ', which reaches beyond this database; revoke USAGE'
    from pg_foreign_server s where exists (select from held where has_server_privilege(held.oid, s.oid, 'USAGE'))
  union all select 'the login may use the foreign-data wrapper ' || quote_ident(fdwname) || '; revoke USAGE'
    from pg_foreign_data_wrapper w where exists (select from held where has_foreign_data_wrapper_privilege(held.oid, w.oid, 'USAGE'))
  order by 1`
}
