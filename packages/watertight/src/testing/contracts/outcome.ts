import { deepEqual } from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'

/** What a caller can tell apart: what is returned, or the name, code and message of what is thrown. */
export type Outcome =
  | { readonly returned: unknown }
  | { readonly thrown: string; readonly code?: unknown; readonly message?: string }

/** Does some work, and gives what a caller learns from it; the id asked for may be told, so it is taken out of a message. */
export async function outcomeOf(work: () => Promise<unknown>, id?: string): Promise<Outcome> {
  try {
    return { returned: await work() }
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: String(error) }
    const code: unknown = 'code' in error ? error.code : undefined
    return { thrown: error.name, code, message: id === undefined ? error.message : error.message.replaceAll(id, '…') }
  }
}

/**
 * Fails where an outcome tells something that two of what is missing do not.
 *
 * A client may return a time or a request id: where already the two differ, only returned and thrown are told apart.
 */
export function tellsNothing(outcome: Outcome, missing: readonly [Outcome, Outcome], message: string): void {
  if (isDeepStrictEqual(...missing)) deepEqual(outcome, missing[0], message)
  else deepEqual(kindOf(outcome), kindOf(missing[0]), message)
}

function kindOf(outcome: Outcome): unknown {
  return 'returned' in outcome ? 'returned' : [outcome.thrown, outcome.code]
}
