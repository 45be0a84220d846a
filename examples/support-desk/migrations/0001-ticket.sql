-- The desk's own table, as a product would have it before it knew of Watertight: the desk's own ids, and no uuid of ours.
-- Ids compare byte by byte (collate "C"): "acme" and "ACME" are two tenants.
create schema desk;
grant usage on schema desk to :"app";
create table desk.ticket (
  tenant_id text collate "C",
  workspace_id text collate "C",
  id text collate "C",
  title text not null,
  body text not null,
  status text not null check (status in ('open', 'pending', 'closed')),
  note text not null default '',
  primary key (tenant_id, workspace_id, id)
);
