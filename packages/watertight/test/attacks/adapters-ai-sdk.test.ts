import { generateText, isStepCount, streamText } from 'ai'
import type { ToolSet } from 'ai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { recordUnknownTools, toAiTools } from '../../src/adapters/ai-sdk.ts'
import { resourceId } from '../../src/adapters/zod.ts'
import { NotFound, ToolFailed } from '../../src/index.ts'
import { defineTool } from '../../src/surfaces/tools/index.ts'
import { scriptedModel } from '../support/scripted-model.ts'
import type { ScriptedModel, Step } from '../support/scripted-model.ts'
import {
  alice,
  canaryOf,
  openDesk,
  otherTenant,
  otherUser,
  otherWorkspace,
  ownerOf,
  ownIdOf,
  provision,
  sharedId,
  toolEventsOf,
} from './tools-fixture.ts'
import type { Desk, DeskRun, Ticket, ToolHouse } from './tools-fixture.ts'

const ticketInput = z.object({ ticketId: resourceId('ticket'), more: z.array(resourceId('ticket')).optional() })

const readTicket = defineTool({
  name: 'read_ticket',
  description: 'Reads a ticket.',
  input: ticketInput,
  risk: 'read',
  role: 'viewer',
  owner: ownerOf,
  run: async ({ ticketId }, { resource }) => resource('ticket', ticketId) as unknown as Ticket,
})
const breakDown = defineTool({
  name: 'break_down',
  description: 'Breaks down.',
  input: z.object({}),
  risk: 'read',
  role: 'viewer',
  ownerless: 'nothing',
  run: async () => {
    throw Object.assign(new Error(`row ${canaryOf(otherTenant)}`), { row: canaryOf(otherTenant) })
  },
})
const forbidden = defineTool({
  name: 'forbidden',
  description: 'Is granted to nobody.',
  input: z.object({}),
  risk: 'read',
  role: 'viewer',
  ownerless: 'nothing',
  run: async () => canaryOf(otherTenant),
})

let house: ToolHouse
let desk: Desk
let run: DeskRun
let tools: ToolSet

beforeAll(async () => {
  house = await openDesk(undefined, [readTicket, breakDown, forbidden])
  desk = await house.within(alice)
}, 120_000)
afterAll(() => house?.[Symbol.asyncDispose]())
beforeEach(async () => {
  run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  tools = await toAiTools(run)
})

/** What the model is shown at its last step, as the text of the whole request. */
const shownTo = ({ seen }: ScriptedModel) => JSON.stringify(seen.at(-1)?.prompt)

const waysToAsk = {
  async generateText(script: ScriptedModel, more: object = {}) {
    await generateText({ model: script.model, tools, prompt: 'go', stopWhen: isStepCount(9), ...more })
  },
  async streamText(script: ScriptedModel, more: object = {}) {
    const { fullStream } = streamText({
      model: script.model,
      tools,
      prompt: 'go',
      stopWhen: isStepCount(9),
      onError: () => undefined,
      ...more,
    })
    await fullStream.pipeTo(new WritableStream())
  },
}

