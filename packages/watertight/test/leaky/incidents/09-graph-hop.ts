import { CarefulRetrieval, retrievalKind } from '../kinds/retrieval.ts'
import type { Entry } from '../kinds/retrieval.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRetrieval {
  protected override finish(caller: Owner, found: readonly Entry[]): readonly Entry[] {
    return [...new Set(found.flatMap((entry) => [entry, ...this.neighbours(caller, entry)]))]
  }

  // Two documents are neighbours where they name the same thing.
  protected neighbours(_caller: Owner, { text }: Entry): readonly Entry[] {
    const names = text.match(/(?<=\w )[A-Z][a-z]{5,}/g) ?? []
    return this.entries.filter((entry) => names.some((name) => entry.text.includes(name)))
  }
}

class Fixed extends Leaky {
  protected override neighbours(caller: Owner, entry: Entry): readonly Entry[] {
    return super.neighbours(caller, entry).filter(({ owner }) => isSame(owner, caller))
  }
}

export const incident = defineIncident({
  number: 9,
  url: import.meta.url,
  title: 'A search is scoped; the hop from what it found to its neighbours is not',
  sources: ['arXiv 2602.08668'],
  kind: retrievalKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
