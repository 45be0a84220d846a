import { stringsIn } from './strings-in.ts'

/** A ticket, as far as a tool result shows it. */
export interface TicketReading {
  readonly id: string
  readonly title: string | undefined
  readonly status: string | undefined
  /** All words of the ticket. */
  readonly text: string
}

/** Finds the tickets in a tool result, however deep they lie. */
export function ticketsIn(value: unknown): TicketReading[] {
  if (Array.isArray(value)) return value.flatMap(ticketsIn)
  if (typeof value !== 'object' || value === null) return []
  const members = new Map<string, unknown>(Object.entries(value))
  const id = [members.get('id'), members.get('ticketId')].find(isTicketId)
  if (id === undefined) return [...members.values()].flatMap(ticketsIn)
  return [
    { id, title: text(members.get('title')), status: text(members.get('status')), text: stringsIn(value).join('\n') },
  ]
}

function isTicketId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]+-\d+$/.test(value)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
