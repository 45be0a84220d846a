import type { DeskCompartment } from '../desk/open-desk.ts'
import type { MemorySeed } from '../seed/index.ts'

/** Puts these memories in the place of all that a person has. */
export async function putUserMemories(desk: DeskCompartment, memories: readonly MemorySeed[]): Promise<void> {
  const wanted = new Map(memories.map(({ key, value }) => [key, value]))
  const found = await desk.memory.list({ limit: 1_000 })
  for (const { key } of found) if (!wanted.has(key)) await desk.memory.delete(key)
  const same = new Set(found.filter(({ key, value }) => wanted.get(key) === value).map(({ key }) => key))
  for (const [key, value] of wanted) if (!same.has(key)) await desk.memory.set(key, value)
}
