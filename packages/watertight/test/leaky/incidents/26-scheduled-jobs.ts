import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import { isSame } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'next-time']

  protected override isOf(_row: Row, _caller: Scope): boolean {
    return true
  }
}

class Fixed extends Leaky {
  protected override isOf(row: Row, caller: Scope): boolean {
    if (row.owner === undefined) throw new NotFound()
    return isSame(row.owner, caller)
  }
}

export const incident = defineIncident({
  number: 26,
  url: import.meta.url,
  title: 'Scheduled jobs have no owner: everybody lists and removes them',
  sources: ['openclaw#26370', 'openclaw#16053'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
