import { BoundaryRefused } from '../../../src/index.ts'
import { CarefulMemory, memoryKind } from '../kinds/memory.ts'
import type { MemoryRow } from '../kinds/memory.ts'
import { isSame, isWhole } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulMemory {
  protected override within(caller: Scope): readonly MemoryRow[] {
    const resource = this.resourceOf(caller)
    return this.rows.filter((row) => resource === undefined || isSame(row.owner, resource))
  }

  protected resourceOf(caller: Scope): Owner | undefined {
    return isWhole(caller) ? caller : undefined
  }
}

class Fixed extends Leaky {
  protected override resourceOf(caller: Scope): Owner | undefined {
    if (!isWhole(caller)) throw new BoundaryRefused('absent')
    return caller
  }
}

export const incident = defineIncident({
  number: 3,
  url: import.meta.url,
  title: 'A caller without a mapping passes the check and lists everything',
  sources: ['GHSA-cw45-899f-pvrr', 'mastra#18911', 'mastra#18991', 'mastra#21397', 'mastra#12251', 'mastra#12158'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
