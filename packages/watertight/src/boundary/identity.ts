import type { Claims } from './principal.ts'

/**
 * The port that proves who is calling. It answers with claims, or throws `Unauthenticated`; there is no third answer.
 *
 * @typeParam Credential what the app hands in: an `Authorization` header for `jwt()`, a session object for `session()`
 */
export interface Identity<Credential> {
  verify(credential: Credential): Promise<Claims>
}
