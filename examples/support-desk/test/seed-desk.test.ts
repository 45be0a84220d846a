import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExportedItem } from 'watertight'
import { protectTable } from 'watertight/migrate'
import { lexicalEmbedder } from 'watertight/retrieval'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openDesk, type Desk, type DeskCompartment } from '../src/desk/open-desk.ts'
import { seedTenant, twins } from '../src/seed/index.ts'
import { seedDesk } from '../src/seeding/seed-desk.ts'

const seeds = twins.map(seedTenant)
const embedder = lexicalEmbedder()

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'support-desk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const open = (failAfter = Infinity): Promise<Desk> => {
  let texts = 0
  return openDesk({
    database: join(folder, 'desk'),
    embedder: {
      ...embedder,
      embed: async (batch) => {
        texts += batch.length
        if (texts > failAfter) throw new Error('The lights went out.')
        return await embedder.embed(batch)
      },
    },
  })
}

describe('seeding', () => {
  test('should complete what was cut off, and write nothing the next time', async () => {
    {
      await using desk = await open(20)
      await expect(seedDesk(desk, seeds)).rejects.toThrow()
    }
    await using desk = await open()
    expect(await seedDesk(desk, seeds)).toBe(true)
    expect(await seedDesk(desk, seeds)).toBe(false)
    for (const { tenant, members, documents, tickets } of seeds) {
      for (const { workspaceId, userId, role } of members) {
        if (role === 'viewer') continue
        const person = await desk.enter({ tenantId: tenant.id, workspaceId, userId })
        const exported = await everythingOf(person)
        const isHere = (each: { readonly workspaceId: string }) => each.workspaceId === workspaceId
        expect(exported.filter(({ surface }) => surface === 'retrieval')).toHaveLength(documents.filter(isHere).length)
        expect(exported.filter(({ surface }) => surface === 'memory')).toHaveLength(3)
        const { rows } = await person.transact((transaction) => transaction.query('select id from desk.ticket'))
        expect(rows).toHaveLength(tickets.filter(isHere).length)
      }
    }
  }, 120_000)

  test('should leave the seed of one workspace to the people of that workspace', async () => {
    await using desk = await open()
    const found = await Promise.all(
      seeds.flatMap(({ tenant, workspaces, canaries }) =>
        workspaces.map(async ({ id: workspaceId }) => {
          const person = await desk.enter({ tenantId: tenant.id, workspaceId, userId: 'user_dana' })
          const hits = await person.retrieval.search('passphrase and access code', { limit: 100 })
          const own = canaries.filter((each) => each.store === 'document' && each.workspaceId === workspaceId)
          return { text: JSON.stringify(hits), own: own.map(({ value }) => value) }
        }),
      ),
    )
    for (const { text, own } of found) {
      for (const value of own) expect(text).toContain(value)
      const foreign = found.flatMap((each) => (each.own === own ? [] : each.own))
      for (const value of foreign) expect(text).not.toContain(value)
    }
  })
})

async function everythingOf(person: DeskCompartment): Promise<ExportedItem[]> {
  const items: ExportedItem[] = []
  for await (const item of person.export()) items.push(item)
  return items
}

describe('the ticket table', () => {
  test('should be protected by what the command prints', async () => {
    // The second file came with a later version: a migration that was applied never changes.
    const files = ['0002-protect-ticket.sql', '0003-ticket-statistics.sql']
    const sql = await Promise.all(
      files.map((name) => readFile(new URL(`../migrations/${name}`, import.meta.url), 'utf8')),
    )
    expect(sql.join('')).toBe(protectTable({ table: 'desk.ticket' }))
  })
})

describe('the refund table', () => {
  test('should be protected by what the command prints', async () => {
    const sql = await readFile(new URL('../migrations/0005-protect-refund.sql', import.meta.url), 'utf8')
    expect(sql).toBe(protectTable({ table: 'desk.refund' }))
  })
})
