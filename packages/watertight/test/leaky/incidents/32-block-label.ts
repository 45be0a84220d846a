import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'attach']

  override async reach(caller: Scope, door: string, id: string): Promise<unknown> {
    if (door === 'read') return await super.reach(caller, door, id)
    return `<block label="persona">${this.blockFor(caller, id).text}</block>`
  }

  protected blockFor(_caller: Scope, id: string): Row {
    return this.requireAny(id)
  }
}

class Fixed extends Leaky {
  protected override blockFor(caller: Scope, id: string): Row {
    const block = this.requireAny(id)
    if (!this.isOf(block, caller)) throw new NotFound()
    return block
  }
}

export const incident = defineIncident({
  number: 32,
  url: import.meta.url,
  title: 'A memory block is found by its label, and any block is attached to any agent',
  sources: ['lettactl#128', 'lettactl#263'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
