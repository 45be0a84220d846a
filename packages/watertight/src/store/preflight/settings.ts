import type { Engine, Row } from '../client.ts'

// What a role or a database may set without changing whose rows are seen or whether a statement is answered.
const harmless = [
  /^(application_name|client_encoding|client_min_messages|timezone|lc_(messages|monetary|numeric|time)|default_text_search_config)$/,
  /^(log_|auto_explain\.|pg_stat_statements\.|track_|pgaudit\.)/,
  /^(work_mem|maintenance_work_mem|effective_cache_size|effective_io_concurrency|random_page_cost|seq_page_cost|cpu_\w+_cost|parallel_\w+_cost|hash_mem_multiplier)$/,
  /^(jit|jit_\w+|max_parallel_\w+|tcp_\w+|tcp_user_timeout)$/,
]

// These, in milliseconds, are harmless when they leave time enough, and where the connection was started with others.
const timeouts = /^(statement|lock|idle_session|idle_in_transaction_session|transaction)_timeout$/

/**
 * The statement that lists what is set for this login or this database, and whether the connection itself says otherwise:
 * what it was started with comes before them.
 */
export function describeSettings(engine: Engine): string {
  const login = engine.name === 'postgres' ? 'session_user' : 'current_user'
  return `select split_part(entry, '=', 1) as name, substr(entry, strpos(entry, '=') + 1) as value, s.setrole <> 0 as of_login,
      coalesce((select source = 'client' from pg_settings where lower(name) = lower(split_part(entry, '=', 1))), false) as overruled,
      (select reset_val from pg_settings where lower(name) = lower(split_part(entry, '=', 1))) as effective
    from pg_db_role_setting s, unnest(s.setconfig) entry
    where s.setrole in (0, (select oid from pg_roles where rolname = ${login})) and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    order by 1`
}

export function judgeSettings(rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) => {
    const name = String(row['name']).toLowerCase()
    if (
      row['overruled'] === true ||
      harmless.some((known) => known.test(name)) ||
      isHarmlessValue(name, String(row['value']), Number(row['effective']))
    )
      return []
    const of = row['of_login'] === true ? 'login' : 'database'
    return [
      `the ${of} has the setting ${name}, which changes what every session does; run: alter ${of === 'login' ? 'role' : 'database'} … reset ${name}`,
    ]
  })
}

function isHarmlessValue(name: string, value: string, effective: number): boolean {
  if (timeouts.test(name)) return effective === 0 || effective >= 1000
  if (name === 'search_path') return isPlainPath(value)
  if (name === 'row_security' || name === 'standard_conforming_strings') return /^(on|true|yes|1)$/i.test(value)
  return false
}

// Where the app's tables lie. The system's own names must stay before them, and temporary ones behind.
function isPlainPath(value: string): boolean {
  const schemas = value.split(',').map((schema) => schema.trim())
  return (
    !schemas.slice(1).includes('pg_catalog') &&
    !schemas.slice(0, -1).includes('pg_temp') &&
    (schemas.length > 1 || schemas[0] !== 'pg_temp')
  )
}
