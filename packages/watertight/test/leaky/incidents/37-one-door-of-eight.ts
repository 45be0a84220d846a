import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'by-name', 'versions', 'export', 'runs', 'logs', 'copy', 'download']
  protected readonly checked: ReadonlySet<string> = new Set(this.doors.slice(0, 7))

  override async reach(caller: Scope, door: string, id: string): Promise<unknown> {
    return (this.checked.has(door) ? this.requireOwn(caller, id) : this.requireAny(id)).text
  }
}

class Fixed extends Leaky {
  override async reach(caller: Scope, _door: string, id: string): Promise<unknown> {
    return this.requireOwn(caller, id).text
  }
}

export const incident = defineIncident({
  number: 37,
  url: import.meta.url,
  title: 'Seven doors to a record are checked, and the eighth is not',
  sources: ['GHSA-8c4j-f57c-35cf', 'CVE-2026-33760', 'CVE-2026-55255'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
