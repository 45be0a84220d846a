import { memoryKind } from '../kinds/memory.ts'
import type { Memory } from '../kinds/memory.ts'
import { requireWhole } from '../kinds/absent.ts'
import { keyOf } from '../owners.ts'
import type { Scope } from '../owners.ts'
import { defineIncident } from '../incident.ts'

class Leaky implements Memory {
  // The files of the folder, by name; each call lists it anew, as an agent does with a shell.
  readonly #folders = new Map<string, Map<string, string>>()

  async put(caller: Scope, key: string, text: string): Promise<void> {
    this.#folder(caller).set(`${key}.md`, text)
  }

  async get(caller: Scope, key: string): Promise<string | undefined> {
    return this.#folder(caller).get(`${key}.md`)
  }

  async delete(caller: Scope, key: string): Promise<void> {
    this.#folder(caller).delete(`${key}.md`)
  }

  async list(caller: Scope): Promise<readonly string[]> {
    return [...this.#folder(caller).values()]
  }

  async recall(caller: Scope, word: string): Promise<readonly string[]> {
    return (await this.list(caller)).filter((text) => text.includes(word))
  }

  protected folderOf(_caller: Scope): string {
    return 'agents/assistant/memory'
  }

  #folder(caller: Scope): Map<string, string> {
    const name = this.folderOf(caller)
    const folder = this.#folders.get(name) ?? new Map<string, string>()
    this.#folders.set(name, folder)
    return folder
  }
}

class Fixed extends Leaky {
  protected override folderOf(caller: Scope): string {
    return `${super.folderOf(caller)}/${keyOf(requireWhole(caller))}`
  }
}

export const incident = defineIncident({
  number: 30,
  url: import.meta.url,
  title: 'An agent writes what it learns about a person into the folder that all its persons share',
  sources: ['trinity#888'],
  kind: memoryKind,
  leaky: () => new Leaky(),
  fixed: () => new Fixed(),
})
