import { memoryKind } from '../kinds/memory.ts'
import type { Memory } from '../kinds/memory.ts'
import { requireWhole } from '../kinds/absent.ts'
import { keyOf } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Memory {
  readonly #agents = new Map<string, Map<string, string>>()

  async put(caller: Scope, key: string, text: string): Promise<void> {
    this.agentOf(caller).set(key, text)
  }

  async get(caller: Scope, key: string): Promise<string | undefined> {
    return this.agentOf(caller).get(key)
  }

  async delete(caller: Scope, key: string): Promise<void> {
    this.agentOf(caller).delete(key)
  }

  async list(caller: Scope): Promise<readonly string[]> {
    return [...this.agentOf(caller).values()]
  }

  async recall(caller: Scope, word: string): Promise<readonly string[]> {
    return (await this.list(caller)).filter((text) => text.includes(word))
  }

  protected agentOf(_caller: Scope): Map<string, string> {
    return this.named()
  }

  protected named(name = 'default'): Map<string, string> {
    const agent = this.#agents.get(name) ?? new Map<string, string>()
    this.#agents.set(name, agent)
    return agent
  }
}

class Fixed extends Leaky {
  protected override agentOf(caller: Scope): Map<string, string> {
    return this.named(keyOf(requireWhole(caller)))
  }
}

export const incident = defineIncident({
  number: 38,
  url: import.meta.url,
  title: 'Two users ask for an agent without a name, and get the same one',
  sources: ['cloudflare/agents-starter#96'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
