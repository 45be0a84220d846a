-- desk.refund: only the rows of the boundary exist. Without a valid token a statement that meets a row raises.
alter table "desk"."refund" alter "tenant_id" set not null, alter "workspace_id" set not null;
alter table "desk"."refund" alter "tenant_id" set default (wt.application_boundary()).tenant, alter "workspace_id" set default (wt.application_boundary()).workspace;
alter table "desk"."refund" enable row level security;
alter table "desk"."refund" force row level security;
create policy floor on "desk"."refund" as restrictive to :"app"
  using (("tenant_id", "workspace_id", true) = (select b.tenant, b.workspace, true from wt.application_boundary() b));
create policy within_boundary on "desk"."refund" to :"app" using (true);
grant select, insert, update, delete on "desk"."refund" to :"app";
-- The planner keeps no values, which EXPLAIN would tell of to all tenants, save of uuids, which are random.
do $statistics$
declare
  c name;
begin
  for c in
    select attname from pg_catalog.pg_attribute
    where attrelid = '"desk"."refund"'::regclass and attnum > 0 and not attisdropped and atttypid <> 'uuid'::regtype
  loop
    execute format('alter table %s alter %I set statistics 0', '"desk"."refund"'::regclass, c);
  end loop;
end $statistics$;
