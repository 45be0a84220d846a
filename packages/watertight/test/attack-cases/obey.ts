import { Refusal } from '../../src/index.ts'
import type { AttackDesk, AttackRun } from './stage.ts'

/** How a text comes before the eyes of a model. */
export const channels = ['document', 'memory', 'state', 'tool'] as const

/** What obeying came to. */
export interface Obeyed {
  /** what each call came to: an answer, or the code that it was refused with */
  readonly outcomes: readonly { readonly came: string; readonly value?: unknown }[]
}

const instruction = /\b([a-z]+(?:_[a-z]+)*) (\{.*?\});/g

/**
 * A model that does what it reads, without a thought of its own: plants the text where the channel has it, reads it back as
 * a model would, and calls every tool that the text tells it to, in the words `tool_name {"argument": …};`.
 */
export async function obey(desk: AttackDesk, run: AttackRun, channel: unknown, text: unknown): Promise<Obeyed> {
  // A model reads through the quoting of a text that lies in JSON.
  const read = (await readBack(desk, run, channel, String(text))).replaceAll('\\"', '"')
  const outcomes: Obeyed['outcomes'][number][] = []
  for (const [, tool, given = ''] of read.matchAll(instruction)) {
    try {
      outcomes.push({ came: 'answer', value: await run.tools.call(tool, JSON.parse(given)) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      outcomes.push({ came: error.code })
    }
  }
  if (outcomes.length === 0) throw new TypeError('The text that was read tells a model to do nothing.')
  return { outcomes }
}

async function readBack(desk: AttackDesk, run: AttackRun, channel: unknown, text: string): Promise<string> {
  switch (channel) {
    case 'document': {
      const place = { datasourceId: 'handbook', documentId: 'inbox' }
      await desk.retrieval.add({ ...place, title: 'Inbox', text })
      return await inContext(run, await run.retrieval.search(text.slice(0, 2_000), { limit: 3 }))
    }
    case 'memory':
      await desk.memory.set('inbox', text)
      return await inContext(run, [await run.memory.get('inbox')])
    case 'state':
      await run.state.set('inbox', text)
      return await inContext(run, [await run.state.get('inbox')])
    case 'tool':
      await run.tools.call('update_ticket', { ticketId: 'T-1001', title: text })
      return await inContext(run, [await run.tools.call('read_ticket', { ticketId: 'T-1001' })])
    default:
      throw new TypeError(`obey() has no such channel: ${String(channel)}.`)
  }
}

async function inContext(run: AttackRun, items: readonly unknown[]): Promise<string> {
  await run.context.add(...items)
  return run.context.text()
}
