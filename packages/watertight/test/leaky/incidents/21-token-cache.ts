import { CarefulConnector, connectorKind } from '../kinds/connector.ts'
import type { Call } from '../kinds/connector.ts'
import { keyOf } from '../owners.ts'
import { requireWhole } from '../kinds/absent.ts'
import type { Owner, Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky extends CarefulConnector {
  readonly #cache = new Map<string, string>()

  protected override tokenOf(caller: Scope, call: Call): string {
    const key = this.cacheKey(requireWhole(caller))
    const token = this.#cache.get(key) ?? super.tokenOf(caller, call)
    this.#cache.set(key, token)
    return token
  }

  protected cacheKey(_caller: Owner): string {
    return this.upstream.host
  }
}

class Fixed extends Leaky {
  protected override cacheKey(caller: Owner): string {
    return `${this.upstream.host} ${keyOf(caller)}`
  }
}

export const incident = defineIncident({
  number: 21,
  url: import.meta.url,
  title: 'A token is cached under the address of the server, and the second caller gets the first one’s',
  sources: ['Composio#1816', 'DocsGPT#2715', 'template-agent#169'],
  kind: connectorKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
