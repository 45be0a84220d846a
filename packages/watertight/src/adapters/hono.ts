import type { Context, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

import { Refusal } from '../index.ts'
import type { AgentBoundary, Compartment, RefusalCode, Surface, Watertight } from '../index.ts'

/** What a request has once it is inside its boundary. */
export interface BoundaryVariables<Registered extends readonly Surface[]> {
  boundary: AgentBoundary
  desk: Compartment<Registered>
}

export interface WithinBoundaryOptions<Credential> {
  /**
   * Which workspace the request is about, such as a parameter of the path: a wish, which the directory grants or not.
   * The tenant is never asked for; it comes from the credential.
   */
  readonly workspace: (context: Context) => string
  /** what proves the caller; the `Authorization` header where absent, as `jwt()` takes it */
  readonly credential?: (context: Context) => Credential | Promise<Credential>
}

/**
 * Middleware that turns a request into a boundary: `context.get('boundary')` and `context.get('desk')`. A caller who was
 * not proved gets 401 with a code and nothing else.
 *
 * @param watertight an open Watertight
 * @param options where the workspace is named, and the credential if it is not the `Authorization` header
 */
export function withinBoundary<Credential, Registered extends readonly Surface[]>(
  watertight: Watertight<Credential, Registered>,
  options: WithinBoundaryOptions<Credential>,
): MiddlewareHandler<{ Variables: BoundaryVariables<Registered> }> {
  return async (context, next) => {
    try {
      const credential = options.credential === undefined ? headerOf(context) : await options.credential(context)
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without the option, the identity takes the header; another one refuses it
      const principal = await watertight.identify(credential as Credential)
      const boundary = await watertight.boundary(principal, { workspaceId: options.workspace(context) })
      context.set('boundary', boundary)
      context.set('desk', watertight.within(boundary))
    } catch (error) {
      // What is no refusal is a fault, for the app's own `onError` to log.
      if (error instanceof Refusal) return answerRefusal(error, context)
      throw error
    }
    return await next()
  }
}

const statuses: Readonly<Record<RefusalCode, 400 | 401 | 403 | 404 | 409 | 413 | 500 | 502 | 503>> = {
  UNAUTHENTICATED: 401,
  BOUNDARY_REFUSED: 403,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  INVALID_INPUT: 400,
  LIMIT_EXCEEDED: 413,
  STORE_UNAVAILABLE: 503,
  SERVE_REFUSED: 503,
  FOLDER_REFUSED: 503,
  KEYS_REFUSED: 503,
  EVIDENCE_REFUSED: 503,
  RUN_ENDED: 409,
  EFFECT_UNSETTLED: 409,
  PEER_MISSING: 500,
  TOOL_FAILED: 502,
}

/**
 * Answers a refusal with its status and code, and nothing else; for `app.onError()`. Anything that is not a refusal is
 * answered as Hono would: an `HTTPException` as it says, the rest as 500 without a word.
 */
export function answerRefusal(error: unknown, context: Context): Response {
  if (error instanceof Refusal) {
    const status = statuses[error.code]
    if (status === 401) context.header('WWW-Authenticate', 'Bearer') // RFC 6750, section 3
    return context.json({ code: error.code }, status)
  }
  return error instanceof HTTPException ? error.getResponse() : context.json({ code: 'INTERNAL' }, 500)
}

function headerOf(context: Context): string | undefined {
  return context.req.header('authorization')
}
