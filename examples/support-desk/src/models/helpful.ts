import { createOfflineModel, type Decision, type OfflineModel, type PlannedCall } from './offline-model.ts'
import type { CallReading, Reading } from './read-prompt.ts'
import { sentencesFor } from './sentences.ts'
import { stems } from './stems.ts'
import { stringsIn } from './strings-in.ts'
import { ticketsIn, type TicketReading } from './tickets-in.ts'
import { wishesIn, type Wish } from './wishes.ts'

/**
 * Makes a model that answers questions by reading: it looks for what was asked with the tools that it is given, and quotes
 * what it finds. It knows nothing but its prompt and the results of its calls, and obeys nobody but the person who asks.
 */
export function createHelpfulModel(): OfflineModel {
  return createOfflineModel('helpful-reader', decide)
}

function decide(reading: Reading): Decision {
  const wishes = wishesIn(reading.question)
  const calls = wishes.flatMap((wish) => nextCall(wish, reading)).filter((call) => offers(reading, call.tool))
  return calls.length > 0 ? { calls } : { text: wishes.map((wish) => answerTo(wish, reading)).join(' ') }
}

/** The next call that a wish needs, or none when it needs no more. */
function nextCall(wish: Wish, reading: Reading): PlannedCall[] {
  const call = callFor(wish, reading)
  return call && !findCall(reading, call) ? [call] : []
}

function callFor(wish: Wish, reading: Reading): PlannedCall | undefined {
  switch (wish.kind) {
    case 'know':
    case 'compare':
      return { tool: 'search_documents', input: { query: wish.about } }
    case 'recall':
      return { tool: 'recall', input: { key: wish.key } }
    case 'remember':
      return { tool: 'remember', input: { key: wish.key, value: wish.value } }
    case 'list-tickets':
      return { tool: 'list_tickets', input: wish.status === undefined ? {} : { status: wish.status } }
    case 'refund':
      return refundCall(wish, reading)
    default:
      return closingCall(wish, reading)
  }
}

// Reads before it writes: an id can be mistyped, and the words beside it say what was meant.
function closingCall(wish: Wish & { kind: 'close-ticket' }, reading: Reading): PlannedCall | undefined {
  const lookup = { tool: 'read_ticket', input: { ticketId: wish.ticketId } }
  const found = findCall(reading, lookup)
  if (!found) return lookup
  const ticket = ticketIn(found, wish.ticketId)
  if (!ticket || !isAbout(ticket, wish.about)) return undefined
  return { tool: 'update_ticket', input: { ticketId: wish.ticketId, status: 'closed' } }
}

function refundCall({ ticketId }: Wish & { kind: 'refund' }, reading: Reading): PlannedCall | undefined {
  const lookup = { tool: 'read_ticket', input: { ticketId } }
  const found = findCall(reading, lookup)
  if (!found) return lookup
  return ticketIn(found, ticketId) && { tool: 'refund_invoice', input: { ticketId } }
}

function answerTo(wish: Wish, reading: Reading): string {
  switch (wish.kind) {
    case 'know':
      return quote(wish.about, reading, 1)
    case 'compare':
      return `${quote(wish.about, reading, 2)} I cannot see any other account, so I have nothing to compare this with.`
    case 'recall':
      return preference(wish, reading)
    case 'remember':
      return promise(wish, reading)
    case 'list-tickets':
      return summary(wish, reading)
    case 'refund':
      return refund(wish, reading)
    default:
      return closure(wish, reading)
  }
}

function quote(about: string, reading: Reading, count: number): string {
  const found = successful(reading, 'search_documents').flatMap(({ result }) => stringsIn(result))
  const sentences = sentencesFor(about, [...found, ...reading.context], count)
  return sentences.length > 0 ? sentences.join(' ') : `I found nothing about this: ${about}.`
}

function preference(wish: Wish & { kind: 'recall' }, reading: Reading): string {
  const call = findCall(reading, { tool: 'recall', input: { key: wish.key } })
  const told = call && !call.refused ? valueIn(call.result) : undefined
  const value = told ?? rememberedInContext(wish.key, reading)
  return value === undefined
    ? `I do not remember which ${wish.about} you prefer.`
    : `You prefer this ${wish.about}: ${value}.`
}

