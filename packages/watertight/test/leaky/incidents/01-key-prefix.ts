import { CarefulMemory, memoryKind } from '../kinds/memory.ts'
import type { MemoryRow } from '../kinds/memory.ts'
import type { Scope } from '../owners.ts'
import { isSame } from '../owners.ts'
import { requireWhole } from '../kinds/absent.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulMemory {
  protected override within(caller: Scope): readonly MemoryRow[] {
    return this.rows.filter((row) => pathOf(row.owner).startsWith(pathOf(caller)))
  }
}

class Fixed extends Leaky {
  protected override within(caller: Scope): readonly MemoryRow[] {
    const owner = requireWhole(caller)
    return this.rows.filter((row) => isSame(row.owner, owner))
  }
}

// From the inside out, as an agent names what it remembers: the last part has no end of its own.
function pathOf({ tenantId = '', workspaceId = '', userId = '' }: Scope): string {
  return `memories.${userId}.${workspaceId}.${tenantId}`
}

export const incident = defineIncident({
  number: 1,
  url: import.meta.url,
  title: 'A search under one namespace also finds those whose name begins with it',
  sources: ['CVE-2026-71433', 'langgraph#8478', 'langgraphjs#2721', 'langgraphjs#2803', 'langgraphjs#2825'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
