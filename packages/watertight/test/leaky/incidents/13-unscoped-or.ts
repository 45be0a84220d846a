import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import { requireWhole } from '../kinds/absent.ts'
import type { Row } from '../kinds/records.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override async list(caller: Scope, words: readonly [string, string] = ['', '']): Promise<readonly unknown[]> {
    const owner = requireWhole(caller)
    return [...this.rows.values()].filter((row) => this.matches(row, owner, words)).map(({ text }) => text)
  }

  protected matches(row: Row, owner: Owner, [one, other]: readonly [string, string]): boolean {
    return (this.isOf(row, owner) && row.text.includes(one)) || (other !== '' && row.text.includes(other))
  }
}

class Fixed extends Leaky {
  protected override matches(row: Row, owner: Owner, [one, other]: readonly [string, string]): boolean {
    return this.isOf(row, owner) && (row.text.includes(one) || (other !== '' && row.text.includes(other)))
  }
}

export const incident = defineIncident({
  number: 13,
  url: import.meta.url,
  title: 'A second branch of a condition is not scoped: OR without parentheses',
  sources: ['GHSA-c2c9-mfw7-p8hw'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
