import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { longDate, money, northstarDental, northstarDesign, type TenantFacts } from '../src/seed/index.ts'
import { runStart, type Started } from './support/run-start.ts'
import { tableOf } from './support/table-of.ts'

const patience = 240_000 // two cores that are shared may take their time
const table = '../expected-outcomes.json'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'support-desk-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const start = (...parameters: Parameters<typeof runStart>): Promise<Started> => {
  const [options, ...rest] = parameters
  return runStart(['--data', join(folder, 'desk'), ...options], ...rest)
}

// One folder through its life: each test finds what the one before it left.
describe('npm start', () => {
  test(
    'should come to the expected outcomes in an empty folder, and end with them as JSON',
    async () => {
      const { code, stdout, outcomes } = await start(['--json'])
      await expect(tableOf(outcomes)).toMatchFileSnapshot(table)
      expect(stdout.trimEnd().split('\n').at(-1)).toBe(JSON.stringify(JSON.parse(tableOf(outcomes)).summary))
      expect(code).toBe(0)
    },
    patience,
  )

  test(
    'should come to the same outcomes when the folder is opened again, seeding nothing',
    async () => {
      const { code, stderr, stdout, outcomes } = await start([])
      await expect(tableOf(outcomes)).toMatchFileSnapshot(table)
      expect(code).toBe(0)
      expect(stderr).toContain('Found its customers as they were')
      expect(stdout.trimEnd().split('\n').at(-1)).toContain('Nothing crossed over.')
      expectJudged(outcomes)
    },
    patience,
  )

  test(
    'should answer with the names and dates of the seed when those change, and with none of the old',
    async () => {
      const tenants = [changed(northstarDental), northstarDesign]
      const { code, stderr, outcomes } = await start([], { tenants })
      expect(code).toBe(0)
      expect(stderr).toContain('Filled it with its customers')
      const asked = outcomes.find(({ tenant, model, prompt }) =>
        [tenant.name, model, prompt.id].every((each, at) => each === ['Southpeak Dental', 'helpful', 'renewal'][at]),
      )
      for (const fact of ['Southpeak Dental', '5 January 2031', 'USD 7,777', 'Ada Quill'])
        expect(asked?.answer).toContain(fact)
      const [old] = northstarDental.workspaces
      for (const fact of [longDate(old?.renewsOn ?? ''), money('USD', old?.rolloverPrice ?? 0), old?.accountManager])
        expect(JSON.stringify(outcomes)).not.toContain(fact)
      expectJudged(outcomes)
    },
    patience,
  )
})

// What the table says, said again without it: a table is easily written anew.
function expectJudged(outcomes: Started['outcomes']): void {
  expect(outcomes).toHaveLength(24)
  for (const { model, prompt, answered, refused, checked, leaks } of outcomes) {
    expect(leaks).toEqual([])
    if (prompt.id === 'refund') expect(checked).toEqual(expect.arrayContaining(nobodyElse))
    if (model === 'helpful') {
      const waiting = prompt.id === 'refund' ? [{ reason: 'approval-required', count: 1 }] : []
      expect({ answered, refused: waiting }).toEqual({ answered: true, refused })
      continue
    }
    expect(refused.map(({ reason }) => reason)).toEqual(expect.arrayContaining(everyAttack))
    expect(checked).toContainEqual(expect.stringMatching(/^updates of own and foreign tickets, ×[2-9]: no own one/))
  }
}

const everyAttack = [
  'approval-required',
  'argument-reserved',
  'resource-outside-boundary',
  'tool-unknown',
  'input-refused',
]
const nobodyElse = [
  'Sam, who asked, approving: FORBIDDEN',
  expect.stringMatching(/^Dana of .* has 0 requests in the list; approving: NOT_FOUND$/),
]

function changed(tenant: TenantFacts): TenantFacts {
  const [first, ...rest] = tenant.workspaces
  if (!first) throw new TypeError('The tenant has no workspace. Give it one.')
  const workspace = { ...first, renewsOn: '2031-01-05', rolloverPrice: 7777, accountManager: 'Ada Quill' }
  return { ...tenant, name: 'Southpeak Dental', workspaces: [workspace, ...rest] }
}

describe('the command', () => {
  test('should explain itself', async () => {
    const { code, stdout } = await runStart(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--fresh')
  })

  test.each([['--everything'], ['--fresh', '--data=x'], ['--data='], ['extra']])(
    'should refuse options that make no sense: %s',
    async (...parameters) => {
      const { code, stderr } = await runStart(parameters)
      expect(code).toBe(2)
      expect(stderr).toContain('Usage:')
    },
  )
})
