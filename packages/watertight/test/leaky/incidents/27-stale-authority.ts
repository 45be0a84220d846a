import { NotFound } from '../../../src/index.ts'
import { resumptionKind } from '../kinds/resumption.ts'
import type { Resumption } from '../kinds/resumption.ts'
import { isSame, keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Resumption {
  readonly #texts = new Map<string, string>()
  readonly #suspended = new Map<string, Suspended>()
  readonly #guests = new Set<string>()

  async put(owner: Owner, text: string): Promise<void> {
    this.#texts.set(keyOf(owner), text)
  }

  async allow(owner: Owner, guest: Owner): Promise<void> {
    this.#guests.add(keyOf(owner) + keyOf(guest))
  }

  async revoke(owner: Owner, guest: Owner): Promise<void> {
    this.#guests.delete(keyOf(owner) + keyOf(guest))
  }

  async suspend(caller: Owner, owner: Owner): Promise<string> {
    const runId = `run-${this.#suspended.size + 1}`
    this.#suspended.set(runId, { caller, owner, permitted: this.mayRead(caller, owner) })
    return runId
  }

  async resume(caller: Owner, runId: string): Promise<string> {
    const run = this.#suspended.get(runId)
    if (run === undefined || !this.mayResume(caller, run)) throw new NotFound()
    return this.#texts.get(keyOf(run.owner)) ?? ''
  }

  protected mayRead(caller: Owner, owner: Owner): boolean {
    return isSame(caller, owner) || this.#guests.has(keyOf(owner) + keyOf(caller))
  }

  protected mayResume(_caller: Owner, run: Suspended): boolean {
    return run.permitted
  }
}

class Fixed extends Leaky {
  protected override mayResume(caller: Owner, run: Suspended): boolean {
    return isSame(caller, run.caller) && this.mayRead(caller, run.owner)
  }
}

interface Suspended {
  readonly caller: Owner
  readonly owner: Owner
  readonly permitted: boolean
}

export const incident = defineIncident({
  number: 27,
  url: import.meta.url,
  title: 'A suspended run goes on with what it was permitted when it was suspended',
  sources: ['bernstein#3649', 'mastra#14579'],
  kind: resumptionKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