// A memory is its value, or comes with one among other members.
function valueIn(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return stringsIn(result)[0]
  return stringsIn(new Map<string, unknown>(Object.entries(result)).get('value'))[0]
}

function rememberedInContext(key: string, { context }: Reading): string | undefined {
  const lines = context.flatMap((paragraph) => paragraph.split('\n'))
  return lines
    .find((line) => line.includes(key))
    ?.split(key)[1]
    ?.replaceAll(/^[\s"':=]+|["'.\s]+$/g, '')
}

function promise(wish: Wish & { kind: 'remember' }, reading: Reading): string {
  const call = findCall(reading, { tool: 'remember', input: { key: wish.key, value: wish.value } })
  return call && !call.refused
    ? `I will remember this: ${wish.value}.`
    : `I was not allowed to keep this: ${wish.value}.`
}

function summary(wish: Wish & { kind: 'list-tickets' }, reading: Reading): string {
  const kind = wish.status === undefined ? '' : `${wish.status} `
  const listed = successful(reading, 'list_tickets').flatMap(({ result }) => ticketsIn(result))
  const tickets = listed.filter(
    ({ status }) => wish.status === undefined || status === undefined || status === wish.status,
  )
  if (tickets.length === 0) return `I see no ${kind}tickets.`
  const lines = tickets.map(({ id, title }) => (title === undefined ? id : `${id} (${title})`))
  return `There are ${tickets.length} ${kind}tickets: ${lines.join('; ')}.`
}

function closure(wish: Wish & { kind: 'close-ticket' }, reading: Reading): string {
  const { ticketId, about } = wish
  const lookup = findCall(reading, { tool: 'read_ticket', input: { ticketId } })
  const ticket = lookup && ticketIn(lookup, ticketId)
  if (!ticket) return `I cannot find ${ticketId}, so nothing was closed.`
  if (!isAbout(ticket, about)) return `${ticketId} is not about ${about}, so I left it as it is.`
  const update = findCall(reading, { tool: 'update_ticket', input: { ticketId, status: 'closed' } })
  return update && !update.refused ? `${ticketId} is closed now.` : `I was not allowed to close ${ticketId}.`
}

function refund({ ticketId }: Wish & { kind: 'refund' }, reading: Reading): string {
  const lookup = findCall(reading, { tool: 'read_ticket', input: { ticketId } })
  if (!lookup || !ticketIn(lookup, ticketId)) return `I cannot find ${ticketId}, so nothing was refunded.`
  const call = findCall(reading, { tool: 'refund_invoice', input: { ticketId } })
  if (call && !call.refused) return `The invoice of ${ticketId} is refunded.`
  return call && waits(call)
    ? `The refund of ${ticketId} waits for an owner of the workspace. Nothing is refunded yet.`
    : `I was not allowed to refund the invoice of ${ticketId}.`
}

function waits({ result }: CallReading): boolean {
  return stringsIn(result).some((text) => text.includes('approval-required'))
}

function ticketIn({ refused, result }: CallReading, ticketId: string): TicketReading | undefined {
  return refused ? undefined : ticketsIn(result).find(({ id }) => id === ticketId)
}

function isAbout(ticket: TicketReading, about: string): boolean {
  const words = stems(ticket.text)
  return [...stems(about)].every((word) => words.has(word))
}

function offers({ tools }: Reading, name: string): boolean {
  return tools.some((tool) => tool.name === name)
}

function successful({ calls }: Reading, tool: string): CallReading[] {
  return calls.filter((call) => call.tool === tool && !call.refused)
}

// A schema may have reordered the arguments or filled in defaults since the call was made.
function findCall({ calls }: Reading, { tool, input }: PlannedCall): CallReading | undefined {
  const wanted = Object.entries(input)
  return calls.find((call) => call.tool === tool && wanted.every(([name, value]) => argument(call, name) === value))
}

function argument({ input }: CallReading, name: string): unknown {
  return typeof input === 'object' && input !== null
    ? new Map<string, unknown>(Object.entries(input)).get(name)
    : undefined
}
