import { exchangeKind } from '../kinds/exchange.ts'
import type { Exchange } from '../kinds/exchange.ts'
import { isSame } from '../owners.ts'
import type { Owner } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Exchange {
  readonly #tasks: Task[] = []

  async keep(owner: Owner, text: string): Promise<void> {
    const { tenantId, workspaceId, userId } = owner
    this.#tasks.unshift({ owner: { tenantId, workspaceId, userId }, title: 'Renewal terms', text })
  }

  async ask(caller: Owner): Promise<string | undefined> {
    const found = this.#tasks.filter(({ title }) => title === 'Renewal terms')
    return this.check(caller, found)[0]?.text
  }

  protected check(_caller: Owner, found: readonly Task[]): readonly Task[] {
    return found
  }
}

class Fixed extends Leaky {
  protected override check(caller: Owner, found: readonly Task[]): readonly Task[] {
    return found.filter(({ owner }) => isSame(owner, caller))
  }
}

interface Task {
  readonly owner: Owner
  readonly title: string
  readonly text: string
}

export const incident = defineIncident({
  number: 18,
  url: import.meta.url,
  title: 'A connector finds a record by its title, with a login that sees everybody’s',
  sources: ['Asana MCP, June 2025'],
  kind: exchangeKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
