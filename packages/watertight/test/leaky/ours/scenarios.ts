import { createTrial } from '../incident.ts'
import type { Trial } from '../incident.ts'
import type { Kind } from '../kind.ts'
import { approvalsKind } from '../kinds/approvals.ts'
import { connectorKind } from '../kinds/connector.ts'
import { exchangeKind } from '../kinds/exchange.ts'
import { memoryKind } from '../kinds/memory.ts'
import { recordsKind } from '../kinds/records.ts'
import { retrievalKind } from '../kinds/retrieval.ts'
import { signInKind } from '../kinds/sign-in.ts'
import { telemetryKind } from '../kinds/telemetry.ts'
import type { Apart, Cast } from '../owners.ts'
import type { Tried } from '../try-version.ts'
import { createOurApprovals } from './approvals.ts'
import { createOurTelemetry } from './audit.ts'
import { createOurConnector } from './connector.ts'
import { openHouse } from './house.ts'
import type { House } from './house.ts'
import { createOurBlocks, createOurMemory } from './memory.ts'
import { createOurRetrieval } from './retrieval.ts'
import { openOurSignIn } from './sign-in.ts'
import { createOurConnection, createOurLogin, createOurService, createOurTickets } from './tickets.ts'

// Tickets are a workspace's, and its users work on the same ones.
const ofWorkspaces: readonly Apart[] = ['tenants', 'workspaces']

const scenarios = {
  memory: on(memoryKind, createOurMemory),
  blocks: on(recordsKind, createOurBlocks, { grows: 'memory' }),
  search: on(retrievalKind, createOurRetrieval),
  tickets: on(recordsKind, createOurTickets, { apart: ofWorkspaces, grows: 'tickets' }),
  connection: on(exchangeKind, createOurConnection, { apart: ofWorkspaces }),
  service: on(exchangeKind, createOurService, { apart: ofWorkspaces }),
  connector: on(connectorKind, createOurConnector, { apart: ofWorkspaces }),
  approvals: on(approvalsKind, createOurApprovals, { apart: ofWorkspaces, grows: 'tickets' }),
  login: on(connectorKind, createOurLogin, { apart: ofWorkspaces }),
  explain: on(telemetryKind, createOurTelemetry),
  // The same person of two workspaces is one person, and enters both.
  'sign-in': on(signInKind, openOurSignIn, { apart: ['tenants', 'users'] }),
}

export type ScenarioName = keyof typeof scenarios

export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[]

/**
 * Runs every scenario on Watertight itself: the same contract and the same attempts, through the public face, on an
 * embedded database. A scenario is run once, however many incidents it answers.
 *
 * @throws {AssertionError} where Watertight does not keep the single-tenant contract
 */
export async function tryOurs(cast: Cast): Promise<ReadonlyMap<ScenarioName, Tried>> {
  const results = new Map<ScenarioName, Tried>()
  const house = await openHouse()
  try {
    for (const name of scenarioNames) results.set(name, await scenarios[name](house, cast, name))
  } finally {
    await house.close()
  }
  return results
}

type Scenario = (house: House, cast: Cast, name: string) => Promise<Tried>

interface Sharing {
  /** who is kept apart here: all three where absent */
  readonly apart?: readonly Apart[]
  /** where each seed adds to the ones before: emptied after every attempt */
  readonly grows?: 'memory' | 'tickets'
}

/** One component for all attempts: a database is not opened anew for each. Seeding writes over what an attempt left. */
function on<Component extends object>(
  kind: Kind<Component>,
  open: (house: House) => Component | Promise<Component>,
  { apart = ['tenants', 'workspaces', 'users'], grows }: Sharing = {},
): Scenario {
  return async (house, cast, name) => {
    const component = await open(house)
    const empty = async () => {
      if (grows !== undefined) await house.empty(grows)
    }
    const trial: Trial = createTrial({ kind, open: () => component, close: empty })
    try {
      await trial.meetContract({ tenantId: 'alone', workspaceId: 'ws', userId: name })
      return await trial.tryAll({ ...cast, others: cast.others.filter((other) => apart.includes(other.apart)) })
    } finally {
      if ('close' in component && typeof component.close === 'function') await component.close()
    }
  }
}
