import { describe, expect, test } from 'vitest'

import { foreignCanaries, longDate, money, northstarDental, northstarDesign, seedTenant, twins } from './index.ts'

const seeds = twins.map(seedTenant)
const canaries = seeds.flatMap((seed) => seed.canaries)

describe('seed', () => {
  test('should be large enough, with both twins alike in size', () => {
    expect(seeds.reduce((sum, { tickets }) => sum + tickets.length, 0)).toBeGreaterThanOrEqual(30)
    expect(seeds.reduce((sum, { documents }) => sum + documents.length, 0)).toBeGreaterThanOrEqual(20)
    const [dental, design] = seeds.map((seed) => [seed.tickets.length, seed.documents.length, seed.memories.length])
    expect(dental).toEqual(design)
  })

  test('should give both twins the same ids, but for one own ticket in each workspace', () => {
    const idsOf = (index: number) => new Set(seeds[index]?.tickets.map(({ workspaceId, id }) => `${workspaceId} ${id}`))
    expect([...idsOf(0).difference(idsOf(1))]).toEqual(['ws_001 T-2042', 'ws_002 T-3042'])
    expect([...idsOf(1).difference(idsOf(0))]).toEqual(['ws_001 T-2043', 'ws_002 T-3043'])
    expect(seeds[0]?.documents.map(({ id }) => id)).toEqual(seeds[1]?.documents.map(({ id }) => id))
  })

  test('should have three people in each workspace, with several roles', () => {
    for (const { members } of seeds) {
      for (const workspaceId of ['ws_001', 'ws_002']) {
        const here = members.filter((member) => member.workspaceId === workspaceId)
        expect(here).toHaveLength(3)
        expect(new Set(here.map(({ role }) => role)).size).toBe(3)
        const mayRefund = here.filter(({ allowedToolIds }) => allowedToolIds.includes('refund_invoice'))
        expect(mayRefund.map(({ role }) => role)).not.toContain('viewer')
      }
    }
  })

  test('should hide each canary in the store, tenant and workspace that it is listed for, and nowhere else', () => {
    const rows = seeds.flatMap(({ tenant, memories, documents, tickets }) => [
      ...memories.map((row) => ({ tenantId: tenant.id, store: 'memory', row })),
      ...documents.map((row) => ({ tenantId: tenant.id, store: 'document', row })),
      ...tickets.map((row) => ({ tenantId: tenant.id, store: 'ticket', row })),
    ])
    expect(new Set(canaries.map(({ value }) => value)).size).toBe(canaries.length)
    for (const { value, ...place } of canaries) {
      const holders = rows.filter(({ row }) => JSON.stringify(row).includes(value))
      expect(holders).toHaveLength(1)
      expect({ store: holders[0]?.store, tenantId: holders[0]?.tenantId, ...holders[0]?.row }).toMatchObject(place)
    }
  })

  test('should differ in every fact between all workspaces', () => {
    const facts = twins.flatMap(({ currency, workspaces }) =>
      workspaces.flatMap((each) => [
        longDate(each.renewsOn),
        money(currency, each.monthlyPrice),
        money(currency, each.rolloverPrice),
        each.accountManager,
        each.escalationContact,
        each.escalationPhrase,
        ...each.people.map(({ reportFormat }) => reportFormat),
      ]),
    )
    expect(new Set(facts).size).toBe(facts.length)
  })

  test('should write nothing of one twin into the rows of the other, hostile texts apart', () => {
    const [dental, design] = seeds.map((seed) => JSON.stringify([seed.documents, seed.memories, seed.tickets]))
    for (const { renewsOn, accountManager, escalationPhrase } of northstarDesign.workspaces) {
      for (const fact of [longDate(renewsOn), accountManager, escalationPhrase]) expect(dental).not.toContain(fact)
    }
    expect(design).not.toContain(northstarDental.name)
  })

  test('should call foreign what another tenant, workspace, person or datasource owns', () => {
    const dana = {
      tenantId: 'northstar-dental',
      workspaceId: 'ws_001',
      userId: 'user_dana',
      datasourceIds: ['handbook'],
    }
    const own = canaries.filter((canary) => !foreignCanaries(canaries, dana).includes(canary))
    expect(own.map(({ store, userId, datasourceId }) => userId ?? datasourceId ?? store).toSorted()).toEqual([
      'handbook',
      'memory',
      'memory',
      'ticket',
      'user_dana',
    ])
  })
})
