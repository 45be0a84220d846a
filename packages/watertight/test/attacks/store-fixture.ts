import { Authority, Keyring, makeBoundary, makePrincipal, requireLive } from '../../src/boundary/index.ts'
import type { AgentBoundary, BoundaryState, GrantRows } from '../../src/boundary/index.ts'
import { createDirectoryAdmin, createStoreDirectory } from '../../src/services/directory/index.ts'
import type { DirectoryAdmin } from '../../src/services/directory/index.ts'
import type { ClientLike, Engine, Row } from '../../src/store/client.ts'
import { migrate } from '../../src/store/index.ts'
import type { Store } from '../../src/store/index.ts'
import { createStore } from '../../src/store/open-store.ts'
import { embeddedRoles, openPglite } from '../../src/store/pglite.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { TokenMint } from '../../src/store/token.ts'
import { describe } from 'vitest'

import { openTestDatabase, withClient } from '../support/postgres.ts'
import type { TestDatabase } from '../support/postgres.ts'
import { whenReachable } from '../support/require.ts'

/** What an attacker or a bug can send text to. */
export interface Session {
  query(text: string, values?: unknown[]): Promise<Row[]>
}

/** A store with doors that the product does not have: the application's login without a token, and the superuser's. */
export interface House extends AsyncDisposable {
  readonly engine: Engine
  readonly store: Store
  readonly authority: Authority
  readonly keyring: Keyring
  readonly mint: TokenMint
  readonly directory: DirectoryAdmin
  /** the server's database; undefined on PGlite */
  readonly database: TestDatabase | undefined
  readonly appRole: string
  /** as the application's role, outside of any transaction of ours */
  asApp<Result>(work: (session: Session) => Promise<Result>): Promise<Result>
  /** as the superuser */
  asAdmin<Result>(work: (session: Session) => Promise<Result>): Promise<Result>
  /** adds tenant, workspace, datasource `docs` and member where absent, and makes the member's boundary */
  boundary(tenantId: string, workspaceId: string, userId: string, role?: string): Promise<AgentBoundary>
}

export const nobody = '00000000-0000-0000-0000-000000000000'

/** Ids that a careless comparison takes for `acme`, or for one another. */
export const lookAlikes = [
  'acme',
  'acme-eu',
  'acme2',
  'acme_',
  'ACME',
  'a:b',
  'acme ',
  'acme.',
  'acme%2Deu',
  'acm\u00e9',
  'acme\u0301',
] as const

/** Declares the same tests for PGlite and, where there is a server, for Postgres as the plain application login. */
export function onBothEngines(declare: (open: () => Promise<House>, engine: 'pglite' | 'postgres') => void): void {
  describe('pglite', () => declare(openEmbeddedHouse, 'pglite'))
  whenReachable('postgres', (adminUrl) => declare(() => openServerHouse(adminUrl), 'postgres'))
}

export async function openEmbeddedHouse(): Promise<House> {
  const { engine, keyring } = await openPglite('memory://', undefined, undefined)
  const lend = async <Result>(role: string, work: (session: Session) => Promise<Result>): Promise<Result> => {
    const client = await engine.pool.connect()
    try {
      await client.query({ text: role })
      return await work(toSession(client))
    } finally {
      await client.query({ text: 'rollback' })
      for (const text of ['set session authorization postgres', 'reset all', 'deallocate all', 'set role wt_app'])
        await client.query({ text })
      forgetNames(client)
      client.release()
    }
  }
  return await furnish(engine, keyring, undefined, {
    asApp: (work) => lend('set role wt_app', work),
    asAdmin: (work) => lend('reset role', work),
    close: () => engine.close(),
  })
}

/** Migrates a new database, and opens it as its plain login. */
export async function openServerHouse(adminUrl: string): Promise<House> {
  const database = await openTestDatabase({ adminUrl })
  const keyring = Keyring.parse(Keyring.generate())
  await migrateAsOwner(database, keyring)
  const engine = await openPostgres(database.appUrl, 'none')
  return await furnish(engine, keyring, database, {
    asApp: (work) => withClient(database.appUrl, (client) => work(toSession(client))),
    asAdmin: (work) => withClient(database.adminUrl, (client) => work(toSession(client))),
    close: async () => {
      await engine.close()
      await database.drop()
    },
  })
}

