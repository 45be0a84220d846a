import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Fields } from '../kinds/records.ts'
import { requireWhole } from '../kinds/absent.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override async add(caller: Scope, fields: Fields): Promise<string> {
    const { id, owner } = this.stamp(requireWhole(caller), fields)
    this.rows.set(id, { id, owner, text: fields.text, readers: [] })
    return id
  }

  override async change(caller: Scope, id: string, fields: Fields): Promise<void> {
    const row = this.requireOwn(caller, id)
    this.rows.set(id, { ...row, text: fields.text, owner: this.stamp(requireWhole(caller), fields).owner })
  }

  protected stamp(caller: Owner, fields: Fields): { readonly id: string; readonly owner: Owner } {
    return { id: this.newId(), owner: caller, ...fields }
  }
}

class Fixed extends Leaky {
  protected override stamp(caller: Owner): { readonly id: string; readonly owner: Owner } {
    return { id: this.newId(), owner: caller }
  }
}

export const incident = defineIncident({
  number: 12,
  url: import.meta.url,
  title: 'To create under an id that exists is to overwrite it, and the body may name an owner',
  sources: ['CVE-2026-41277', 'CVE-2026-46441', 'CVE-2026-46476'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
