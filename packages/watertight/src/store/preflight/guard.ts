import type { Engine, Row } from '../client.ts'
import { heldRoles } from './held-roles.ts'
import { leadingColumns } from './leading-columns.ts'
import { pinnedSchema } from './pinned-schema.ts'

/**
 * Describes everything of the schema `wt` that the guard rests on, one object a row: `name` and `detail`. The search path
 * must be pg_catalog alone, so that every other name is written in full.
 *
 * Roles are written by what they are here: `app` for the login and what it is a member of, `owner` for the schema's
 * owner. What is granted to others, and policies for them, are theirs: they open nothing to this login.
 */
export function describeGuard(engine: Engine): string {
  return `with ${heldRoles(engine)}, wt as (select oid, nspowner, nspacl from pg_namespace where nspname = 'wt'),
  name (oid, name) as (select r.oid, case when r.oid in (select oid from held) then 'app' when r.oid = wt.nspowner then 'owner' else quote_literal(r.rolname) end
    from pg_roles r, wt union all select 0, 'public'),
  relation as (select c.* from pg_class c join wt on wt.oid = c.relnamespace where c.relkind not in ('i', 'I', 't')),
  granted (name, list) as (
    select 'schema wt', coalesce(nspacl, acldefault('n', nspowner)) from wt
    union all select ${kindOf} || ' wt.' || c.relname, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner)) from relation c where c.relkind <> 'c'
    union all select 'column wt.' || c.relname || '.' || a.attname, a.attacl from relation c join pg_attribute a on a.attrelid = c.oid where a.attacl is not null and a.attnum > 0
    union all select 'function ' || p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner)) from pg_proc p join wt on wt.oid = p.pronamespace),
  ours (oid) as (select nspowner from wt union select oid from held union select 0)
  select 'schema wt' as name, 'owned by ' || o.name as detail from wt join name o on o.oid = nspowner
  union all
  select ${kindOf} || ' wt.' || c.relname, 'owned by ' || o.name || case c.relpersistence when 'p' then '' else ', persistence ' || c.relpersistence::text end
      || case when c.relrowsecurity then ', row security' else '' end || case when c.relforcerowsecurity then ', forced' else '' end
      || coalesce(', with ' || array_to_string(c.reloptions, ' '), '')
      || coalesce(', of ' || (select string_agg(inhparent::regclass::text, ' ' order by inhseqno) from pg_inherits where inhrelid = c.oid), '')
      || coalesce(', with children ' || (select string_agg(inhrelid::regclass::text, ' ' order by 1) from pg_inherits where inhparent = c.oid), '')
      || case when c.relkind in ('v', 'm') then ', as ' || pg_get_viewdef(c.oid) else '' end
    from relation c join name o on o.oid = c.relowner
  union all
  select 'column wt.' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod)
      || coalesce(' collate ' || (select case when l.collname in ('default', 'C') then '' else l.collnamespace::regnamespace::text || '.' end || l.collname from pg_collation l where l.oid = a.attcollation), '')
      || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      || case a.attidentity when '' then '' else ' identity ' || a.attidentity::text end || case a.attgenerated when '' then '' else ' generated ' || a.attgenerated::text end
      || case coalesce(a.attstattarget, -1) when -1 then '' else ' statistics ' || a.attstattarget end
    from pg_attribute a join relation c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped
  union all
  select 'constraint ' || k.conname || ' of ' || coalesce(nullif(k.conrelid, 0)::regclass::text, k.contypid::regtype::text), pg_get_constraintdef(k.oid)
    from pg_constraint k join wt on wt.oid = k.connamespace where k.contype not in ('n', 't')
  union all
  -- An index that keeps nothing apart, computes nothing and begins as the floors do may be added or dropped for speed.
  select 'index ' || i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) || case when i.indisvalid and i.indisready and i.indimmediate then '' else ', not in force' end
    from pg_index i join relation c on c.oid = i.indrelid where i.indisunique or i.indisexclusion or i.indexprs is not null or i.indpred is not null or ${leadingColumns('i')} <> array['tenant_id', 'workspace_id']
  union all
  select 'policy ' || p.polname || ' of wt.' || c.relname, case when p.polpermissive then 'permissive' else 'restrictive' end || ' for '
      || case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end
      || ' to ' || (select string_agg(n.name, ', ' order by n.name) from name n where n.oid = any (p.polroles))
      || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '') || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
    from pg_policy p join relation c on c.oid = p.polrelid where p.polroles && array(select oid from ours)
  union all
  select 'trigger ' || t.tgname || ' of wt.' || c.relname, pg_get_triggerdef(t.oid) || case t.tgenabled when 'O' then '' else ', enabled ' || t.tgenabled::text end
    from pg_trigger t join relation c on c.oid = t.tgrelid where not t.tgisinternal or t.tgenabled <> 'O'
  union all
  select 'rule ' || r.rulename || ' of wt.' || c.relname, pg_get_ruledef(r.oid) from pg_rewrite r join relation c on c.oid = r.ev_class
    where r.rulename <> '_RETURN' or r.ev_type <> '1' or r.ev_enabled <> 'O'
  union all
  select 'function ' || p.oid::regprocedure::text, case p.prokind when 'f' then '' else 'kind ' || p.prokind::text || ', ' end || (select lanname from pg_language where oid = p.prolang)
      || case p.provolatile when 's' then ' stable' when 'i' then ' immutable' else ' volatile' end || case when p.prosecdef then ' definer' else ' invoker' end
      || case p.proparallel when 'u' then '' else ' parallel ' || p.proparallel::text end || case when p.proleakproof then ' leakproof' else '' end || case when p.proisstrict then ' strict' else '' end
      || case when p.prosupport <> 0 then ' support ' || p.prosupport::text else '' end
      || ', (' || pg_get_function_arguments(p.oid) || ') returns ' || coalesce(pg_get_function_result(p.oid), '')
      || coalesce(', set ' || array_to_string(p.proconfig, ' '), '') || ', owned by ' || o.name
      || ', body ' || encode(sha256(convert_to(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc) || coalesce(p.probin, ''), 'UTF8')), 'hex')
    from pg_proc p join wt on wt.oid = p.pronamespace join name o on o.oid = p.proowner
  union all
  select 'type ' || t.oid::regtype::text, 'kind ' || t.typtype::text || ', owned by ' || o.name || coalesce(', of ' || format_type(nullif(t.typbasetype, 0), t.typtypmod), '') || case when t.typnotnull then ' not null' else '' end
      || coalesce(', values ' || (select string_agg(quote_literal(e.enumlabel), ' ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '')
    from pg_type t join wt on wt.oid = t.typnamespace join name o on o.oid = t.typowner
    where not exists (select from relation c where c.reltype = t.oid) and not exists (select from pg_type element where element.typarray = t.oid)
  union all
  select 'cast ' || k.castsource::regtype::text || ' as ' || k.casttarget::regtype::text, '' from pg_cast k, wt
    where wt.oid in (select typnamespace from pg_type where oid in (k.castsource, k.casttarget))
  union all
  select 'grant of ' || lower(g.privilege_type) || ' on ' || granted.name || ' to ' || g.name || case when g.is_grantable then ' with grant option' else '' end, ''
    from granted, lateral (select n.name, a.privilege_type, a.is_grantable from aclexplode(granted.list) a join name n on n.oid = a.grantee where n.name in ('app', 'public')) g
  union all
  -- Whatever else a schema can hold: operators, collations, statistics, default privileges.
  select pg_describe_object(d.classid, d.objid, 0), '' from pg_depend d join wt on d.refobjid = wt.oid
    where d.refclassid = 'pg_namespace'::regclass and d.classid not in ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass)`
}

