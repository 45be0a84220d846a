import { createHash } from 'node:crypto'

import type { BoundaryState } from '../../boundary/index.ts'
import { canonicalJson } from '../../encoding/index.ts'
import type { Json } from '../../encoding/index.ts'

/** What an effect is known by, beside whose it is. */
export interface EffectName {
  readonly runId: string
  /** tells a second call that is meant from a retry of the first; '' where nobody says */
  readonly step: string
  readonly toolId: string
  readonly input: Json
}

/**
 * The key of an effect: SHA-256 over tenant, workspace, run, step, tool and canonical arguments, in hex. Without a secret,
 * because it protects nothing: row security does, and the same key of another tenant is another row. Every part stands in
 * its own place of a list, so that no two calls share a text.
 */
export function effectKey(
  { tenantId, workspaceId }: BoundaryState,
  { runId, step, toolId, input }: EffectName,
): string {
  return sha256(canonicalJson(['effect', tenantId, workspaceId, runId, step, toolId, input]))
}

/** What an approval consents to: SHA-256 over the tool and its canonical arguments, in hex. */
export function digestOf(toolId: string, input: Json): string {
  return sha256(canonicalJson(['approval', toolId, input]))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
