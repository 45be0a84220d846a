import type { Engine, Row } from '../client.ts'
import { judgeFloor } from './floor.ts'
import { heldRoles } from './held-roles.ts'
import { isNamed } from './named.ts'
import { pinnedSchema } from './pinned-schema.ts'
import { endingStatistics } from './statistics.ts'

/** The statement that describes every relation which this login can reach, whoever made it. */
export function describeRelations(engine: Engine): string {
  return `with ${heldRoles(engine)}, reach as (
    select c.*, n.nspname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as quoted from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      -- A sequence is called by its number too, which asks for no schema.
      and exists (select from held where (has_schema_privilege(held.oid, n.oid, 'USAGE') or c.relkind = 'S' or ${isNamed('pg_class', 'c.oid')}) and (${reaches('held.oid')})))
  select c.nspname || '.' || c.relname as name, c.quoted, c.relkind::text as kind, c.relrowsecurity and c.relforcerowsecurity as secured,
    coalesce((select bool_or(o.option_value in ('true', 'on', '1', 'yes')) from pg_options_to_table(c.reloptions) o where o.option_name = 'security_invoker'), false) as invoker,
    c.relkind <> 'S' and exists (select from held where has_table_privilege(held.oid, c.oid, 'TRUNCATE, TRIGGER, REFERENCES') or has_any_column_privilege(held.oid, c.oid, 'REFERENCES')) as excessive,
    c.relkind = 'S' and exists (select from held where case c.relkind when 'S' then has_sequence_privilege(held.oid, c.oid, 'UPDATE') end) as settable,
    array(select r.rulename::text from pg_rewrite r where r.ev_class = c.oid and (r.rulename <> '_RETURN' or r.ev_type <> '1') order by 1) as rules,
    -- A trigger runs as whoever writes: it is its author's code inside every boundary.
    array(select t.tgname::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid where t.tgrelid = c.oid and not t.tgisinternal
      and p.proowner not in (c.relowner, (select relowner from pg_class where oid = 'pg_class'::regclass))
      and p.proowner not in (select oid from pg_roles where rolsuper) order by 1) as triggers,
    coalesce((select json_agg(json_build_object('name', p.polname, 'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)
      from pg_policy p where p.polrelid = c.oid and not p.polpermissive and p.polcmd = '*'
        -- It must hold for each role that reaches the table: a member without INHERIT takes another one by SET ROLE.
        and not exists (select from held where ${reaches('held.oid')} and not exists (select from unnest(p.polroles) r where case r when 0 then true else pg_has_role(held.oid, r, 'USAGE') end))), '[]') as floors,
    (select json_object_agg(quote_ident(a.attname), json_build_object('type', format_type(a.atttypid, null), 'required', a.attnotnull, 'exact', coalesce(l.collisdeterministic, true)))
      from pg_attribute a left join pg_collation l on l.oid = a.attcollation where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    case when c.relkind in ('r', 'p') and c.nspname <> 'wt' then ${endingStatistics('c')} end as statistics
  from reach c order by 1`
}

/** @param unprotected tables that hold nobody's data, as `schema.table` */
export function judgeRelations(rows: readonly Row[], unprotected: readonly string[]): readonly string[] {
  return rows.filter((row) => !unprotected.includes(String(row['name']))).flatMap(judgeRelation)
}

function judgeRelation(row: Row): readonly string[] {
  const [name, kind] = [String(row['name']), row['kind']]
  if (kind === 'S')
    return row['settable'] === true
      ? [
          `the login may set the sequence ${name}, which all tenants count by; run: revoke update on sequence ${String(row['quoted'])} from public and the login`,
        ]
      : []
  if (kind === 'm' || kind === 'f')
    return [
      `${name} is a materialized view or foreign table, which row security does not reach; revoke it from public and the login`,
    ]
  return [...(kind === 'v' ? judgeView(name, row) : judgeTable(name, row)), ...judgeAttached(name, row)]
}

function judgeView(name: string, row: Row): readonly string[] {
  if (row['invoker'] === true) return []
  return [
    `the view ${name} lacks security_invoker, so it reads as its owner; run: alter view ${String(row['quoted'])} set (security_invoker = true)`,
  ]
}

function judgeTable(name: string, row: Row): readonly string[] {
  const findings: string[] = []
  if (row['secured'] !== true)
    findings.push(`the table ${name} has no forced row security; put it under: watertight protect ${name}`)
  // The text of a built-in floor is pinned; here only whether there is one at all.
  if (!Object.hasOwn(pinnedSchema, `policy floor of ${name}`)) findings.push(...judgeFloor(name, row))
  if (row['excessive'] === true)
    findings.push(
      `the login has TRUNCATE, TRIGGER or REFERENCES on ${name}, which row security does not bind; run: revoke truncate, trigger, references on ${String(row['quoted'])} from public and the login`,
    )
  return findings
}

function judgeAttached(name: string, row: Row): readonly string[] {
  return [
    ...namesOf(row['rules']).map(
      (rule) =>
        `the rule ${rule} of ${name} acts with the rights of the table's owner; write a trigger in its place, and drop it`,
    ),
    ...namesOf(row['triggers']).map(
      (trigger) =>
        `the trigger ${trigger} of ${name} runs a function of another owner than the table's; drop it, or give the function to the table's owner`,
    ),
  ]
}

function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function reaches(role: string): string {
  return `case c.relkind when 'S' then has_sequence_privilege(${role}, c.oid, 'USAGE, SELECT, UPDATE')
    else has_table_privilege(${role}, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') or has_any_column_privilege(${role}, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') end`
}
