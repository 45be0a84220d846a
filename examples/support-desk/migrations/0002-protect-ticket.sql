-- desk.ticket: only the rows of the boundary exist. Without a valid token a statement that meets a row raises.
alter table "desk"."ticket" alter "tenant_id" set not null, alter "workspace_id" set not null;
alter table "desk"."ticket" alter "tenant_id" set default (wt.application_boundary()).tenant, alter "workspace_id" set default (wt.application_boundary()).workspace;
alter table "desk"."ticket" enable row level security;
alter table "desk"."ticket" force row level security;
create policy floor on "desk"."ticket" as restrictive to :"app"
  using (("tenant_id", "workspace_id", true) = (select b.tenant, b.workspace, true from wt.application_boundary() b));
create policy within_boundary on "desk"."ticket" to :"app" using (true);
grant select, insert, update, delete on "desk"."ticket" to :"app";
