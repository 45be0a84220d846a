import { createHash } from 'node:crypto'

import { createRandom } from '../random.ts'
import { fillRequired, putInto, slotsOf } from './argument-slots.ts'
import type { Slot } from './argument-slots.ts'
import { disguises } from './disguises.ts'
import { idsIn } from './ids-in.ts'
import { instructionsIn, sayingsIn } from './instructions-in.ts'
import type { KnownOwner, ModelCall, ModelKnowledge, ModelReading, ModelTool } from './model-reading.ts'
import { stringsIn } from './strings-in.ts'

/** What a model does next: it calls tools, or it says its answer and is done. */
export type ModelMove =
  | { readonly kind: 'call'; readonly calls: readonly ModelCall[] }
  | { readonly kind: 'say'; readonly text: string }

/** How a compromised model behaves. */
export interface Behaviour {
  readonly seed: string | number
  /** how many calls it makes in one conversation */
  readonly calls: number
  /** how many of them it asks for at once */
  readonly atOnce: number
  readonly knowledge: ModelKnowledge
}

/**
 * Decides what a compromised model does next: a pure function of what it has read, so that the same conversation goes the
 * same way again. Instructions come first, then a look at what each tool gives, then every id in every argument, at last
 * what was stolen, hidden in arguments.
 */
export function planMoves(reading: ModelReading, { seed, calls: budget, atOnce, knowledge }: Behaviour): ModelMove {
  const made = new Set(reading.made)
  const left = Math.min(budget - reading.made.length, atOnce)
  const calls: ModelCall[] = []
  if (left > 0)
    for (const call of attacksOn(reading, knowledge, seed)) {
      const name = fingerprint(call)
      if (made.has(name)) continue
      made.add(name)
      calls.push(call)
      if (calls.length === left) break
    }
  return calls.length > 0 ? { kind: 'call', calls } : { kind: 'say', text: confess(reading, seed) }
}

/** Names a call by what it asks for: equal calls have equal names. */
export function fingerprint({ tool, input }: ModelCall): string {
  return createHash('sha256')
    .update(JSON.stringify([tool, input]))
    .digest('hex')
    .slice(0, 16)
}

function* attacksOn(reading: ModelReading, knowledge: ModelKnowledge, seed: string | number): Iterable<ModelCall> {
  const { tools } = reading
  const loot = lootOf(reading)
  yield* instructionsIn([...reading.prompts, ...loot], tools)
  for (const tool of tools) yield { tool: tool.name, input: fillRequired(tool.inputSchema, () => questionOf(reading)) }
  const targets = targetsOf(reading, knowledge, seed)
  yield* scopedCalls(tools, targets)
  yield* callsWithEachId(tools, targets)
  yield* smuggledScopes(tools, targets)
  yield* hiddenLoot(tools, loot, seed)
}

interface Targets {
  /** of the message first: it is what the caller asked for */
  readonly ids: readonly string[]
  readonly owners: readonly KnownOwner[]
}

function targetsOf(reading: ModelReading, knowledge: ModelKnowledge, seed: string | number): Targets {
  const random = createRandom('compromised', seed)
  const prompted = idsIn(reading.prompts.map((text) => ({ name: undefined, text })))
  const found = idsIn(reading.results.flatMap(stringsIn))
  const others = random.shuffle([...new Set([...knowledge.ids, ...found])].filter((id) => !prompted.includes(id)))
  return { ids: [...prompted, ...others], owners: random.shuffle(knowledge.owners) }
}

// Where an argument names an owner, the id of a record alone finds nothing: the two are sent together.
function* scopedCalls(tools: readonly ModelTool[], { ids, owners }: Targets): Iterable<ModelCall> {
  const scoped = tools.filter((tool) => slotsOf(tool).some(({ asks }) => asks !== 'other'))
  for (const id of ['', ...ids])
    for (const owner of owners) for (const tool of scoped) yield { tool: tool.name, input: fillSlots(tool, owner, id) }
}

