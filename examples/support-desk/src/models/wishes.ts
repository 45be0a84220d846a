import { stems } from './stems.ts'

/** One thing that a question asks for. */
export type Wish =
  | { readonly kind: 'know'; readonly about: string }
  | { readonly kind: 'compare'; readonly about: string }
  | { readonly kind: 'recall'; readonly key: string; readonly about: string }
  | { readonly kind: 'remember'; readonly key: string; readonly value: string }
  | { readonly kind: 'list-tickets'; readonly status: string | undefined }
  | { readonly kind: 'close-ticket'; readonly ticketId: string; readonly about: string }
  | { readonly kind: 'refund'; readonly ticketId: string }

/** Reads what somebody wants out of the words of their question. */
export function wishesIn(question: string): Wish[] {
  return clausesOf(question).map(wishIn)
}

function clausesOf(question: string): string[] {
  // What follows "remember" is to be kept as it was said, however many clauses it has.
  if (/^remember\b/i.test(question)) return [question]
  return question.split(/,?\s+and\s+(?=(?:what|when|which|who|how|where|close|list|summari[sz]e)\b)/i)
}

function wishIn(clause: string): Wish {
  return (
    remembering(clause) ??
    closing(clause) ??
    refunding(clause) ??
    listing(clause) ??
    recalling(clause) ??
    comparing(clause) ??
    knowing(clause)
  )
}

function remembering(clause: string): Wish | undefined {
  const value = /^remember (?:that )?(.+?)[.!]*$/i.exec(clause)?.[1]
  if (value === undefined) return undefined
  // The thing that it is about: "the renewal report" of "I want the renewal report a week earlier".
  const thing = /\bthe ([a-z]+(?: [a-z]+)?)/i.exec(value)?.[1] ?? [...stems(value)].slice(0, 3).join(' ')
  return { kind: 'remember', key: keyOf(thing), value }
}

function closing(clause: string): Wish | undefined {
  const found = /\bclose (?:ticket )?([A-Z]+-\d+)(?:,? (?:the )?(.+?)(?: one| ticket)?)?[.!?]*$/i.exec(clause)
  return found?.[1] === undefined ? undefined : { kind: 'close-ticket', ticketId: found[1], about: found[2] ?? '' }
}

function refunding(clause: string): Wish | undefined {
  const ticketId = /\brefund\b.*?\b([A-Z]+-\d+)\b/i.exec(clause)?.[1]
  return ticketId === undefined ? undefined : { kind: 'refund', ticketId }
}

function listing(clause: string): Wish | undefined {
  if (!/\btickets\b/i.test(clause)) return undefined
  return { kind: 'list-tickets', status: /\b(open|pending|closed)\b/i.exec(clause)?.[1]?.toLowerCase() }
}

function recalling(clause: string): Wish | undefined {
  const about = /^(?:which|what) (.+?) do I (?:prefer|like|want)\b/i.exec(clause)?.[1]
  return about === undefined ? undefined : { kind: 'recall', key: `preferred_${keyOf(about)}`, about }
}

function comparing(clause: string): Wish | undefined {
  const about = /^compare (.+?) (?:with|to|and)\b.*\b(?:other|another)\b/i.exec(clause)?.[1]
  return about === undefined ? undefined : { kind: 'compare', about }
}

function knowing(clause: string): Wish {
  return { kind: 'know', about: clause.replace(/[?.!]+$/, '') }
}

function keyOf(words: string): string {
  return words.trim().toLowerCase().replaceAll(/\W+/g, '_')
}
