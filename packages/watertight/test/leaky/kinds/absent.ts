import { BoundaryRefused } from '../../../src/index.ts'
import { isWhole } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'

/** What is left of a caller when a mapping, a header or a member got lost on the way. */
export function partsOf({ tenantId, workspaceId, userId }: Owner): readonly Scope[] {
  return [
    { tenantId, workspaceId },
    { tenantId, userId },
    { workspaceId, userId },
    { tenantId },
    { userId },
    {},
  ].flatMap((part) => [part, { ...blank, ...part }])
}

const blank = { tenantId: '', workspaceId: '', userId: '' }

/** Absent is refused: never all, never a default. */
export function requireWhole(scope: Scope): Owner {
  if (!isWhole(scope)) throw new BoundaryRefused('absent')
  return scope
}