export async function migrateAsOwner(database: TestDatabase, keyring: Keyring): Promise<readonly string[]> {
  return await withClient(database.ownerUrl, (client) => migrate(client, { appRole: database.appRole, keyring }))
}

interface Doors extends Pick<House, 'asApp' | 'asAdmin'> {
  close(): Promise<void>
}

async function furnish(
  engine: Engine,
  keyring: Keyring,
  database: TestDatabase | undefined,
  { close, ...doors }: Doors,
): Promise<House> {
  const authority = new Authority()
  const store = await createStore(engine, keyring, authority)
  const directory = createDirectoryAdmin(store)
  return {
    ...doors,
    engine,
    store,
    authority,
    keyring,
    database,
    appRole: database?.appRole ?? embeddedRoles.app,
    directory,
    mint: new TokenMint(keyring, authority, engine.steady),
    boundary: (tenantId, workspaceId, userId, role = 'owner') =>
      settle({ store, authority, directory }, { tenantId, workspaceId, userId, role }),
    [Symbol.asyncDispose]: close,
  }
}

interface Settler extends Pick<House, 'store' | 'authority' | 'directory'> {}

/** Makes the boundary of a member, who is added where absent. */
export async function settle(
  { store, authority, directory }: Settler,
  member: { tenantId: string; workspaceId: string; userId: string; role: string },
): Promise<AgentBoundary> {
  const { tenantId, workspaceId, userId } = member
  await directory.putTenant({ tenantId, plan: 'pro', region: 'us' })
  await directory.putWorkspace({ tenantId, workspaceId })
  await directory.putDatasource({ tenantId, workspaceId, datasourceId: 'docs' })
  await directory.putMember({ ...member, allowedToolIds: [], allowedDatasourceIds: ['docs'] })
  const expiresAt = authority.now() + 600_000
  const principal = makePrincipal(authority, { issuer: 'session', subject: userId, tenantId, expiresAt })
  const grant = await createStoreDirectory(store).grant(principal, { workspaceId })
  return makeBoundary(authority, principal, { workspaceId }, grant)
}

/** The rows that the database knows a boundary by. */
export function rowsOf(boundary: AgentBoundary): GrantRows & { state: BoundaryState } {
  const state = requireLive(boundary)
  if (state.rows === undefined) throw new TypeError('The boundary was made from another directory.')
  return { ...state.rows, state }
}

/** What decides who may do what: granted to nobody. */
export const directoryTables = [
  'wt.datasource',
  'wt.key',
  'wt.member',
  'wt.migration',
  'wt.setting',
  'wt.tenant',
  'wt.workspace',
]

/** Every other table, by the catalog: a new one is among them without anybody's doing. */
export async function customerTables(house: House): Promise<readonly string[]> {
  const rows = await house.asAdmin((admin) =>
    admin.query(
      `select 'wt.' || relname as name from pg_class
       where relnamespace = 'wt'::regnamespace and relkind in ('r', 'p') order by 1`,
    ),
  )
  return rows.map((row) => String(row['name'])).filter((name) => !directoryTables.includes(name))
}

/** The SQLSTATE and message that a promise is rejected with; '' when it is not. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return ''
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return 'code' in error ? `${String(error.code)} ${error.message}` : error.message
  }
}

/** What every refusal of a token that is none says. */
export const noToken = '42501 watertight: no valid token'

function toSession(client: { query(query: { text: string; values: unknown[] }): Promise<{ rows: Row[] }> }) {
  return {
    query: async (text: string, values: unknown[] = []) => (await client.query({ text, values })).rows,
  }
}

// The fixture deallocates what the driver had prepared, as the product's own cleaning does.
function forgetNames(client: ClientLike): void {
  const connection: unknown = Reflect.get(client, 'connection')
  if (typeof connection !== 'object' || connection === null) return
  Object.assign(connection, { parsedStatements: {}, submittedNamedStatements: {} })
}
