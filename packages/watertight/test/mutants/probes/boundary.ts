import {
  assertInBoundary,
  Authority,
  findLabel,
  labelItem,
  makeBoundary,
  narrow,
  renewBoundary,
  requireLive,
  requireOwnLabel,
  stillGranted,
} from '../../../src/boundary/index.ts'
import type { AgentBoundary, Grant } from '../../../src/boundary/index.ts'
import { createLiveness } from '../../../src/liveness.ts'
import { boundaryOf, principalOf, usualGrant, usualRows } from '../../support/people.ts'
import type { Probe, Script } from '../probe.ts'

/** An authority whose clock can be moved. */
class Clock extends Authority {
  moved = 0
  override now(): number {
    return Date.now() + this.moved
  }
}

const surface = 'boundary'
const live = (boundary: unknown, authority?: Authority) => requireLive(boundary, authority).tenantId
const item = () => ({ value: 'the phrase' })
const kind = { integrity: 'trusted', source: { surface: 'memory', id: 'plan' } } as const

/** Boundaries of one deployment: a member, and their twins. */
function people() {
  const authority = new Authority()
  const other = '00000000-0000-4000-8000-00000000000f'
  return {
    authority,
    own: boundaryOf({ authority }),
    tenant: boundaryOf({
      authority,
      claims: { tenantId: 'acme-eu' },
      grant: { rows: { ...usualRows, tenant: other } },
    }),
    user: boundaryOf({ authority, claims: { subject: 'alice2' }, grant: { rows: { ...usualRows, member: other } } }),
  }
}

async function changed(script: Script, step: string, grant: Partial<Grant>): Promise<void> {
  const state = requireLive(boundaryOf())
  await script.see('ask with the same grant', () => stillGranted(state, usualGrant), true)
  await script.see(step, () => stillGranted(state, { ...usualGrant, ...grant }), false)
}

