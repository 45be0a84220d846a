import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lexicalEmbedder } from 'watertight/retrieval'
import { defineTool, type Tool } from 'watertight/tools'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import type { DeskOptions } from '../src/desk/open-desk.ts'
import { prompts } from '../src/prompts.ts'
import { deskTools, type DeskSurfaces } from '../src/desk/tools.ts'
import { runStart } from './support/run-start.ts'

const patience = 120_000
const embedder = lexicalEmbedder()

let migrations = ''
beforeAll(async () => {
  migrations = await mkdtemp(join(tmpdir(), 'support-desk-sql-'))
  await cp(fileURLToPath(new URL('../migrations', import.meta.url)), migrations, { recursive: true })
  await writeFile(join(migrations, '0009-unprotect.sql'), 'alter table desk.ticket disable row level security;')
})
afterAll(() => rm(migrations, { recursive: true, force: true }))

const questions = prompts.filter(({ id }) => id === 'close-ticket')
const start = (desk: Omit<DeskOptions, 'database' | 'embedder'>) =>
  runStart(['--data', 'memory://'], { questions, embedder, desk })
const withoutPolicies = () => ({ applicationMigrations: migrations, unprotectedTables: ['desk.ticket'] })

describe('a desk with a layer missing', () => {
  test(
    'should leak nothing when a tool says that its rows are nobody’s: the policies hold',
    async () => {
      const { code, outcomes } = await start({ toolsOf: carelessTools })
      expect(outcomes.flatMap(({ leaks }) => leaks)).toEqual([])
      expect(code).toBe(0)
    },
    patience,
  )

  test(
    'should leak nothing when the policies are off: the check of owners holds, and says so',
    async () => {
      const { code, outcomes } = await start(withoutPolicies())
      expect(outcomes.flatMap(({ leaks }) => leaks)).toEqual([])
      expect(code).toBe(0)
      const reasons = outcomes.flatMap(({ refused }) => refused.map(({ reason }) => reason))
      expect(reasons).toContain('result-withheld')
    },
    patience,
  )

  test(
    'should exit with 1 and name the leaks when both are off',
    async () => {
      const { code, stdout, outcomes } = await start({ ...withoutPolicies(), toolsOf: carelessTools })
      expect(code).toBe(1)
      expect(stdout).toContain('The desk is not tight.')
      const leaks = new Set(outcomes.flatMap(({ leaks: each }) => each))
      expect(leaks).toContain('answer: the ticket canary of northstar-design/ws_001')
      expect(leaks).toContain('messages: the ticket canary of northstar-dental/ws_002')
    },
    patience,
  )

  test(
    'should exit with 1 when a tool carries somebody else’s secret out of a place of its own',
    async () => {
      const secrets = new Map<string, string>() // as a cache by question would be, shared by all customers
      const { code, outcomes } = await start({ toolsOf: (surfaces) => cachingTools(surfaces, secrets) })
      expect(code).toBe(1)
      expect(outcomes.flatMap(({ leaks }) => leaks)).toContain('answer: the ticket canary of northstar-dental/ws_001')
    },
    patience,
  )
})

// A row that says whose it is would be withheld, whatever its author says of it.
const silent = 'id, title, body, status, note'

function carelessTools(surfaces: DeskSurfaces): readonly Tool[] {
  const listing = defineTool({
    name: 'list_tickets',
    description: 'Lists our tickets.',
    input: z.looseObject({}),
    risk: 'read',
    role: 'viewer',
    ownerless: 'the author says so',
    run: async (_, { transact }) =>
      (await transact((transaction) => transaction.query(`select ${silent} from desk.ticket order by tenant_id, id`)))
        .rows,
  })
  return replacing(surfaces, listing)
}

function cachingTools(surfaces: DeskSurfaces, cache: Map<string, string>): readonly Tool[] {
  const listing = defineTool({
    name: 'list_tickets',
    description: 'Lists our tickets.',
    input: z.looseObject({}),
    risk: 'read',
    role: 'viewer',
    ownerless: 'the author says so',
    run: async (_, { transact }) => {
      if (!cache.has('tickets')) {
        const { rows } = await transact((transaction) => transaction.query(`select ${silent} from desk.ticket`))
        cache.set('tickets', JSON.stringify(rows))
      }
      return cache.get('tickets')
    },
  })
  return replacing(surfaces, listing)
}

function replacing(surfaces: DeskSurfaces, tool: Tool): readonly Tool[] {
  return [tool, ...deskTools(surfaces).filter(({ name }) => name !== tool.name)]
}
