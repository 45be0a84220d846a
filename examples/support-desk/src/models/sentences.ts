import { stems } from './stems.ts'

const date = /\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d{4}-\d{2}-\d{2}\b/

/**
 * Finds the sentences that answer a question, best first: those that share most of its words, then those that hold what
 * was asked for (a date for "when", a condition for "what happens if").
 *
 * @param passages texts to read, Markdown or plain
 */
export function sentencesFor(question: string, passages: readonly string[], count = 1): string[] {
  const asked = stems(question)
  return [...new Set(passages.flatMap(sentencesOf))]
    .map((sentence) => ({ sentence, shared: sharedWith(asked, sentence), fit: fitOf(question, sentence) }))
    .filter(({ shared }) => shared > 0)
    .toSorted((one, other) => other.shared + other.fit - (one.shared + one.fit))
    .slice(0, count)
    .map(({ sentence }) => sentence)
}

function sharedWith(asked: ReadonlySet<string>, sentence: string): number {
  const words = stems(sentence)
  return [...asked].filter((word) => words.has(word)).length / Math.max(asked.size, 1)
}

function fitOf(question: string, sentence: string): number {
  const wantsDate = /\bwhen\b|\b(?:which|what) (?:day|date)\b|\bterms\b/i.test(question) && date.test(sentence)
  const wantsCondition = /\bif\b/i.test(question) && /^(?:if|when|after|once|unless)\b/i.test(sentence)
  return (wantsDate ? 0.5 : 0) + (wantsCondition ? 0.5 : 0)
}

function sentencesOf(passage: string): string[] {
  return passage
    .split(/\n\s*\n|\n(?=[#*-])/)
    .filter((block) => !block.startsWith('#'))
    .flatMap((block) => block.replaceAll(/\s+/g, ' ').split(/(?<=[.!?])\s+(?=[A-Z])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[.!?]$/.test(sentence) && !sentence.startsWith('Assistant:'))
}