export const probes: readonly Probe[] = [
  {
    name: 'forged',
    surface,
    async run(script) {
      const { own, authority } = people()
      await script.see('use a boundary', () => live(own, authority), 'acme')
      const copy = { ...requireLive(own), tenantId: 'acme-eu' }
      await script.refused(
        'use an object with all that a boundary has',
        () => live(copy, authority),
        'BOUNDARY_REFUSED forged',
      )
      await script.refused('use it without naming the deployment', () => live(copy), 'BOUNDARY_REFUSED forged')
      await script.refused('use none', () => live(undefined), 'BOUNDARY_REFUSED absent')
    },
  },
  {
    name: 'other-deployment',
    surface,
    async run(script) {
      await script.refused(
        'use a boundary of another deployment',
        () => live(people().own, new Authority()),
        'BOUNDARY_REFUSED forged',
      )
    },
  },
  {
    name: 'end',
    surface,
    async run(script) {
      const clock = new Clock()
      const boundary = boundaryOf({ authority: clock, claims: { expiresAt: Date.now() + 60_000 } })
      await script.see('use a boundary', () => live(boundary, clock), 'acme')
      clock.moved = 61_000
      await script.refused(
        'use it after the proof of its caller is over',
        () => live(boundary, clock),
        'BOUNDARY_REFUSED expired',
      )
    },
  },
  {
    name: 'revoked',
    surface,
    async run(script) {
      const { own, authority } = people()
      requireLive(own).life.revoked = true
      await script.refused('use a boundary that was revoked', () => live(own, authority), 'BOUNDARY_REFUSED revoked')
    },
  },
  {
    name: 'narrow',
    surface,
    async run(script) {
      const { own } = people()
      const tools = (boundary: AgentBoundary) => boundary.allowedToolIds
      const riskOf = (boundary: AgentBoundary) => requireLive(boundary).maximumRisk
      await script.see('narrow to tools with one more', () => tools(narrow(own, { tools: ['read-ticket', 'pay'] })), [
        'read-ticket',
      ])
      await script.see('narrow to no tools', () => tools(narrow(own, { tools: [] })), [])
      await script.see('narrow to a higher role', () => narrow(own, { role: 'owner' }).role, 'member')
      await script.see(
        'narrow to a risk, then to a higher one',
        () => riskOf(narrow(narrow(own, { risk: 'read' }), { risk: 'write' })),
        'read',
      )
      const later = new Date(own.expiresAt.getTime() + 3_600_000)
      await script.see('narrow to a later end', () => narrow(own, { expiresAt: later }).expiresAt, own.expiresAt)
      const rows = () => requireLive(narrow(own, { datasources: ['tickets'] })).rows?.datasources
      await script.see('narrow to one datasource', rows, [usualRows.datasources[1]])
    },
  },
  {
    name: 'narrow-to-nothing-readable',
    surface,
    async run(script) {
      const { own } = people()
      // a setting that is missing, as untyped code hands it in
      const missing = undefined as unknown as readonly string[]
      await script.refused(
        'narrow to tools that a setting lacks',
        () => narrow(own, { tools: missing }),
        'INVALID_INPUT',
      )
    },
  },
  { name: 'grant-epoch', surface, run: (script) => changed(script, 'ask with a raised epoch', { epoch: 4 }) },
  { name: 'grant-version', surface, run: (script) => changed(script, 'ask with a raised version', { version: 8 }) },
  {
    name: 'grant-rows',
    surface,
    run: (script) =>
      changed(script, 'ask as somebody who was removed and added again', {
        rows: { ...usualRows, member: usualRows.tenant },
      }),
  },
  {
    name: 'renewal',
    surface,
    async run(script) {
      const state = requireLive(boundaryOf())
      const renewed = (grant?: Grant) => renewBoundary(state, grant, Date.now() + 60_000)
      await script.see('renew by the same grant', () => renewed(usualGrant).tenantId, 'acme')
      await script.refused(
        'renew when the grant is gone',
        () => renewed({ ...usualGrant, epoch: 4 }),
        'BOUNDARY_REFUSED revoked',
      )
    },
  },
  {
    name: 'freshness',
    surface,
    async run(script) {
      const authority = new Authority()
      const gone = new Set<string>()
      const grant = async ({ subject }: { subject: string }) => (gone.has(subject) ? undefined : usualGrant)
      const liveness = createLiveness(authority, { grant }, 60_000)
      const use = async (subject: string) => {
        const boundary = makeBoundary(
          authority,
          principalOf(authority, { subject }),
          { workspaceId: 'support' },
          usualGrant,
        )
        return (await liveness.ofBoundary(boundary)).userId
      }
      await script.see('alice works', () => use('alice'), 'alice')
      gone.add('alice2')
      await script.refused('alice2 works, who is granted nothing', () => use('alice2'), 'BOUNDARY_REFUSED revoked')
    },
  },
  {
    name: 'records',
    surface,
    async run(script) {
      const { own } = people()
      const record = { tenantId: 'acme', workspaceId: 'support' }
      const judge = (found: typeof record | undefined) => assertInBoundary(own, found)
      await script.see('find a record of one’s own', () => judge(record), undefined)
      await script.refused('find none', () => judge(undefined), 'NOT_FOUND')
      await script.refused('find one of acme-eu', () => judge({ ...record, tenantId: 'acme-eu' }), 'NOT_FOUND')
      await script.refused('find one of ACME', () => judge({ ...record, tenantId: 'ACME' }), 'NOT_FOUND')
      await script.refused('find one of support2', () => judge({ ...record, workspaceId: 'support2' }), 'NOT_FOUND')
      await script.refused(
        'find one whose owner lies on its prototype',
        () => judge(Object.create(record)),
        'NOT_FOUND',
      )
    },
  },
  {
    name: 'labels',
    surface,
    async run(script) {
      const { own, tenant, user } = people()
      const check = (boundary: AgentBoundary, found: object) => requireOwnLabel(requireLive(boundary), found).tenantId
      const shared = labelItem(tenant, item(), kind)
      const personal = labelItem(user, item(), { ...kind, personal: true })
      await script.see('take an item of one’s own', () => check(own, labelItem(own, item(), kind)), 'acme')
      await script.refused('take one of acme-eu', () => check(own, shared), 'NOT_FOUND')
      await script.refused('take one of a colleague alone', () => check(own, personal), 'NOT_FOUND')
      await script.refused('take one that nobody labelled', () => check(own, item()), 'INVALID_INPUT')
      await script.refused('label one of acme-eu as one’s own', () => labelItem(own, shared, kind), 'NOT_FOUND')
    },
  },
  {
    name: 'trust',
    surface,
    async run(script) {
      const { own } = people()
      const untrusted = labelItem(own, item(), { ...kind, integrity: 'untrusted' })
      const again = () => findLabel(labelItem(own, untrusted, kind))?.integrity
      await script.see('label a text of a tool as trusted', again, 'untrusted')
    },
  },
]
