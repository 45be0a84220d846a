import { exchangeKind } from '../kinds/exchange.ts'
import type { Asking, Exchange } from '../kinds/exchange.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Exchange {
  readonly #texts = new Map<string, string>()
  // What SET left on the one connection of the pool.
  protected setting: string | undefined

  async keep(owner: Owner, text: string): Promise<void> {
    this.#texts.set(keyOf(owner), text)
  }

  async ask(caller: Owner, asking: Asking = {}): Promise<string | undefined> {
    this.setting ??= keyOf(caller)
    return this.settled(() => this.#select(asking))
  }

  protected settled(work: () => string | undefined): string | undefined {
    const result = work()
    this.setting = undefined
    return result
  }

  #select({ fail = false }: Asking): string | undefined {
    if (fail) throw new RangeError('The statement broke off.')
    return this.#texts.get(this.setting ?? '')
  }
}

class Fixed extends Leaky {
  protected override settled(work: () => string | undefined): string | undefined {
    try {
      return work()
    } finally {
      this.setting = undefined
    }
  }
}

export const incident = defineIncident({
  number: 33,
  url: import.meta.url,
  title: 'A pooled connection keeps the tenant that was set on it when the work broke off',
  sources: ['areev#192', 'node-postgres#2897', 'spiralclass#59'],
  kind: exchangeKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
