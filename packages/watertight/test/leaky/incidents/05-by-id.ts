import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'history']

  protected override requireOwn(_caller: Scope, id: string): Row {
    return this.requireAny(id)
  }
}

class Fixed extends Leaky {
  protected override requireOwn(caller: Scope, id: string): Row {
    const row = this.requireAny(id)
    if (!this.isOf(row, caller)) throw new NotFound()
    return row
  }
}

export const incident = defineIncident({
  number: 5,
  url: import.meta.url,
  title: 'A search is scoped; get, update, delete and history take any id',
  sources: ['xagent#818', 'mem0 3.3.1', 'CVE-2026-44570', 'ragflow#14535'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
