import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import { requireWhole } from '../kinds/absent.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'assign']

  override async reach(caller: Scope, door: string, id: string): Promise<unknown> {
    if (door === 'read') return await super.reach(caller, door, id)
    return { assignee: caller.userId, issue: this.ofService(requireWhole(caller), id).text }
  }

  protected ofService(_path: Owner, id: string): Row {
    return this.requireAny(id)
  }
}

class Fixed extends Leaky {
  protected override ofService(path: Owner, id: string): Row {
    const row = this.requireAny(id)
    if (!this.isOf(row, path)) throw new NotFound()
    return row
  }
}

export const incident = defineIncident({
  number: 11,
  url: import.meta.url,
  title: 'The workspace in the path is checked; the id in the body goes to a service that takes any',
  sources: ['CVE-2026-47399'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
