import { exchangeKind } from '../kinds/exchange.ts'
import type { Asking, Exchange } from '../kinds/exchange.ts'
import { keyOf } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Exchange {
  readonly #texts = new Map<string, string>()
  // One connection: replies come in the order of the requests, and nothing else says whose they are.
  protected readonly replies: Reply[] = []

  async keep(owner: Owner, text: string): Promise<void> {
    this.#texts.set(keyOf(owner), text)
  }

  async ask(caller: Owner, { cancel = false }: Asking = {}): Promise<string | undefined> {
    this.replies.push({ owner: keyOf(caller), text: this.#texts.get(keyOf(caller)) })
    return cancel ? undefined : this.nextReply(caller)?.text
  }

  protected nextReply(_caller: Owner): Reply | undefined {
    return this.replies.shift()
  }
}

class Fixed extends Leaky {
  protected override nextReply(caller: Owner): Reply | undefined {
    let reply = this.replies.shift()
    while (reply !== undefined && reply.owner !== keyOf(caller)) reply = this.replies.shift()
    return reply
  }
}

interface Reply {
  readonly owner: string
  readonly text: string | undefined
}

export const incident = defineIncident({
  number: 23,
  url: import.meta.url,
  title: 'A reader goes away, and its reply waits on the shared connection for the next reader',
  sources: ['ChatGPT outage, 20 March 2023'],
  kind: exchangeKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
