import { CarefulRetrieval, retrievalKind } from '../kinds/retrieval.ts'
import type { Entry, Question } from '../kinds/retrieval.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRetrieval {
  protected override candidates(caller: Owner, question: Question): readonly Entry[] {
    const byMeaning = super.candidates(caller, question)
    return [...new Set([...byMeaning, ...this.byText(caller, question)])]
  }

  protected byText(_caller: Owner, { words }: Question): readonly Entry[] {
    return this.entries.filter(({ text }) => words.split(' ').some((word) => text.includes(word)))
  }
}

class Fixed extends Leaky {
  protected override byText(caller: Owner, question: Question): readonly Entry[] {
    return super.byText(caller, question).filter(({ owner }) => isSame(owner, caller))
  }
}

export const incident = defineIncident({
  number: 8,
  url: import.meta.url,
  title: 'One leg of a hybrid search forgets the filter',
  sources: ['Fisher#285', 'Marten#5427'],
  kind: retrievalKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
