import { CarefulRetrieval, retrievalKind } from '../kinds/retrieval.ts'
import type { Entry, Question } from '../kinds/retrieval.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRetrieval {
  protected override candidates(caller: Owner, { words }: Question): readonly Entry[] {
    return this.rank(this.nearest(caller), words).slice(0, 10)
  }

  protected nearest(_caller: Owner): readonly Entry[] {
    return this.entries
  }

  protected override finish(caller: Owner, found: readonly Entry[]): readonly Entry[] {
    return found.filter(({ owner }) => isSame(owner, caller))
  }
}

class Fixed extends Leaky {
  protected override candidates(caller: Owner): readonly Entry[] {
    return this.nearest(caller).filter(({ owner }) => isSame(owner, caller))
  }
}

export const incident = defineIncident({
  number: 7,
  url: import.meta.url,
  title: 'The best ten of everybody are fetched, and filtered then',
  sources: ['TrueMemory#296'],
  kind: retrievalKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
