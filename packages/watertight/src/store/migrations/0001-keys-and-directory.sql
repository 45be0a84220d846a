-- Keys and directory: what decides who may do what. Granted to nobody; the functions of the next files read it on behalf
-- of whoever presents a signed token. Run by the owner's login, never by the application's.
-- :"app" stands for the application's role; the runner quotes it.

create schema wt;
revoke all on schema wt from public;
grant usage on schema wt to :"app";

-- HMAC-SHA256 needs no extension when the padded keys are at hand: sha256(opad || sha256(ipad || message)) (RFC 2104).
-- Left out of dumps by its name, and replaced after a restore: a copy of the data must not carry the key to it.
create table wt.key (
  kid text collate "C" primary key,
  ipad bytea not null,
  opad bytea not null,
  created_at timestamptz not null default now()
);

create table wt.migration (
  version int primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
);

create table wt.setting (
  name text collate "C" primary key,
  value text not null
);
insert into wt.setting values ('app-role', :'app');

create table wt.tenant (
  id uuid primary key default gen_random_uuid(),
  external_id text collate "C" not null unique,
  plan text not null,
  region text not null,
  epoch bigint not null default 0,
  -- the epoch that an application's own directory gave last; what differs from it raises ours
  mirrored_epoch bigint,
  suspended boolean not null default false
);

create table wt.workspace (
  tenant_id uuid not null references wt.tenant (id),
  id uuid not null default gen_random_uuid(),
  external_id text collate "C" not null,
  primary key (tenant_id, id),
  unique (tenant_id, external_id)
);

create table wt.datasource (
  tenant_id uuid not null,
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  external_id text collate "C" not null,
  primary key (tenant_id, workspace_id, id),
  unique (tenant_id, workspace_id, external_id),
  foreign key (tenant_id, workspace_id) references wt.workspace (tenant_id, id)
);

-- A member is one person in one workspace. `removed` keeps the row, so that evidence still names it and its id never
-- comes back: the same person added again is a new member, with nothing of the old one's.
create table wt.member (
  tenant_id uuid not null,
  workspace_id uuid not null,
  id uuid not null default gen_random_uuid(),
  issuer text collate "C" not null,
  subject text collate "C" not null,
  role text not null,
  version bigint not null default 0,
  mirrored_version bigint,
  allowed_tools text[] collate "C" not null default '{}',
  allowed_datasources uuid[] not null default '{}',
  removed boolean not null default false,
  primary key (tenant_id, workspace_id, id),
  foreign key (tenant_id, workspace_id) references wt.workspace (tenant_id, id)
);
create unique index member_person on wt.member (tenant_id, workspace_id, issuer, subject) where not removed;

-- Enabled without a policy: nobody but the owner reads them, even where a grant slips in.
alter table wt.key enable row level security;
alter table wt.migration enable row level security;
alter table wt.setting enable row level security;
alter table wt.tenant enable row level security;
alter table wt.workspace enable row level security;
alter table wt.datasource enable row level security;
alter table wt.member enable row level security;

-- Nobody's tenant: owner of the one row that keeps every customer table from being empty. A sequential scan of an empty
-- table evaluates no policy, so a statement without a token would return nothing instead of raising; with this row it
-- raises. No principal can name an empty id, and the tenant is suspended.
insert into wt.tenant (id, external_id, plan, region, suspended)
  values ('00000000-0000-0000-0000-000000000000', '', '', '', true);
insert into wt.workspace (tenant_id, id, external_id)
  values ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '');
insert into wt.datasource (tenant_id, workspace_id, id, external_id)
  values ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '');
insert into wt.member (tenant_id, workspace_id, id, issuer, subject, role, removed)
  values ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', '', '', true);
