import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Fields, Row } from '../kinds/records.ts'
import { requireWhole } from '../kinds/absent.ts'
import { isSame } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override async add(caller: Scope, fields: Fields): Promise<string> {
    const id = this.newId()
    this.rows.set(id, { id, owner: this.stamp(caller), text: fields.text, readers: [] })
    return id
  }

  protected stamp(_caller: Scope): Owner | undefined {
    return undefined
  }

  protected override isOf(row: Row, caller: Scope): boolean {
    return row.owner === undefined || isSame(row.owner, caller)
  }
}

class Fixed extends Leaky {
  protected override stamp(caller: Scope): Owner | undefined {
    return requireWhole(caller)
  }

  protected override isOf(row: Row, caller: Scope): boolean {
    return row.owner !== undefined && isSame(row.owner, caller)
  }
}

export const incident = defineIncident({
  number: 34,
  url: import.meta.url,
  title: 'The handler that stamps an owner does not run on create, and what has no owner is everybody’s',
  sources: ['langchain docs#2420'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
