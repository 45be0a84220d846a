import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

import { ApprovalRequired, openWatertight, session } from '../../src/index.ts'
import { defineTool, tools } from '../../src/surfaces/tools/index.ts'

const command = fileURLToPath(new URL('../../bin/watertight.js', import.meta.url))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function approvals(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], NO_COLOR: '1' }
    execFile(process.execPath, [command, 'approvals', ...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, stdout, stderr })
    })
  })
}

const refund = defineTool({
  name: 'refund',
  description: 'Refunds.',
  input: z.strictObject({ amount: z.number(), note: z.string() }),
  risk: 'sensitive',
  role: 'member',
  ownerless: 'says what was done',
  run: async () => 'paid',
})

let parent: string
let database: string
const ids: string[] = []

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'watertight-approvals-'))
  database = join(parent, 'data')
  await using watertight = await openWatertight({ database, identity: session(), surfaces: [tools([refund])] })
  for (const [tenantId, userId, role] of [
    ['acme', 'mia', 'member'],
    ['acme', 'olga', 'owner'],
    ['acme2', 'olga', 'owner'],
  ] as const) {
    await watertight.directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
    await watertight.directory.putWorkspace({ tenantId, workspaceId: 'ws' })
    const member = { tenantId, workspaceId: 'ws', userId, role, allowedToolIds: ['refund'], allowedDatasourceIds: [] }
    await watertight.directory.putMember(member)
  }
  const principal = await watertight.identify({ tenantId: 'acme', userId: 'mia' })
  const desk = watertight.within(await watertight.boundary(principal, { workspaceId: 'ws' }))
  const run = await desk.startRun({ agent: 'desk', promptVersion: '1' })
  for (const amount of [10, 20]) {
    const refusal: unknown = await run.tools
      .call('refund', { amount, note: 'a\u009b31mred' })
      .catch((error: unknown) => error)
    if (!(refusal instanceof ApprovalRequired)) throw refusal
    ids.push(refusal.approvalId)
  }
}, 300_000)
afterAll(() => rm(parent, { recursive: true, force: true }))

const as = (tenant: string, user: string) => [
  '--database',
  database,
  '--tenant',
  tenant,
  '--workspace',
  'ws',
  '--user',
  user,
]

test('should list, approve and deny as the member whose role may, and take a request once', async () => {
  const listed = await approvals(['list', ...as('acme', 'olga'), '--json'])
  expect(listed).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(listed.stdout)).toMatchObject({
    approvals: ids.map((id, at) => ({
      id,
      toolId: 'refund',
      requestedBy: 'mia',
      input: { amount: at === 0 ? 10 : 20 },
    })),
  })
  const shown = await approvals(['list', ...as('acme', 'olga')])
  expect(shown.stdout).toContain(ids[0])
  expect(shown.stdout).not.toContain('\u009b')

  expect((await approvals(['approve', ids[0] ?? '', ...as('acme', 'olga')])).code).toBe(0)
  expect((await approvals(['deny', ids[1] ?? '', ...as('acme', 'olga'), '--json'])).stdout).toContain('denied')
  const after = JSON.parse((await approvals(['list', ...as('acme', 'olga'), '--json'])).stdout) as object
  expect(after).toMatchObject({ approvals: [{ id: ids[0], state: 'approved', approvedBy: 'olga' }] })
  const again = await approvals(['approve', ids[1] ?? '', ...as('acme', 'olga'), '--json'])
  expect(again.code).toBe(1)
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: 'NOT_FOUND' } })
}, 300_000)

test('should be refused to who asked, to another tenant, to nobody, and make no folder', async () => {
  expect((await approvals(['approve', ids[0] ?? '', ...as('acme', 'mia'), '--json'])).stdout).toContain('FORBIDDEN')
  for (const [tenant, user] of [
    ['acme2', 'olga'],
    ['acme', 'nobody'],
    ['acme ', 'olga'],
  ] as const) {
    const { code, stdout } = await approvals(['approve', ids[0] ?? '', ...as(tenant, user), '--json'])
    expect(code).toBe(1)
    expect(stdout).toContain('NOT_FOUND')
  }
  expect(JSON.parse((await approvals(['list', ...as('acme2', 'olga'), '--json'])).stdout)).toEqual({ approvals: [] })
  const gone = ['--database', join(parent, 'none'), ...as('acme', 'olga').slice(2)]
  expect((await approvals(['list', ...gone])).code).toBe(1)
  expect(await readdir(parent)).not.toContain('none')
  expect((await approvals(['list', '--database', database])).code).toBe(2)
}, 300_000)
