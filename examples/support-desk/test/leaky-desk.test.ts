import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lexicalEmbedder } from 'watertight/retrieval'
import { defineTool, type Tool } from 'watertight/tools'
import { resourceId } from 'watertight/zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import type { DeskOptions } from '../src/desk/open-desk.ts'
import { prompts, type Prompt } from '../src/prompts.ts'
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

const start = (desk: Omit<DeskOptions, 'database' | 'embedder'>, question: Prompt['id'] = 'close-ticket') =>
  runStart(['--data', 'memory://'], { questions: prompts.filter(({ id }) => id === question), embedder, desk })
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

  test.each([
    ['passes over the ids that it cannot find', 'done'],
    ['fails at the first id that it cannot find, with the tickets before it changed', 'failed'],
  ] as const)(
    'should exit with 1 when an update of several tickets %s',
    async (_how, end) => {
      const { code, outcomes } = await start({ toolsOf: (surfaces) => replacing(surfaces, halfHearted(end)) })
      expect(code).toBe(1)
      const leaks = outcomes.flatMap((outcome) => outcome.leaks)
      expect(leaks).toContainEqual(
        expect.stringMatching(/^own rows: T-10\d\d was changed by no update of own tickets$/),
      )
      expect(new Set(outcomes.filter((outcome) => outcome.leaks.length > 0).map(({ model }) => model))).toEqual(
        new Set(['compromised']),
      )
    },
    patience,
  )

  test(
    'should exit with 1 when a refund is made on a consent that was given in another run',
    async () => {
      const consented = new Set(['T-1042']) // once, by somebody
      const toolsOf = (surfaces: DeskSurfaces) => replacing(surfaces, trusting(consented))
      const { code, outcomes } = await start({ toolsOf }, 'refund')
      expect(code).toBe(1)
      const helpful = outcomes.filter(({ model }) => model === 'helpful')
      expect(helpful.map(({ leaks }) => leaks)).toEqual([[unasked], [unasked]])
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

// A ticket at a time, as over an interface that takes one; what is not there is found out on the way.
function halfHearted(end: 'done' | 'failed'): Tool {
  return defineTool({
    name: 'update_tickets',
    description: 'Changes several of our tickets.',
    input: z.strictObject({
      ticketIds: z.array(z.string()),
      status: z.enum(['open', 'pending', 'closed']).optional(),
      note: z.string().optional(),
    }),
    strict: false,
    risk: 'write',
    role: 'member',
    ownerless: 'the author says so',
    run: async ({ ticketIds, status, note }, { transact }) => {
      for (const id of ticketIds) {
        const { rows } = await transact((transaction) =>
          transaction.query(
            'update desk.ticket set status = coalesce($2, status), note = coalesce($3, note) where id = $1 returning id',
            [id, status ?? null, note ?? null],
          ),
        )
        if (rows.length === 0 && end === 'failed') throw new Error('There is no such ticket.')
      }
      return 'done'
    },
  })
}

const unasked = 'own rows: a refund for T-1042 that nobody consented to'

// Keeps consents by ticket and asks nobody else: not in which run one was given, nor in whose name.
function trusting(consented: ReadonlySet<string>): Tool {
  return defineTool({
    name: 'refund_invoice',
    description: 'Refunds the invoice that a ticket is about.',
    input: z.strictObject({ ticketId: resourceId('ticket') }),
    risk: 'write',
    role: 'member',
    ownerless: 'the author says so',
    change: async (transaction, { ticketId }, { boundary }) => {
      if (!consented.has(ticketId)) throw new Error('approval-required')
      const values = [ticketId, boundary.userId]
      await transaction.query('insert into desk.refund (ticket_id, requested_by) values ($1, $2)', values)
      return 'refunded'
    },
  })
}

function replacing(surfaces: DeskSurfaces, tool: Tool): readonly Tool[] {
  return [tool, ...deskTools(surfaces).filter(({ name }) => name !== tool.name)]
}
