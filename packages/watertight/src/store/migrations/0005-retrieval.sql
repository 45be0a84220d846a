-- Documents, their chunks, and their vectors. Vectors lie in blobs of up to 512; a generation row per datasource and
-- embedder tells a process whether the slab it holds is still what the blobs say.

create table wt.document (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  datasource_id uuid not null,
  embedder text collate "C" not null,
  id text collate "C" not null,
  title text not null,
  added_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workspace_id, datasource_id, embedder, id),
  foreign key (tenant_id, workspace_id, datasource_id) references wt.datasource (tenant_id, workspace_id, id)
);

create table wt.chunk (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  datasource_id uuid not null,
  embedder text collate "C" not null,
  number bigint not null,
  document_id text collate "C" not null,
  segment int not null,
  heading text not null,
  body text not null,
  primary key (tenant_id, workspace_id, datasource_id, embedder, number),
  foreign key (tenant_id, workspace_id, datasource_id, embedder, document_id)
    references wt.document (tenant_id, workspace_id, datasource_id, embedder, id)
);
create index chunk_document on wt.chunk (tenant_id, workspace_id, datasource_id, embedder, document_id);

create table wt.segment (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  datasource_id uuid not null,
  embedder text collate "C" not null,
  number int not null,
  size int not null check (size between 0 and 512),
  chunks bytea not null,
  vectors bytea not null,
  primary key (tenant_id, workspace_id, datasource_id, embedder, number),
  foreign key (tenant_id, workspace_id, datasource_id) references wt.datasource (tenant_id, workspace_id, id)
);
-- Vectors do not compress, and trying costs more than the reading.
alter table wt.segment alter chunks set storage external, alter vectors set storage external;

create table wt.generation (
  tenant_id uuid not null default (wt.boundary()).tenant,
  workspace_id uuid not null default (wt.boundary()).workspace,
  datasource_id uuid not null,
  embedder text collate "C" not null,
  generation bigint not null default 0,
  next_chunk bigint not null default 1,
  primary key (tenant_id, workspace_id, datasource_id, embedder),
  foreign key (tenant_id, workspace_id, datasource_id) references wt.datasource (tenant_id, workspace_id, id)
);

insert into wt.document (tenant_id, workspace_id, datasource_id, embedder, id, title) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', '', '');
insert into wt.chunk (tenant_id, workspace_id, datasource_id, embedder, number, document_id, segment, heading, body) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 0, '', 0, '', '');
insert into wt.segment (tenant_id, workspace_id, datasource_id, embedder, number, size, chunks, vectors) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '', 0, 0, '', '');
insert into wt.generation (tenant_id, workspace_id, datasource_id, embedder) values
  ('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '');

-- Same four policies on each: the floor; only allowed datasources, an empty list being none; viewers do not write.
alter table wt.document enable row level security;
alter table wt.document force row level security;
create policy floor on wt.document as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy granted on wt.document as restrictive to :"app"
  using (datasource_id = any ((select b.datasources from wt.boundary() b)::uuid[]));
create policy read on wt.document for select to :"app" using (true);
create policy write on wt.document for all to :"app" using ((select b.role from wt.boundary() b) in ('member', 'admin', 'owner'));

alter table wt.chunk enable row level security;
alter table wt.chunk force row level security;
create policy floor on wt.chunk as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy granted on wt.chunk as restrictive to :"app"
  using (datasource_id = any ((select b.datasources from wt.boundary() b)::uuid[]));
create policy read on wt.chunk for select to :"app" using (true);
create policy write on wt.chunk for all to :"app" using ((select b.role from wt.boundary() b) in ('member', 'admin', 'owner'));

alter table wt.segment enable row level security;
alter table wt.segment force row level security;
create policy floor on wt.segment as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy granted on wt.segment as restrictive to :"app"
  using (datasource_id = any ((select b.datasources from wt.boundary() b)::uuid[]));
create policy read on wt.segment for select to :"app" using (true);
create policy write on wt.segment for all to :"app" using ((select b.role from wt.boundary() b) in ('member', 'admin', 'owner'));

alter table wt.generation enable row level security;
alter table wt.generation force row level security;
create policy floor on wt.generation as restrictive to :"app"
  using ((tenant_id, workspace_id, true) = (select b.tenant, b.workspace, true from wt.boundary() b));
create policy granted on wt.generation as restrictive to :"app"
  using (datasource_id = any ((select b.datasources from wt.boundary() b)::uuid[]));
create policy read on wt.generation for select to :"app" using (true);
create policy write on wt.generation for all to :"app" using ((select b.role from wt.boundary() b) in ('member', 'admin', 'owner'));

grant select, insert, update, delete on wt.document, wt.chunk, wt.segment, wt.generation to :"app";

-- Which of these datasources have vectors, and of which generation. Authorises the search in the same statement.
create function wt.retrieval_generations(token text, tenant uuid, workspace uuid, datasources uuid[], embedder text)
returns table (datasource_id uuid, generation text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query select g.datasource_id, g.generation::text from wt.generation g
    where g.tenant_id = retrieval_generations.tenant and g.workspace_id = retrieval_generations.workspace
      and g.datasource_id = any (datasources) and g.embedder = retrieval_generations.embedder;
end $$;

-- The text of chunks that a search chose, pairwise by datasource and number.
create function wt.retrieval_chunks(token text, tenant uuid, workspace uuid, datasources uuid[], embedder text, numbers bigint[])
returns table (tenant_id uuid, workspace_id uuid, datasource_id uuid, number text, document_id text, title text, heading text, body text)
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  return query
    select c.tenant_id, c.workspace_id, c.datasource_id, c.number::text, c.document_id, d.title, c.heading, c.body
    from unnest(datasources, numbers) as wanted (datasource_id, number)
    join wt.chunk c on c.tenant_id = retrieval_chunks.tenant and c.workspace_id = retrieval_chunks.workspace
      and c.datasource_id = wanted.datasource_id and c.embedder = retrieval_chunks.embedder and c.number = wanted.number
    join wt.document d on d.tenant_id = c.tenant_id and d.workspace_id = c.workspace_id
      and d.datasource_id = c.datasource_id and d.embedder = c.embedder and d.id = c.document_id;
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on all functions in schema wt from public;
grant execute on function wt.retrieval_generations(text, uuid, uuid, uuid[], text),
  wt.retrieval_chunks(text, uuid, uuid, uuid[], text, bigint[]) to :"app";
