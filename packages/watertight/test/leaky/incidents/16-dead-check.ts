import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import { isSame } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'post']

  override async reach(caller: Scope, door: string, id: string): Promise<unknown> {
    if (door === 'read') return await super.reach(caller, door, id)
    const conversation = this.requireAny(id)
    if (!isSame(caller, this.ownerToCheck(caller, conversation))) throw new NotFound()
    this.rows.set(id, { ...conversation, text: `${conversation.text} And the renewal?` })
    return this.requireAny(id).text
  }

  // The thread is made for its first poster where it is new, and the check was written for that case alone.
  protected ownerToCheck(caller: Scope, _conversation: Row): Scope {
    return { ...caller }
  }
}

class Fixed extends Leaky {
  protected override ownerToCheck(_caller: Scope, conversation: Row): Scope {
    return conversation.owner ?? {}
  }
}

export const incident = defineIncident({
  number: 16,
  url: import.meta.url,
  title: 'Whoever posts into a conversation gets it whole: the check compares the caller with the caller',
  sources: ['GHSA-gfm2-xm6c-37qc', 'platos#44', 'inalpha#130', 'agent-service-toolkit#305'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
