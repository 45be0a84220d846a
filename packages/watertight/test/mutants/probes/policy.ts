import { z } from 'zod'

import { resourceId } from '../../../src/adapters/zod.ts'
import { narrow } from '../../../src/index.ts'
import type { Policy } from '../../../src/index.ts'
import { defineTool, tools } from '../../../src/surfaces/tools/index.ts'
import type { Tool } from '../../../src/surfaces/tools/index.ts'
import { openHouse } from '../house.ts'
import type { Probe, Script } from '../probe.ts'

const surface = 'policy'
const rest = {
  description: 'a tool',
  risk: 'read',
  role: 'viewer',
  ownerless: 'an answer',
  input: z.object({}),
} as const
const yes: Policy['decide'] = () => true

/** Calls a tool of a boundary, with a policy of the app's above the floor. */
async function openTools(list: readonly Tool[], decide: Policy['decide'], to: Parameters<typeof narrow>[1] = {}) {
  const resolve = {
    ticket: {
      find: async (ids: readonly string[]) => ids.filter((id) => id === 'T-1').map((id) => ({ id })),
      id: ({ id }: Readonly<Record<string, unknown>>) => id,
      owner: () => ({ tenantId: house.names.own, workspaceId: 'ws' }),
    },
  }
  const names = list.map(({ name }) => name)
  const policy = { hash: 'of the probe', decide }
  const house = await openHouse({ surfaces: [tools(list, { resolve })], tools: names, policy })
  const run = await house.watertight
    .within(narrow(await house.boundary(house.seats.own), to))
    .startRun({ agent: 'desk', promptVersion: '1' })
  return {
    house,
    call: async (name: string, input: unknown = {}) => (await run.tools.call(name, input)).value,
    async [Symbol.asyncDispose]() {
      await run.end().catch(() => undefined)
      await house[Symbol.asyncDispose]()
    },
  }
}

const floor = (
  what: 'role' | 'plan' | 'region' | 'risk',
  settings: Partial<Pick<Tool, 'plans' | 'regions' | 'risk' | 'role'>>,
  to: Parameters<typeof narrow>[1] = {},
): Probe => ({
  name: `floor-${what}`,
  surface,
  async run(script) {
    const { plans, regions, ...others } = settings
    const tool = defineTool({
      ...rest,
      ...others,
      ...(plans && { plans }),
      ...(regions && { regions }),
      name: 'act',
      run: async () => 'acted',
    })
    await using opened = await openTools([tool], yes, to)
    await script.refused(`call a tool that asks for another ${what}`, () => opened.call('act'), `FORBIDDEN ${what}`)
  },
})

/** A tool that tells how often it ran. */
const acting = () => {
  const ran: unknown[] = []
  const tool = defineTool({
    ...rest,
    name: 'act',
    input: z.object({ ticket: resourceId('ticket').optional() }),
    run: async (input) => ran.push(input),
  })
  return { tool, ran }
}

const deciding = (
  name: string,
  run: (script: Script, decide: (policy: Policy['decide']) => Promise<readonly [string, number]>) => Promise<void>,
): Probe => ({
  name,
  surface,
  async run(script) {
    await run(script, async (decide) => {
      const { tool, ran } = acting()
      await using opened = await openTools([tool], decide)
      const outcome = await script.outcome('call a tool that the floor allows', () => opened.call('act'))
      return [outcome, ran.length]
    })
  },
})

export const probes: readonly Probe[] = [
  floor('role', { role: 'admin' }, { role: 'member' }),
  floor('plan', { plans: ['enterprise'] }),
  floor('region', { regions: ['eu'] }),
  floor('risk', { risk: 'write' }, { risk: 'read' }),
  deciding('answer', async (script, decide) => {
    await script.see('a policy that says true', () => decide(yes), ['done', 1])
    for (const answer of ['true', 1, {}, null, undefined, []])
      await script.see(
        `one that says ${JSON.stringify(answer)}`,
        () => decide((async () => answer) as unknown as Policy['decide']),
        ['FORBIDDEN policy', 0],
      )
  }),
  deciding('throw', async (script, decide) => {
    const throws = () => {
      throw new Error('no connection to the policy')
    }
    await script.see('a policy that throws', () => decide(throws), ['TOOL_FAILED', 0])
  }),
  {
    name: 'records-first',
    surface,
    async run(script) {
      const asked: unknown[] = []
      const { tool } = acting()
      await using opened = await openTools([tool], ({ resources }) => asked.push(resources) > 0)
      await script.refused('name a ticket that is not here', () => opened.call('act', { ticket: 'T-2' }), 'NOT_FOUND')
      await script.do('name one that is', () => opened.call('act', { ticket: 'T-1' }))
      await script.see('what the policy was asked about', () => asked, [[{ type: 'ticket', id: 'T-1' }]])
    },
  },
  {
    name: 'change',
    surface,
    async run(script) {
      const ran: unknown[] = []
      const tool = defineTool({ ...rest, name: 'alter', risk: 'write', change: async () => ran.push('altered') })
      await using opened = await openTools([tool], () => false)
      await script.refused('call a change that a policy denies', () => opened.call('alter'), 'FORBIDDEN policy')
      await script.see('how often it ran', () => ran.length, 0)
    },
  },
  {
    name: 'named',
    surface,
    async run(script) {
      const { tool } = acting()
      await using opened = await openTools([tool], yes)
      const { house, call } = opened
      await script.do('call a tool', () => call('act'))
      const rows = await house.admin(
        "select distinct length(e.policy_hash) as length from wt.audit_event e join wt.tenant t on t.id = e.tenant_id where t.external_id = $1 and e.surface = 'tools'",
        [house.names.own],
      )
      await script.see('what its events were decided by', () => rows, [{ length: 32 }])
    },
  },
]
