-- The boundary in the database. A token is `<mac>.<body>`: 64 hex digits of HMAC-SHA256 over the body, whose fields are
-- separated by '|' and hold only uuids, numbers, hex and names, so that no id can break out of its field:
--   1 purpose  2 kid  3 backend pid or 0  4 expiry in ms  5 nonce  then, by purpose:
--   b (boundary)   6 tenant  7 workspace  8 member  9 role  10 epoch  11 version  12 datasources
--                  13 tenant id, 14 workspace id, 15 user id as the application names them, in hex
--   p (principal)  6 tenant id, 7 issuer, 8 subject, in hex
--   o (operator)   nothing more
-- The mac is checked before any field is read or cast: what passes was written by a server that holds the key.

create type wt.scope as (tenant uuid, workspace uuid, member uuid, role text, datasources uuid[]);

-- One refusal for every defect, so that a probe learns nothing; `revoked` and `expired` go only to who held a true token.
create function wt.verify(token text, purpose text) returns text[]
language plpgsql stable parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  body constant text := substr(token, 66);
  fields constant text[] := string_to_array(body, '|');
  k wt.key;
begin
  select * into k from wt.key where kid = fields[2];
  if not found
     or substr(token, 1, 65) is distinct from encode(sha256(k.opad || sha256(k.ipad || convert_to(body, 'UTF8'))), 'hex') || '.'
  then
    raise exception 'watertight: no valid token' using errcode = '42501';
  end if;
  if fields[1] <> purpose or (fields[3] <> '0' and fields[3]::int <> pg_backend_pid()) then
    raise exception 'watertight: no valid token' using errcode = '42501';
  end if;
  if fields[4]::bigint < extract(epoch from clock_timestamp()) * 1000 then
    raise exception 'watertight: expired token' using errcode = '42501';
  end if;
  return fields;
end $$;

-- The fields of a true boundary token whose tenant and member are still as they were when it was granted.
create function wt.live_fields() returns text[]
language plpgsql stable parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  f constant text[] := wt.verify(current_setting('wt.token', true), 'b');
begin
  perform from wt.tenant t, wt.member m
    where t.id = f[6]::uuid and t.epoch = f[10]::bigint and not t.suspended
      and m.tenant_id = f[6]::uuid and m.workspace_id = f[7]::uuid and m.id = f[8]::uuid
      and m.version = f[11]::bigint and not m.removed;
  if not found then
    raise exception 'watertight: revoked token' using errcode = '42501';
  end if;
  return f;
end $$;

-- What every policy of the built-in tables compares with. Evaluated once per statement as `(select .. from wt.boundary())`.
create function wt.boundary() returns wt.scope
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  f constant text[] := wt.live_fields();
begin
  return (f[6]::uuid, f[7]::uuid, f[8]::uuid, f[9], string_to_array(f[12], ',')::uuid[])::wt.scope;
end $$;

-- The same for the application's own protected tables, which keep the application's ids.
create type wt.application_scope as (tenant text, workspace text, member text, role text);
create function wt.application_boundary() returns wt.application_scope
language plpgsql stable security definer parallel restricted
set search_path = pg_catalog, pg_temp as $$
declare
  f constant text[] := wt.live_fields();
begin
  return (convert_from(decode(f[13], 'hex'), 'UTF8'), convert_from(decode(f[14], 'hex'), 'UTF8'),
          convert_from(decode(f[15], 'hex'), 'UTF8'), f[9])::wt.application_scope;
end $$;

-- What a verified principal may do now, in one workspace: the only thing a principal's token opens. No row: not a
-- member, no such workspace, removed or suspended, and the caller cannot tell which.
create function wt.grant_of(token text, workspace text)
returns table (tenant uuid, workspace_row uuid, member uuid, role text, plan text, region text, epoch bigint, version bigint,
               allowed_tools text[], datasource_ids text[], datasources uuid[], now_ms double precision)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f constant text[] := wt.verify(token, 'p');
begin
  return query
    select t.id, w.id, m.id, m.role, t.plan, t.region, t.epoch, m.version, m.allowed_tools,
           array(select d.external_id from wt.datasource d
                 where d.tenant_id = t.id and d.workspace_id = w.id and d.id = any (m.allowed_datasources) order by d.external_id),
           array(select d.id from wt.datasource d
                 where d.tenant_id = t.id and d.workspace_id = w.id and d.id = any (m.allowed_datasources) order by d.external_id),
           extract(epoch from clock_timestamp())::double precision * 1000
    from wt.tenant t
    join wt.workspace w on w.tenant_id = t.id
    join wt.member m on m.tenant_id = t.id and m.workspace_id = w.id
    where t.external_id = convert_from(decode(f[6], 'hex'), 'UTF8') and not t.suspended
      and w.external_id = grant_of.workspace
      and m.issuer = convert_from(decode(f[7], 'hex'), 'UTF8')
      and m.subject = convert_from(decode(f[8], 'hex'), 'UTF8')
      and not m.removed;
end $$;

-- Raises unless the token is a true, live boundary: the check of an effect that reads no table of ours.
create function wt.require_live(token text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('wt.token', token, true);
  perform wt.boundary();
end $$;

-- Functions are executable by everybody unless that is taken away.
revoke execute on all functions in schema wt from public;
grant execute on function wt.boundary(), wt.application_boundary(), wt.grant_of(text, text), wt.require_live(text) to :"app";
