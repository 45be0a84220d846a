import { CarefulMemory, memoryKind } from '../kinds/memory.ts'
import type { MemoryRow } from '../kinds/memory.ts'
import { isSame } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { requireWhole } from '../kinds/absent.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulMemory {
  protected override within(caller: Scope): readonly MemoryRow[] {
    const { tenantId, workspaceId, userId } = requireWhole(caller)
    return this.rows.filter(
      ({ owner }) =>
        isLike(owner.tenantId, tenantId) && isLike(owner.workspaceId, workspaceId) && isLike(owner.userId, userId),
    )
  }
}

class Fixed extends Leaky {
  protected override within(caller: Scope): readonly MemoryRow[] {
    const whole = requireWhole(caller)
    return this.rows.filter(({ owner }) => isSame(owner, whole))
  }
}

/** The operator LIKE: `_` is any character, `%` any number of them. */
function isLike(text = '', pattern: string): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text === ''
  const remaining = rest.join('')
  if (first === '%') return isLike(text, remaining) || (text !== '' && isLike(text.slice(1), pattern))
  return text !== '' && (first === '_' || first === text.charAt(0)) && isLike(text.slice(1), remaining)
}

export const incident = defineIncident({
  number: 2,
  url: import.meta.url,
  title: 'A namespace is a pattern: john_doe also matches john-doe',
  sources: ['langgraph#8300', 'langgraphjs#2512'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
