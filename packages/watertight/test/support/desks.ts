import { openWatertight, session } from '../../src/index.ts'
import type {
  AgentBoundary,
  Compartment,
  ProvedSession,
  Surface,
  Watertight,
  WatertightOptions,
} from '../../src/index.ts'
import type { Row } from '../../src/store/client.ts'
import { withClient } from './postgres.ts'
import type { TestStore } from './engines.ts'

/** Ids that a careless comparison takes for `acme`, or for one another. */
export const tenantIds = [
  'acme',
  'acme-eu',
  'acme2',
  'acme_',
  'ACME',
  'a:b',
  'acme ',
  'acme.',
  'acme%2Deu',
  'caf\u00e9',
  'cafe\u0301',
] as const

export const workspaceIds = ['ws', 'ws2'] as const

export const userIds = ['u', 'u2'] as const

const datasourceIds = ['docs', 'docs2'] as const

/** A place at a desk: tenant `acme`, workspace `ws`, user `u`, owner of everything, where nothing else is said. */
export interface Seat {
  readonly tenantId?: string
  readonly workspaceId?: string
  readonly userId?: string
  readonly role?: string
  readonly allowedToolIds?: readonly string[]
  readonly allowedDatasourceIds?: readonly string[]
}

/** An open Watertight with its tenants, each with two workspaces of two users and two datasources. */
export interface Desks<Registered extends readonly Surface[]> extends AsyncDisposable {
  readonly watertight: Watertight<ProvedSession | null | undefined, Registered>
  /** puts the member as the seat says, and makes a boundary of theirs; ends what they held if that changed them */
  boundary(seat?: Seat): Promise<AgentBoundary>
  /** the same, opened */
  at(seat?: Seat): Promise<Compartment<Registered>>
  /** one statement as the superuser, outside of every boundary */
  admin(text: string, values?: readonly unknown[]): Promise<Row[]>
}

type Own<Registered extends readonly Surface[]> = {
  readonly surfaces: Registered
  /** what `tenantIds` holds, where nothing else is said */
  readonly tenants?: readonly string[]
  /** what every member may call */
  readonly tools?: readonly string[]
} & Pick<WatertightOptions<never, Registered>, 'audit' | 'directory' | 'freshness' | 'applicationMigrations' | 'policy'>

/** Opens a Watertight on an engine (see `onEachEngine`) and furnishes it. A second one on the same server finds all there. */
export async function openDesks<const Registered extends readonly Surface[]>(
  store: TestStore,
  { tenants = tenantIds, tools = [], ...options }: Own<Registered>,
): Promise<Desks<Registered>> {
  const { database, keys, adminUrl } = store
  const watertight = await openWatertight({ database, keys, identity: session(), ...options })
  const boundary = async (seat: Seat = {}) => {
    const { tenantId = 'acme', workspaceId = 'ws', userId = 'u', role = 'owner' } = seat
    const { allowedToolIds = tools, allowedDatasourceIds = datasourceIds } = seat
    if (options.directory === undefined)
      await watertight.directory.putMember({
        tenantId,
        workspaceId,
        userId,
        role,
        allowedToolIds,
        allowedDatasourceIds,
      })
    return await watertight.boundary(await watertight.identify({ tenantId, userId }), { workspaceId })
  }
  for (const tenantId of [...tenants, operatorsTenant]) await furnish(watertight.directory, tenantId)
  return {
    watertight,
    boundary,
    at: async (seat) => watertight.within(await boundary(seat)),
    async admin(text, values = []) {
      if (adminUrl !== undefined)
        return await withClient(adminUrl, async (client) => (await client.query(text, [...values])).rows)
      // The one session of PGlite is the superuser's: it takes the application's role off, and gets it back by itself.
      return await watertight.within(await boundary({ tenantId: operatorsTenant })).transact(async (transaction) => {
        await transaction.query('reset role')
        return (await transaction.query(text, values)).rows
      })
    },
    [Symbol.asyncDispose]: () => watertight.close(),
  }
}

// A tenant of its own, so that looking never adds to what is looked at.
const operatorsTenant = 'operators-of-the-test'

async function furnish(directory: Watertight<never, readonly Surface[]>['directory'], tenantId: string): Promise<void> {
  await directory.putTenant({ tenantId, plan: 'pro', region: 'us' })
  for (const workspaceId of workspaceIds) {
    await directory.putWorkspace({ tenantId, workspaceId })
    for (const datasourceId of datasourceIds) await directory.putDatasource({ tenantId, workspaceId, datasourceId })
  }
}
