import { openWatertight, session } from 'watertight'
import type { AgentBoundary } from 'watertight'

// No public import: an app asks for it by calling a tool, and what else a call does is measured in the other parts.
import { findFloorDenial, requireLive } from '../../packages/watertight/dist/boundary/index.js'
import { interleave } from '../support/interleave.ts'
import { tellMedians, toValueRow } from '../support/report.ts'
import type { Row } from '../support/report.ts'
import type { Scale } from '../support/scale.ts'

/** How many decisions are timed together: one takes less than the clock tells apart. */
const decisionsPerRound = 1_000

/** How many tools a boundary has, of which the last is asked for: as much work as an allow-list makes. */
const toolCount = 50

/** A decision of the floor that allows, which looks at everything, and one of an allow-list alone. */
export async function measureFloor(scale: Scale): Promise<readonly Row[]> {
  const { boundary, toolNames, close } = await openBoundary()
  try {
    const tool = {
      name: toolNames.at(-1) ?? '',
      risk: 'sensitive',
      role: 'member',
      plans: ['free', 'team', 'pro'],
      regions: ['eu', 'us'],
    } as const
    const ofNobody = { ...tool, name: 'nobody_has_it' }
    const allowed: readonly string[] = boundary.allowedToolIds
    const medians = perDecision(
      await interleave(
        {
          ways: {
            allow: () => repeat(() => findFloorDenial(requireLive(boundary), tool) === undefined),
            deny: () => repeat(() => findFloorDenial(requireLive(boundary), ofNobody) !== undefined),
            'allow-list': () => repeat(() => allowed.includes(tool.name)),
          },
        },
        scale.decisions,
      ),
    )
    return [
      toValueRow({
        name: 'policy-default',
        value: medians.allow,
        unit: 'us',
        goal: 5,
        peers: { 'allow-list': medians['allow-list'] },
        measured: tellMedians(medians),
      }),
    ]
  } finally {
    await close()
  }
}

interface Opened {
  readonly boundary: AgentBoundary
  readonly toolNames: readonly string[]
  readonly close: () => Promise<void>
}

/** A boundary as an app makes it, with many tools. */
export async function openBoundary(): Promise<Opened> {
  const toolNames = Array.from({ length: toolCount }, (_, at) => `tool_${at}`)
  const watertight = await openWatertight({ database: 'memory://', identity: session(), surfaces: [] })
  const place = { tenantId: 'northstar-dental', workspaceId: 'front-desk' }
  await watertight.directory.putTenant({ ...place, plan: 'pro', region: 'us' })
  await watertight.directory.putWorkspace(place)
  const member = { ...place, userId: 'dana', role: 'member' }
  await watertight.directory.putMember({ ...member, allowedToolIds: toolNames, allowedDatasourceIds: [] })
  const principal = await watertight.identify({ tenantId: place.tenantId, userId: 'dana' })
  const boundary = await watertight.boundary(principal, place)
  return { boundary, toolNames, close: () => watertight.close() }
}

async function repeat(decide: () => boolean): Promise<void> {
  for (let at = 0; at < decisionsPerRound; at++)
    if (!decide()) throw new Error('The decision is not the one that was to be measured.')
}

function perDecision<Name extends string>(medians: Readonly<Record<Name, number>>): Readonly<Record<Name, number>> {
  const each = Object.entries<number>(medians).map(([name, time]) => [name, time / decisionsPerRound] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the names
  return Object.fromEntries(each) as Record<Name, number>
}