const kindOf = `case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'c' then 'type' else 'relation' end`

/** The schema by object, in one spelling: servers differ in blanks, and in whether a column without a name is given one. */
export function readSchema(rows: readonly Row[]): ReadonlyMap<string, string> {
  const one = (text: unknown) =>
    String(text)
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\btrue AS bool\b/g, 'true')
      .trim()
  return new Map(rows.map((row) => [one(row['name']), one(row['detail'])]))
}

/** Compares what the database has with what the migrations of this version make. */
export function judgeSchema(rows: readonly Row[]): readonly string[] {
  const found = readSchema(rows)
  if (!found.has('schema wt')) return ['the schema wt is not there; run: watertight migrate']
  const expected = Object.entries(pinnedSchema)
  const changed = expected.flatMap(([name, detail]) => {
    const actual = found.get(name)
    // A grant that was taken away closes something, and opens nothing.
    if (actual === detail || name.startsWith('grant of ')) return []
    return [
      `the ${name} is ${actual === undefined ? 'missing' : 'not as the migrations made it'}; restore it: ${detail}`,
    ]
  })
  const unknown = [...found.keys()].filter((name) => !Object.hasOwn(pinnedSchema, name))
  return [
    ...changed,
    ...unknown.map((name) => `the ${name} is none of ours; ${name.startsWith('grant of ') ? 'revoke' : 'drop'} it`),
  ]
}
