import { generateKeyPair, SignJWT } from 'jose'
import { jwt, type Identity } from 'watertight'

/** Stands in for the provider where a real desk's people sign in: it has a key pair of its own, made at start. */
export interface IdentityProvider {
  readonly issuer: string
  /** What the desk verifies tokens with: the public half. */
  readonly identity: Identity<string | null | undefined>
  /** Signs somebody in; returns what their browser then sends as the `Authorization` header. */
  signIn(tenantId: string, userId: string): Promise<string>
}

const issuer = 'https://sign-in.northstar.example'
const audience = 'support-desk'

export async function createIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  return {
    issuer,
    identity: jwt({ issuer, audience, algorithms: ['ES256'], keys: publicKey, tenantClaim: 'org_id' }),
    async signIn(tenantId, userId) {
      const token = await new SignJWT({ org_id: tenantId })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setExpirationTime('15 minutes')
        .sign(privateKey)
      return `Bearer ${token}`
    },
  }
}
