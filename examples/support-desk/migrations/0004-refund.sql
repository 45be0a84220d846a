-- What was refunded, one row for each time. Ids are random: a counter would tell each customer how much the others refund.
create table desk.refund (
  tenant_id text collate "C",
  workspace_id text collate "C",
  id uuid not null default gen_random_uuid(),
  ticket_id text collate "C" not null,
  requested_by text collate "C" not null,
  primary key (tenant_id, workspace_id, id)
);
