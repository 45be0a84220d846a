import { Authority, makeBoundary, makePrincipal, parsePlace } from '../../src/boundary/index.ts'
import type { AgentBoundary, Claims, Grant, GrantRows, Principal } from '../../src/boundary/index.ts'

/** Ids that look like `acme` and are not. */
export const lookAlikes: readonly string[] = [
  'acme',
  'acme-eu',
  'acme2',
  'acme_',
  'ACME',
  'a:b',
  'acme ',
  'acme.',
  'acme%20',
  'caf\u00e9',
  'cafe\u0301',
]

export const usualRows: GrantRows = {
  tenant: '00000000-0000-4000-8000-000000000001',
  workspace: '00000000-0000-4000-8000-000000000002',
  member: '00000000-0000-4000-8000-000000000003',
  datasources: ['00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000005'],
}

export const usualGrant: Grant = {
  role: 'member',
  plan: 'pro',
  region: 'eu',
  allowedToolIds: ['read-ticket', 'update-ticket'],
  allowedDatasourceIds: ['handbook', 'tickets'],
  epoch: 3,
  version: 7,
  rows: usualRows,
}

/** A principal that no identity proved, for tests of what trusted code does with one. */
export function principalOf(authority: Authority, claims: Partial<Claims> = {}): Principal {
  return makePrincipal(authority, {
    issuer: 'session',
    subject: 'alice',
    tenantId: 'acme',
    expiresAt: Date.now() + 60_000,
    ...claims,
  })
}

/** A boundary that no directory granted, for tests of what trusted code does with one. */
export function boundaryOf(
  options: { authority?: Authority; claims?: Partial<Claims>; grant?: Partial<Grant>; workspaceId?: string } = {},
): AgentBoundary {
  const { authority = new Authority(), workspaceId = 'support' } = options
  const place = parsePlace({ workspaceId, traceId: 'trace-secret' })
  return makeBoundary(authority, principalOf(authority, options.claims), place, { ...usualGrant, ...options.grant })
}
