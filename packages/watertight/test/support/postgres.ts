import { randomBytes } from 'node:crypto'

import pg from 'pg'

/** A database of its own on the test server, with the two logins that Watertight asks for. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: string
  /**
   * Owns the database: what `watertight migrate` runs as. It inherits, because schema public belongs to
   * pg_database_owner, and a NOINHERIT owner cannot create there.
   */
  readonly ownerRole: string
  /** Owns nothing and is a member of nothing: what a server runs as. */
  readonly appRole: string
  readonly ownerUrl: string
  readonly appUrl: string
  /** The server's superuser, in this database. */
  readonly adminUrl: string
  /** Ends every session, then removes the database and its roles, those of `createRole` too. May be called again. */
  drop(): Promise<void>
}

/** What a login may do beyond connecting. Nothing, unless it is named here. */
export interface RoleAttributes {
  superuser?: boolean
  bypassRls?: boolean
  createRole?: boolean
  createDatabase?: boolean
  replication?: boolean
  /** Has the rights of `memberOf` without asking for them by SET ROLE. */
  inherit?: boolean
  memberOf?: readonly string[]
}

export interface TestRole {
  readonly role: string
  readonly url: string
}

/**
 * Creates a database of its own with its two logins. Each role has a random password, for servers that ask for one.
 *
 * @param options `adminUrl`: a superuser of the server; without it WATERTIGHT_POSTGRES, then the local server
 */
export async function openTestDatabase(options: { adminUrl?: string } = {}): Promise<TestDatabase> {
  const serverUrl = options.adminUrl ?? serverUrlOfEnvironment()
  const database = createName()
  const adminUrl = rewriteUrl(serverUrl, { pathname: `/${database}` })
  const drop = () => withClient(serverUrl, (client) => dropDatabase(client, database))
  try {
    const { owner, app } = await withClient(serverUrl, async (client) => {
      const created = {
        owner: await addRole(client, adminUrl, `${database}_owner`, { inherit: true }),
        app: await addRole(client, adminUrl, `${database}_app`, {}),
      }
      await client.query(`create database ${database} owner ${created.owner.role} template template0`)
      return created
    })
    await withClient(adminUrl, async (client) => {
      await client.query('revoke create on schema public from public')
      await client.query(`revoke temporary on database ${database} from public`)
    })
    const roles = { ownerRole: owner.role, ownerUrl: owner.url, appRole: app.role, appUrl: app.url }
    return { database, ...roles, adminUrl, drop, [Symbol.asyncDispose]: drop }
  } catch (error) {
    await drop().catch(() => {}) // the first error tells more, and `dropStale` takes what is left
    throw error
  }
}

/**
 * Creates one more login for a test database, such as one that a server must refuse to run as. Both go together.
 *
 * @param adminUrl the `adminUrl` of the test database
 */
export async function createRole(adminUrl: string, attributes: RoleAttributes): Promise<TestRole> {
  const database = new URL(adminUrl).pathname.slice(1)
  const name = `${database}_${randomBytes(4).toString('hex')}`
  return await withClient(adminUrl, (client) => addRole(client, adminUrl, name, attributes))
}

/**
 * Removes what test processes left behind that did not live to do it: databases and roles older than an hour, whose
 * process is gone from this machine.
 *
 * @returns the names of the databases that were removed
 */
export async function dropStale(options: { adminUrl?: string } = {}): Promise<string[]> {
  return await withClient(options.adminUrl ?? serverUrlOfEnvironment(), async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select distinct substring(name from $1) as name
       from (select datname from pg_database union all select rolname from pg_roles) as names (name) where name ~ $1`,
      [namePattern.source],
    )
    const stale = rows.map((row) => row.name).filter(isStale)
    for (const database of stale) await dropDatabase(client, database)
    return stale
  })
}

/** Runs work on a connection of its own, for as long as the work lasts. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // a session that is ended tells it to the query too
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** A process, a second and something random: for `dropStale`. A role adds a word. SQL wants none of it quoted. */
const namePattern = /^wt_test_[0-9]+_[0-9a-z]+_[0-9a-f]{8}/

function createName(): string {
  const second = Math.floor(Date.now() / 1000).toString(36)
  return `wt_test_${process.pid}_${second}_${randomBytes(4).toString('hex')}`
}

function isStale(name: string): boolean {
  const [, , pid, second = ''] = name.split('_')
  return Date.now() / 1000 - Number.parseInt(second, 36) > 3600 && !isAlive(Number(pid))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // somebody else's process is a process
  }
}

async function addRole(
  client: pg.Client,
  adminUrl: string,
  role: string,
  attributes: RoleAttributes,
): Promise<TestRole> {
  const password = randomBytes(12).toString('hex')
  const { memberOf = [] } = attributes
  const words = [
    attributes.superuser ? 'superuser' : 'nosuperuser',
    attributes.bypassRls ? 'bypassrls' : 'nobypassrls',
    attributes.createRole ? 'createrole' : 'nocreaterole',
    attributes.createDatabase ? 'createdb' : 'nocreatedb',
    attributes.replication ? 'replication' : 'noreplication',
    attributes.inherit ? 'inherit' : 'noinherit',
    memberOf.length > 0 ? `in role ${memberOf.map((name) => pg.escapeIdentifier(name)).join(', ')}` : '',
  ]
  await client.query(`create role ${role} login password '${password}' ${words.join(' ')}`)
  return { role, url: rewriteUrl(adminUrl, { username: role, password }) }
}

/** Roles go last: until the database is gone they own it, and hold rights in it. */
async function dropDatabase(client: pg.Client, database: string): Promise<void> {
  await client.query(`drop database if exists ${database} with (force)`)
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where starts_with(rolname, $1) order by rolname',
    [`${database}_`],
  )
  for (const { rolname } of rows) {
    // A session in another database would outlive its role
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [rolname])
    await client.query(`drop role if exists ${pg.escapeIdentifier(rolname)}`)
  }
}

function serverUrlOfEnvironment(): string {
  return process.env['WATERTIGHT_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres'
}

function rewriteUrl(url: string, parts: { username?: string; password?: string; pathname?: string }): string {
  return Object.assign(new URL(url), parts).href
}
