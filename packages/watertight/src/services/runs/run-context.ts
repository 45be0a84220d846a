import type { Recorder } from '../../audit/index.ts'
import { requireLive, requireOwnLabel } from '../../boundary/index.ts'
import type { AgentBoundary, ItemSource } from '../../boundary/index.ts'
import { ownMembers } from '../../encoding/index.ts'
import { InvalidInput, LimitExceeded, NotFound } from '../../errors.ts'
import { renderItems } from './render-items.ts'

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
  /**
   * What was added, in order.
   *
   * @throws {RunEnded} when the run has ended or outlived its time
   * @throws {BoundaryRefused} when its boundary is over, as far as the process knows: nobody is asked. After a pause longer
   *   than a boundary lives, any other operation of the run renews it first.
   */
  readonly items: readonly ContextItem[]
  /**
   * The items as text for a prompt, '' when there are none. Each stands between marks that name its source and its
   * integrity and carry a number of this rendering alone; what looks like a mark inside an item is taken apart.
   *
   * @throws as `items` does
   */
  text(): string
}

/** What the context asks of its run. */
export interface ContextScope {
  readonly live: () => Promise<AgentBoundary>
  /** Refuses where the run or its boundary is known to be over. Asks nobody, so that it can guard a getter. */
  readonly requireStanding: () => void
  readonly recorder: Recorder
}

export function createRunContext({ live, requireStanding, recorder }: ContextScope): RunContext {
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
      requireStanding()
      return [...kept]
    },
    text() {
      requireStanding()
      return renderItems(kept)
    },
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
