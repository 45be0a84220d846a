import { generateKeyPairSync } from 'node:crypto'

import { SignJWT } from 'jose'

import { jwt, openWatertight, Unauthenticated } from '../../../src/index.ts'
import { memory } from '../../../src/surfaces/memory/index.ts'
import type { SignIn } from '../kinds/sign-in.ts'
import type { Owner } from '../owners.ts'

const [issuer, audience] = ['https://identity.example/', 'https://desk.example/']

/** Watertight behind an identity provider. Where a caller says it wants to go is a claim; who it is, a token proves. */
export async function openOurSignIn(): Promise<SignIn & { close(): Promise<void> }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const watertight = await openWatertight({
    database: 'memory://',
    identity: jwt({ issuer, audience, algorithms: ['ES256'], keys: publicKey, tenantClaim: 'org_id' }),
    surfaces: [memory()],
  })
  const issue = async ({ tenantId, userId }: Owner) =>
    await new SignJWT({ org_id: tenantId })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(userId)
      .setExpirationTime('5m')
      .sign(privateKey)
  const enter: SignIn['enter'] = async ({ token, email }) => await (await open(token, email)).memory.list()
  const open = async (token: string, email: string) => {
    const [, workspaceId] = /^[^+]*\+([^@]*)@/.exec(email) ?? []
    if (workspaceId === undefined) throw new Unauthenticated('invalid')
    const principal = await watertight.identify(`Bearer ${token}`)
    return watertight.within(await watertight.boundary(principal, { workspaceId: decodeURIComponent(workspaceId) }))
  }
  return {
    async enrol(owner, secret) {
      const { tenantId, workspaceId, userId } = owner
      await watertight.directory.putTenant({ tenantId, plan: 'pro', region: 'eu' })
      await watertight.directory.putWorkspace({ tenantId, workspaceId })
      const grant = { role: 'member', allowedToolIds: [], allowedDatasourceIds: [] }
      await watertight.directory.putMember({ tenantId, workspaceId, userId, issuer, ...grant })
      await (await open(await issue(owner), addressOf(owner))).memory.set('notes', secret)
    },
    issue: async (owner) => ({ token: await issue(owner), email: addressOf(owner) }),
    enter,
    close: () => watertight.close(),
  }
}

function addressOf({ tenantId, workspaceId, userId }: Owner): string {
  return `${[userId, workspaceId].map(encodeURIComponent).join('+')}@${encodeURIComponent(tenantId)}.example`
}
