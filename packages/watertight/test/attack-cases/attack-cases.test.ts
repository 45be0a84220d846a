import { beforeAll, describe, expect, test } from 'vitest'

import { attackClasses } from './attack-case.ts'
import type { AttackCase, AttackClass, Call } from './attack-case.ts'
import { attackCases } from './cases/index.ts'
import { pendingCases } from './cases/pending.ts'
import { furnish } from './furnish.ts'
import { openNaiveStage } from './naive-stage.ts'
import { runCase } from './run-case.ts'
import { didLeak, runAttacks, tableOf } from './run-attacks.ts'
import type { AttackReport } from './run-attacks.ts'

const classes = Object.keys(attackClasses) as readonly AttackClass[]
const ofClass = (name: AttackClass) => attackCases.filter((attack) => attack.class === name)
const executed = classes.filter((name) => ofClass(name).length > 0)

/** So many of each class, spread over the whole of it. */
const sampleOf = (most: number) =>
  executed.flatMap((name) => {
    const cases = ofClass(name)
    return cases.filter((_attack, at) => at % Math.max(1, Math.floor(cases.length / most)) === 0).slice(0, most)
  })

describe('the list of attacks', () => {
  test('should be long enough, also without injections and renderings, and say where each comes from', () => {
    expect(attackCases.length).toBeGreaterThanOrEqual(400)
    expect(
      attackCases.filter((attack) => attack.class !== 'T11' && attack.class !== 'T12').length,
    ).toBeGreaterThanOrEqual(200)
    expect(ofClass('T11').length).toBe(210)
    expect(ofClass('T12').length).toBe(88)
    const all = [...attackCases, ...pendingCases]
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { id, source, story, class: name } of all) {
      expect(source, id).toMatch(/^(incidents? \d+|OWASP )/)
      expect(story.length, id).toBeGreaterThan(10)
      expect(id.startsWith(`${name}-`), id).toBe(true)
    }
  })

  test('should have cases or pending ones in every class', () => {
    const without = classes.filter(
      (name) => ofClass(name).length + pendingCases.filter((each) => each.class === name).length === 0,
    )
    expect(without).toEqual([])
  })
})

/** What an attack would look like if it succeeded: the other one does it, and it is taken for the attacker's doing. */
const successes: Readonly<Record<string, Call>> = {
  'reads a memory': { do: 'memory.get', with: ['$twin.memoryKey'] },
  'searches documents': { do: 'search', with: ['contract code'] },
  'lists tickets': { do: 'callTool', with: ['list_tickets', {}] },
  'reads state': { do: 'state.get', with: ['$twin.stateKey'] },
  'writes a memory': { do: 'memory.set', with: ['of this control', 'written'] },
  'writes a memory of the tenant': { do: 'memory.set', with: ['of this control', 'written', { scope: 'tenant' }] },
  'adds a document': {
    do: 'addDocument',
    with: [{ datasourceId: '$twin.datasourceId', documentId: 'control', title: 'Control', text: 'written' }],
  },
  'changes a ticket': {
    do: 'callTool',
    with: ['update_ticket', { ticketId: '$twin.sharedTicketId', title: 'written' }],
  },
  'writes state': { do: 'state.set', with: ['of this control', 'written'] },
}

const controls = Object.entries(successes).map(([id, call]): AttackCase => ({
  id,
  class: 'T15',
  against: 'tenant',
  story: 'a control',
  steps: [{ ...call, by: 'twin' }],
  expect: 'nothing of the twin',
  source: 'OWASP LLM02',
}))

describe('a sample of each class', () => {
  let report: AttackReport
  beforeAll(async () => {
    report = await runAttacks({ cases: [...sampleOf(4), ...controls] })
  }, 120_000)

  test('should come to nothing', () => {
    const failed = report.failures.filter(({ id }) => !Object.hasOwn(successes, id))
    expect(failed, tableOf(report)).toEqual([])
    expect(report.own).toEqual({ asked: 9, right: 9 })
    expect(report.cases).toBe(executed.reduce((sum, name) => sum + report.byClass[name].cases, 0))
    for (const name of executed) expect(report.byClass[name].held, name).toBeGreaterThanOrEqual(4)
  })

  test('should be told from what would be seen and changed if they succeeded', () => {
    const outcomes = Object.keys(successes).map((id) => {
      const verdict = report.failures.find((failure) => failure.id === id)
      return [id, verdict !== undefined && verdict.leaks.length > 0, verdict?.harm]
    })
    expect(outcomes).toEqual(
      Object.keys(successes).map((id) => [id, /^(reads|searches|lists)/.test(id), !/^(reads|searches|lists)/.test(id)]),
    )
    expect(report.leaks).toBe(controls.length)
  })
})

describe('the same attacks where nothing is kept apart', () => {
  const play = async (attack: AttackCase | undefined) => {
    if (attack === undefined) throw new TypeError('There is no such case.')
    await using stage = openNaiveStage()
    return await runCase(await furnish(stage), attack)
  }

  test.for(executed)('should succeed in class %s, or they could not fail', async (name) => {
    const cases = sampleOf(3).filter((attack) => attack.class === name)
    const harmless: string[] = []
    for (const attack of cases) if (!didLeak(await play(attack))) harmless.push(attack.id)
    expect(harmless).toEqual([])
  })

  test('should be caught by what was seen, by what was changed and by what an answer tells', async () => {
    const named = (id: string) => play(attackCases.find((attack) => attack.id === id))
    const [seen, changed, told] = [
      await named('T3-list-tenant'),
      await named('T2-seen-update-ticket-tenant'),
      await named('T13-memory-get-user'),
    ]
    expect(seen.leaks.length).toBeGreaterThan(0)
    expect([seen.harm, seen.told]).toEqual([false, false])
    expect(changed.harm).toBe(true)
    expect(told.told).toBe(true)
  })
})

describe('a case that attacks nothing', () => {
  const some = attackCases.find(({ id }) => id === 'T3-list-tenant')
  const judge = async (change: Partial<AttackCase>) => {
    if (some === undefined) throw new TypeError('There is no such case.')
    const report = await runAttacks({ cases: [{ ...some, ...change }], open: async () => openNaiveStage() })
    return { held: report.cases - report.failures.length, why: report.failures[0]?.why }
  }

  test('should not be held when it has no steps', async () => {
    expect(await judge({ steps: [] })).toEqual({ held: 0, why: 'it has no steps' })
  })

  test('should not be held when a placeholder names nothing', async () => {
    const steps = [{ do: 'memory.get', with: ['$twin.nothing'] }] as const
    expect(await judge({ steps })).toMatchObject({ held: 0, why: expect.stringContaining('There is no $twin.nothing') })
  })

  test('should not be held when its setup is refused', async () => {
    const setup = [{ do: 'memory.get', with: ['k'], refused: 'NOT_FOUND' }] as const
    const steps = [{ do: 'memory.delete', with: ['nothing of this name'] }] as const
    expect(await judge({ setup, steps })).toEqual({ held: 0, why: 'setup: memory.get came to an answer' })
  })

  test('should not be held when it is answered instead of refused', async () => {
    const steps = [{ do: 'listTools', on: '$kept.theirRun' }] as const
    const { held } = await judge({ steps, expect: 'NOT_FOUND' })
    expect(held).toBe(0)
  })
})
