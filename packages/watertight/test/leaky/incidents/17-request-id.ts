import { exchangeKind } from '../kinds/exchange.ts'
import type { Asking, Exchange } from '../kinds/exchange.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Exchange {
  readonly #texts = new Map<string, string>()
  readonly #waiting = new Map<string, (text: string | undefined) => void>()

  async keep(owner: Owner, text: string): Promise<void> {
    this.#texts.set(keyOf(owner), text)
  }

  async ask(caller: Owner, { requestId = 1 }: Asking = {}): Promise<string | undefined> {
    const route = this.routeOf(caller, requestId)
    const answer = new Promise<string | undefined>((resolve) => this.#waiting.set(route, resolve))
    setImmediate(() => {
      this.#waiting.get(route)?.(this.#texts.get(keyOf(caller)))
      this.#waiting.delete(route)
    })
    return await answer
  }

  protected routeOf(_caller: Owner, requestId: number): string {
    return String(requestId)
  }
}

class Fixed extends Leaky {
  protected override routeOf(caller: Owner, requestId: number): string {
    return `${keyOf(caller)} ${requestId}`
  }
}

export const incident = defineIncident({
  number: 17,
  url: import.meta.url,
  title: 'Callers share a transport, and an answer finds its way by a number that every client counts from one',
  sources: ['CVE-2026-25536', 'GHSA-345p-7cg4-v4c7'],
  kind: exchangeKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
