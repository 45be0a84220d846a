import { NotFound } from '../../../src/index.ts'
import { CarefulRetrieval, collectionOf, retrievalKind } from '../kinds/retrieval.ts'
import type { Entry, Question } from '../kinds/retrieval.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRetrieval {
  protected override candidates(caller: Owner, { collection = collectionOf(caller) }: Question): readonly Entry[] {
    return this.entries.filter((entry) => entry.collection === collection)
  }

  protected override requireAllowed(caller: Owner, collection: string): void {
    if (collection.startsWith('user-memory-') && collection !== `user-memory-${caller.userId}`) throw new NotFound()
  }
}

class Fixed extends Leaky {
  protected override requireAllowed(caller: Owner, collection: string): void {
    if (collection !== collectionOf(caller)) throw new NotFound()
  }
}

export const incident = defineIncident({
  number: 10,
  url: import.meta.url,
  title: 'A tool takes the id of a collection, and checks only names of one form',
  sources: ['CVE-2026-45398'],
  kind: retrievalKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