describe.each(Object.entries(waysToAsk))('through %s', (_name, ask) => {
  const after = async (...steps: readonly Step[]) => {
    const script = scriptedModel(steps)
    await ask(script)
    return shownTo(script)
  }

  test('should bring the model its own ticket', async () => {
    expect(await after({ tool: 'read_ticket', input: { ticketId: sharedId } })).toContain(canaryOf(alice))
  })

  test.each([otherTenant, otherWorkspace])(
    'should show the model one refusal for foreign and missing ids',
    async (other) => {
      const shown = async (ticketId: string) =>
        (await after({ tool: 'read_ticket', input: { ticketId } })).replaceAll(ticketId, 'ID')
      const foreign = await shown(ownIdOf(other))
      expect(foreign).toContain(new NotFound().message)
      expect(foreign).not.toContain(canaryOf(other))
      expect(foreign).toEqual(await shown('T-nowhere'))
    },
  )

  test('should show the model of a failure the refusal’s message and nothing else', async () => {
    const shown = await after({ tool: 'break_down', input: {} })
    expect(shown).toContain(new ToolFailed().message)
    expect(shown).not.toMatch(/canary|cause|stack|row/)
  })

  test('should bring a smuggled scope to the refusal, and record it', async () => {
    const smuggled = {
      ticketId: sharedId,
      tenantId: otherTenant.tenantId,
      more: [],
      extra: { workspace_id: 'support2' },
    }
    expect(await after({ tool: 'read_ticket', input: smuggled })).toContain('reserved-argument')
    await run.end()
    expect(await toolEventsOf(desk, run.id)).toMatchObject([
      { event: 'argument-reserved', blocked_cross_boundary_resources: 1 },
    ])
  })

  test.each(['{"ticketId":"T-1","__proto__":{"tenantId":"acme-eu"}}', '{"ticketId":', '[]', '"T-1"', 'null'])(
    'should run no tool on arguments that are none: %s',
    async (input) => {
      expect(await after({ tool: 'read_ticket', input })).not.toContain('canary')
    },
  )

  test.each(['forbidden', 'READ_TICKET', 'read_ticket ', 'toString', '__proto__'])(
    'should run no tool by the name %j',
    async (tool) => {
      expect(await after({ tool, input: { ticketId: sharedId } })).not.toContain('canary')
    },
  )

  test('should leave evidence of tools that do not exist for the boundary, and of no name', async () => {
    const names = ['forbidden', 'READ_TICKET', '__proto__', 'drop_table']
    const script = scriptedModel(names.map((tool) => ({ tool, input: { ticketId: sharedId } })))
    await ask(script, { repairToolCall: recordUnknownTools(run) })
    expect(shownTo(script)).not.toContain('canary')
    await run.end()
    const left = await toolEventsOf(desk, run.id)
    expect(left).toMatchObject(
      names.map(() => ({ event: 'tool-unknown', decision: 'refused', tool_ids: [], detail: {} })),
    )
    for (const name of names) expect(JSON.stringify(left)).not.toContain(name)
  })

  test('should not run a tool that exists and was not offered in a step', async () => {
    const script = scriptedModel([{ tool: 'break_down', input: {} }])
    await ask(script, { activeTools: ['read_ticket'], repairToolCall: recordUnknownTools(run) })
    await run.end()
    expect((await toolEventsOf(desk, run.id)).filter(({ event }) => event === 'tool-called')).toEqual([])
  })

  test('should stay in its boundary, whatever a step’s context says', async () => {
    const theirs = await house.within(otherTenant)
    const script = scriptedModel([{ tool: 'read_ticket', input: { ticketId: sharedId } }])
    const redirected = { boundary: theirs.boundary, tenantId: otherTenant.tenantId }
    await ask(script, {
      runtimeContext: redirected,
      toolsContext: { read_ticket: redirected },
      prepareStep: () => ({
        toolsContext: { read_ticket: redirected },
        runtimeContext: redirected,
        activeTools: ['read_ticket', 'forbidden'],
      }),
    })
    expect(shownTo(script)).toContain(canaryOf(alice))
    expect(shownTo(script)).not.toContain(canaryOf(otherTenant))
  })

  test('should send the model schemas without marks, and of allowed tools alone', async () => {
    const script = scriptedModel([])
    await ask(script)
    const sent = script.seen[0]?.tools
    expect(sent?.map((tool) => tool.name)).toEqual(['read_ticket', 'break_down'])
    expect(JSON.stringify(sent)).toContain('ticketId')
    expect(JSON.stringify(sent)).not.toContain('x-resource')
  })
})

test('should hold the tools that exist for the boundary, and no other', async () => {
  expect(Object.keys(tools)).toEqual(['read_ticket', 'break_down'])
  const bob = { ...otherUser, userId: 'bob' }
  await provision(house.watertight, bob, ['break_down', 'no_such_tool'])
  expect(Object.keys(await toAiTools(await house.start(bob)))).toEqual(['break_down'])
})

test('should keep two runs in one process apart, asked at the same time', async () => {
  const people = [alice, otherTenant, otherWorkspace]
  const asked = Array.from({ length: 30 }, (_, at) => people[at % people.length] ?? alice)
  const shown = await Promise.all(
    asked.map(async (person) => {
      const script = scriptedModel([{ tool: 'read_ticket', input: { ticketId: sharedId } }])
      const theirs = await toAiTools(await house.start(person))
      await generateText({ model: script.model, tools: theirs, prompt: 'go', stopWhen: isStepCount(2) })
      return shownTo(script)
    }),
  )
  for (const [at, person] of asked.entries()) {
    expect(shown[at]).toContain(`"${canaryOf(person)}"`)
    for (const other of people) if (other !== person) expect(shown[at]).not.toContain(`"${canaryOf(other)}"`)
  }
})

test('should refuse to make tools of a run that has ended', async () => {
  await run.end()
  await expect(toAiTools(run)).rejects.toThrow('run has ended')
})

test('should show the model of a run that ended on the way the refusal’s message alone', async () => {
  const script = scriptedModel([{ tool: 'read_ticket', input: { ticketId: sharedId } }])
  await run.end()
  await waysToAsk.generateText(script)
  expect(shownTo(script)).toContain('The run has ended.')
  expect(shownTo(script)).not.toContain('canary')
})
