import { CarefulMemory, memoryKind } from '../kinds/memory.ts'
import type { MemoryRow } from '../kinds/memory.ts'
import type { Scope } from '../owners.ts'
import { requireWhole } from '../kinds/absent.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulMemory {
  protected override within(scope: Scope): readonly MemoryRow[] {
    const conditions = Object.entries(this.conditionsOf(scope)).filter(([, id]) => id !== undefined && id !== '')
    return this.rows.filter(({ owner }) =>
      conditions.every(([part, id]) => new Map<string, unknown>(Object.entries(owner)).get(part) === id),
    )
  }

  override async recall(_caller: Scope, word: string): Promise<readonly string[]> {
    return this.rows.map(({ text }) => text).filter((text) => text.includes(word))
  }

  protected conditionsOf({ tenantId, workspaceId, userId }: Scope): Scope {
    return Object.fromEntries(Object.entries({ tenantId, workspaceId, userId }).filter(([, id]) => id !== undefined))
  }
}

class Fixed extends Leaky {
  override async recall(caller: Scope, word: string): Promise<readonly string[]> {
    return (await this.list(caller)).filter((text) => text.includes(word))
  }

  protected override conditionsOf(scope: Scope): Scope {
    const { tenantId, workspaceId, userId } = requireWhole(scope)
    return { tenantId, workspaceId, userId }
  }
}

export const incident = defineIncident({
  number: 4,
  url: import.meta.url,
  title: 'A part of the scope that is left out is no condition, and a second way has no scope at all',
  sources: ['memanto#1891', 'librefang#2062', 'PraisonAI#4818', 'LongMemory#97'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
