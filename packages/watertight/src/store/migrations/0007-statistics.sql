-- The planner's statistics of a column hold values of all tenants, and EXPLAIN shows what it makes of them: `explain
-- select .. where body < 'm'` would tell one tenant about another's texts, without reading a row. Only ids keep theirs,
-- which are random; the keys of every table lead to a row without the others.
do $$
declare
  c record;
begin
  for c in
    select a.attrelid::regclass as relation, a.attname as name
    from pg_attribute a join pg_class t on t.oid = a.attrelid
    where t.relnamespace = 'wt'::regnamespace and t.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.atttypid <> 'uuid'::regtype
  loop
    execute format('alter table %s alter %I set statistics 0', c.relation, c.name);
  end loop;
end $$;