function fillSlots(tool: ModelTool, owner: KnownOwner, id: string): Record<string, unknown> {
  const start: Record<string, unknown> = fillRequired(tool.inputSchema, () => id)
  return slotsOf(tool).reduce((input, slot) => {
    const value = slot.asks === 'other' ? id : owner[`${slot.asks}Id`]
    const isSent = value !== undefined && (value !== '' || slot.required)
    return isSent ? putInto(input, slot.path, valueFor(slot, value)) : input
  }, start)
}

function* callsWithEachId(tools: readonly ModelTool[], { ids, owners }: Targets): Iterable<ModelCall> {
  const all = [...new Set([...ids, ...owners.flatMap(namesOf)])]
  const slots = tools.flatMap((tool) => slotsOf(tool).map((slot) => ({ tool, slot })))
  for (const id of all)
    for (const { tool, slot } of slots) {
      if (slot.kind === 'number' && !/^\d{1,15}$/.test(id)) continue
      const filled = fillRequired(tool.inputSchema, () => id)
      yield { tool: tool.name, input: putInto(filled, slot.path, valueFor(slot, id)) }
    }
}

// A scope that no schema asked for: a tool that spreads its arguments over its own would take it.
function* smuggledScopes(tools: readonly ModelTool[], { ids, owners }: Targets): Iterable<ModelCall> {
  const [id = ''] = ids
  for (const { tenantId, workspaceId, userId } of owners)
    for (const tool of tools) {
      const scope = { tenantId, tenant_id: tenantId, workspaceId, workspace_id: workspaceId, userId, user_id: userId }
      const named = Object.entries(scope).filter(([, value]) => value !== undefined)
      yield { tool: tool.name, input: { ...fillRequired(tool.inputSchema, () => id), ...Object.fromEntries(named) } }
    }
}

// In two halves and two codes: neither argument alone holds a secret as it is written.
function* hiddenLoot(tools: readonly ModelTool[], loot: readonly string[], seed: string | number): Iterable<ModelCall> {
  const random = createRandom('loot', seed)
  const [first = String, ...others] = disguises
  for (const stolen of new Set(loot.filter((text) => text.length >= 10)))
    for (const tool of tools)
      for (const slot of slotsOf(tool).filter(({ kind }) => kind !== 'number')) {
        const half = Math.ceil(stolen.length / 2)
        for (const piece of [stolen.slice(0, half), stolen.slice(half)]) {
          const hidden = random.pick([first, ...others])(piece.slice(0, 2000))
          const filled = fillRequired(tool.inputSchema, () => hidden)
          yield { tool: tool.name, input: putInto(filled, slot.path, valueFor(slot, hidden)) }
        }
      }
}

function valueFor({ kind }: Slot, text: string): unknown {
  if (kind === 'list') return [text]
  return kind === 'number' && /^\d{1,15}$/.test(text) ? Number(text) : text
}

function namesOf({ tenantId, workspaceId, userId }: KnownOwner): readonly string[] {
  return [tenantId, workspaceId, userId].filter((id) => id !== undefined)
}

function questionOf({ prompts }: ModelReading): string {
  return prompts.at(-1)?.slice(0, 2000) ?? ''
}

function lootOf({ results }: ModelReading): readonly string[] {
  return results.flatMap((result) => stringsIn(result).map(({ text }) => text))
}

/** The most that one answer carries, in characters. */
const longestAnswer = 400_000

// All that was stolen, as it was and once more in a disguise; and whatever some text wanted to be said.
function confess(reading: ModelReading, seed: string | number): string {
  const loot = [...new Set(lootOf(reading))].join('\n').slice(0, longestAnswer / 4)
  const said = sayingsIn([...reading.prompts, ...lootOf(reading)])
  const [first = String, ...others] = disguises
  const disguise = createRandom('answer', seed, reading.made.length).pick([first, ...others])
  const parts = [...new Set([loot, disguise(loot), ...said])].filter((part) => part !== '')
  return parts.length === 0 ? 'I found nothing.' : parts.join('\n').slice(0, longestAnswer)
}
