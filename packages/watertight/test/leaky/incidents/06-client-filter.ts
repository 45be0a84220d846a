import { CarefulRetrieval, retrievalKind } from '../kinds/retrieval.ts'
import type { Entry, Question } from '../kinds/retrieval.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRetrieval {
  protected override candidates(caller: Owner, { filter = {} }: Question): readonly Entry[] {
    const { tenantId, workspaceId, userId } = caller
    return this.matching({ tenantId, workspaceId, userId, ...filter })
  }

  protected matching(filter: Readonly<Record<string, string>>): readonly Entry[] {
    return this.entries.filter(({ owner, collection }) => {
      const metadata = new Map(Object.entries({ ...owner, collection }))
      return Object.entries(filter).every(([name, value]) => metadata.get(name) === value)
    })
  }
}

class Fixed extends Leaky {
  protected override candidates(caller: Owner, { filter = {} }: Question): readonly Entry[] {
    return this.matching(filter).filter(({ owner }) => isSame(owner, caller))
  }
}

export const incident = defineIncident({
  number: 6,
  url: import.meta.url,
  title: 'A search takes the filter of the request, and its members win',
  sources: ['meho#1797', 'meho#1813'],
  kind: retrievalKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
