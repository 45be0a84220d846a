import { fileURLToPath } from 'node:url'

import { beforeAll, describe, expect, test } from 'vitest'

import { buildWithout, layers } from '../support/without-layer.ts'
import type { Layer } from '../support/without-layer.ts'

const scenario = fileURLToPath(new URL('../support/fixtures/layers-scenario.ts', import.meta.url))

/** What the scenario found: places where something came out, by pair of twins. */
interface Findings {
  readonly own: readonly string[]
  readonly leaks: Readonly<Record<string, readonly string[]>>
  readonly harm: Readonly<Record<string, readonly string[]>>
}

async function tryWithout(off: readonly Layer[]): Promise<Findings> {
  using build = buildWithout(off, { scripts: [scenario] })
  const { code, stdout, stderr } = await build.run('layers-scenario.ts')
  expect(code, stderr).toBe(0)
  const findings: Findings = JSON.parse(stdout)
  return findings
}

const none = { tenants: [], workspaces: [], users: [] }
const shared = ['memory get', 'memory list', 'retrieval search', 'tool recall', 'tool look_up']
const ofAWorkspace = [
  'memory get of the workspace',
  'memory list of the workspace',
  'tool read_ticket',
  'tool list_tickets',
]
const ofATenant = ['memory get of the tenant', 'memory list of the tenant']
const everything = [...shared, ...ofAWorkspace, ...ofATenant].toSorted()

test('should keep twins apart, and give everybody their own, with every layer on', async () => {
  const findings = await tryWithout([])
  expect(findings.leaks).toEqual(none)
  expect(findings.harm).toEqual(none)
  expect(findings.own.toSorted()).toEqual(everything)
}, 120_000)

describe.each([
  { off: 'filter', holds: ['policy', 'ownership check'] },
  { off: 'ownership check', holds: ['policy', 'filter'] },
  { off: 'policy', holds: ['filter', 'ownership check'] },
] as const)('with the $off alone switched off', ({ off, holds }) => {
  test(`should keep twins apart, because ${holds.join(' and ')} still hold`, async () => {
    const { leaks, harm } = await tryWithout([off])
    expect(leaks).toEqual(none)
    expect(harm).toEqual(none)
  }, 120_000)
})

// A layer that holds only beside another one is none: each is tried with the other two off.
describe.each([
  { alone: 'policy', lets: none },
  { alone: 'ownership check', lets: none },
  // A tool's own statement has no filter but the one that its author wrote, and this one forgot it.
  { alone: 'filter', lets: { tenants: ['tool list_tickets'], workspaces: ['tool list_tickets'], users: [] } },
] as const)('with the $alone as the only layer', ({ alone, lets }) => {
  test('should let out nothing that this layer is there to keep', async () => {
    const { leaks } = await tryWithout(layers.filter((layer) => layer !== alone))
    expect(leaks).toEqual(lets)
  }, 120_000)
})

describe('with every layer switched off', () => {
  let findings: Findings
  beforeAll(async () => {
    findings = await tryWithout(layers)
  }, 120_000)

  test('should leak everywhere, or these tests could not fail', () => {
    const leaked = ({ tenants = [], workspaces = [], users = [] }: Findings['leaks']) =>
      [tenants, workspaces, users].map((names) => names.toSorted())
    expect(leaked(findings.leaks)).toEqual([everything, [...shared, ...ofAWorkspace].toSorted(), shared.toSorted()])
  })

  test('should do harm too', () => {
    expect(findings.harm['tenants']).toEqual(expect.arrayContaining(['memory get', 'tool read_ticket']))
    expect(findings.harm['workspaces']).toEqual(expect.arrayContaining(['memory get', 'tool read_ticket']))
    expect(findings.harm['users']).toEqual(expect.arrayContaining(['memory get']))
  })
})
