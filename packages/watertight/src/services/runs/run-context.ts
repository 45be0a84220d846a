import type { Recorder } from '../../audit/index.ts'
import { requireLive, requireOwnLabel } from '../../boundary/index.ts'
import type { AgentBoundary, ItemSource } from '../../boundary/index.ts'
import { ownMembers } from '../../encoding/index.ts'
import { InvalidInput, LimitExceeded, NotFound } from '../../errors.ts'

/** The most text that the context of one run may hold, in characters. */
const maximumContextLength = 1_000_000

/** One item that entered the prompt: its text, and where it came from. */
export interface ContextItem {
  readonly source: ItemSource
  readonly integrity: 'trusted' | 'untrusted'
  readonly text: string
}

/** The only way of text into a run's prompt. */
export interface RunContext {
  /**
   * Takes items that a surface of this compartment returned, and remembers them. Durable before it resolves.
   *
   * @param items memory items, search hits, tool observations
   * @throws {InvalidInput} when an item carries no label: a plain string proves nothing about whose it is
   * @throws {NotFound} when an item is labelled for another tenant, workspace or person
   */
  add(...items: readonly object[]): Promise<void>
  /** What was added, in order. */
  readonly items: readonly ContextItem[]
  /** The items as text for a prompt, each between marks that name its source; '' when there are none. */
  text(): string
}

export function createRunContext(live: () => Promise<AgentBoundary>, recorder: Recorder): RunContext {
  const kept: ContextItem[] = []
  return {
    async add(...items) {
      const boundary = await live()
      const added = await readItems(boundary, recorder, kept, items)
      const sources = added.map(({ source }) => ({ surface: source.surface, id: source.id }))
      const draft = { event: 'context-added', surface: 'runs', detail: { items: sources } } as const
      // Text in the prompt has left: what it rests on is durable first. Where it cannot be, nothing was added.
      await recorder.during(boundary, [draft], async () => undefined, { apart: true })
      kept.push(...added)
    },
    get items() {
      return [...kept]
    },
    text: () => kept.map(renderItem).join('\n'),
  }
}

async function readItems(
  boundary: AgentBoundary,
  recorder: Recorder,
  kept: readonly ContextItem[],
  items: readonly object[],
): Promise<readonly ContextItem[]> {
  const state = requireLive(boundary)
  try {
    const added = items.map((item) => {
      const { source, integrity } = requireOwnLabel(state, item)
      return Object.freeze({ source, integrity, text: textOf(item) })
    })
    const length = [...kept, ...added].reduce((sum, item) => sum + item.text.length, 0)
    if (length > maximumContextLength) throw new LimitExceeded('context in characters', maximumContextLength)
    return added
  } catch (error) {
    const foreign = error instanceof NotFound
    const reason = error instanceof LimitExceeded ? 'limit_exceeded' : 'item-without-label'
    await recorder.note(boundary, {
      event: foreign ? 'resource-outside-boundary' : 'input-refused',
      surface: 'runs',
      decision: 'refused',
      reason: foreign ? 'item-of-another-boundary' : reason,
      blocked: foreign ? 1 : 0,
    })
    await recorder.flush(boundary) // a refusal leaves evidence before it is thrown
    throw error
  }
}

// What an item says is its `text` (a search hit) or its `value` (memory, an observation).
function textOf(item: object): string {
  const { text, value } = ownMembers(item)
  if (typeof text === 'string') return text
  if (value !== undefined) return typeof value === 'string' ? value : JSON.stringify(value)
  throw new InvalidInput('item', 'an item with a text or a value')
}

// The marks tell the model what is data. They are a courtesy to it, not a guard: the boundary does not rest on them.
function renderItem({ source, text }: ContextItem): string {
  return `<item source="${source.surface}:${encodeURIComponent(source.id)}">\n${text}\n</item>`
}
