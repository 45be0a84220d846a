import { NotFound } from '../../../src/index.ts'
import type { Memory } from '../kinds/memory.ts'
import type { Fields, Records } from '../kinds/records.ts'
import type { Scope } from '../owners.ts'
import type { House } from './house.ts'

/** Memory as the app's code and a run of an agent reach it. */
export function createOurMemory(house: House): Memory {
  return {
    put: async (caller, key, text) => await (await house.at(caller)).memory.set(key, text),
    async get(caller, key) {
      const item = await (await house.at(caller)).memory.get(key)
      return item && textOf(item.value)
    },
    delete: async (caller, key) => void (await (await house.at(caller)).memory.delete(key)),
    list: async (caller) => (await (await house.at(caller)).memory.list()).map(({ value }) => textOf(value)),
    recall: (caller, word) =>
      house.inRun(caller, async (run) =>
        (await run.memory.list()).map(({ value }) => textOf(value)).filter((text) => text.includes(word)),
      ),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Blocks of memory, by their label, which an agent attaches to its prompt. */
export function createOurBlocks(house: House): Records {
  let made = 0
  const set = async (caller: Scope, id: string, { text, owner }: Fields) =>
    await (await house.at(caller)).memory.set(id, { text, ...(owner && { owner: { ...owner } }) })
  return {
    doors: ['read', 'attach'],
    async add(caller, fields) {
      const id = fields.id ?? `persona-${++made}`
      await set(caller, id, fields)
      return id
    },
    reach: (caller, door, id) =>
      house.inRun(caller, async (run) => {
        const block = await run.memory.get(id)
        if (block === undefined) throw new NotFound()
        if (door === 'read') return block.value
        await run.context.add(block)
        return run.context.text()
      }),
    change: set,
    remove: async (caller, id) => void (await (await house.at(caller)).memory.delete(id)),
    list: async (caller, words) =>
      (await (await house.at(caller)).memory.list())
        .map(({ value }) => value)
        .filter((value) => words?.some((word) => JSON.stringify(value).includes(word)) ?? true),
  }
}
