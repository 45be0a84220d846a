import { NotFound } from '../../../src/index.ts'
import { CarefulRecords, recordsKind } from '../kinds/records.ts'
import type { Row } from '../kinds/records.ts'
import { isSame } from '../owners.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulRecords {
  override readonly doors = ['read', 'message']

  override async reach(caller: Scope, door: string, id: string): Promise<unknown> {
    if (door === 'read') return await super.reach(caller, door, id)
    return this.send({ caller, text: 'Sum this up.', files: [id] })
  }

  async share(owner: Owner, id: string, reader: Owner): Promise<void> {
    const row = this.requireOwn(owner, id)
    this.rows.set(id, { ...row, readers: [...row.readers, reader] })
  }

  override async remove(caller: Scope, id: string): Promise<void> {
    const row = this.requireAny(id)
    if (!this.mayRemove(row, caller)) throw new NotFound()
    this.rows.delete(id)
  }

  protected mayRemove(row: Row, caller: Scope): boolean {
    return this.isOf(row, caller) || row.readers.some((reader) => isSame(reader, caller))
  }

  protected send({ text, files }: Message): unknown {
    return { text, files: files.map((id) => this.requireAny(id).text) }
  }
}

class Fixed extends Leaky {
  protected override mayRemove(row: Row, caller: Scope): boolean {
    return this.isOf(row, caller)
  }

  protected override send({ caller, text, files }: Message): unknown {
    return { text, files: files.map((id) => this.requireOwn(caller, id).text) }
  }
}

interface Message {
  readonly caller: Scope
  readonly text: string
  readonly files: readonly string[]
}

export const incident = defineIncident({
  number: 14,
  url: import.meta.url,
  title: 'A message names files by id, and whoever may read a file may delete it',
  sources: ['CVE-2026-41950', 'CVE-2026-41949', 'CVE-2026-45671'],
  kind: recordsKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
