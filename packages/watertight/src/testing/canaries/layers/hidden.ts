import type { Layer } from './layer.ts'

/**
 * Reads what several texts say together, beside their own words: first and last letters, the words or letters in which
 * they differ, what was set apart.
 *
 * @param texts the lines of a text, the fields of an object, the items of a list or the turns of a conversation
 */
export function* readTogether(texts: readonly string[]): Iterable<Layer> {
  if (texts.length < 2) return
  yield { steps: ['acrostic'], offset: 0, content: texts.map((text) => findFirst(text, 1)).join('') }
  yield { steps: ['acrostic'], offset: 0, content: texts.map((text) => findFirst(text, -1)).join('') }
  yield {
    steps: ['word-list'],
    offset: 0,
    content: texts.map((text) => /\S+/.exec(text.slice(0, 512))?.[0] ?? '').join(' '),
  }
  yield {
    steps: ['word-list'],
    offset: 0,
    content: texts.map((text) => text.slice(-256).trimEnd().split(/\s/).at(-1) ?? '').join(' '),
  }
  yield { steps: ['word-list'], offset: 0, content: dropCommon(texts).join('') }
  if (texts.length >= 10)
    for (let column = 1; column < 12; column++)
      yield { steps: ['column'], offset: 0, content: texts.map((text) => text.charAt(column)).join('') }
  if (texts.length < 3 || !texts.some((text) => /[,;\t|.]/.test(text))) return
  const cells = texts.map((text) => text.split(/[,;\t|.]/, 12))
  for (let column = 0; column < 12; column++)
    yield { steps: ['column'], offset: 0, content: cells.map((row) => row[column] ?? '').join('') }
}

/** Reads what stands out in one text: first and last letters of words and sentences, capitals, what was set apart. */
export function* readMarked(text: string): Iterable<Layer> {
  let first = ''
  let last = ''
  // By hand: it is done for every text, and expressions would cost more than the rest of the search.
  let before = 32
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isWord = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 39 || code === 45 || code > 127
    const wasWord =
      (before >= 97 && before <= 122) ||
      (before >= 65 && before <= 90) ||
      before === 39 ||
      before === 45 ||
      before > 127
    if (isWord && !wasWord) first += text.charAt(at)
    if (!isWord && wasWord) last += text.charAt(at - 1)
    before = code
  }
  if (first.length >= 10) {
    yield { steps: ['acrostic'], offset: 0, content: first }
    yield { steps: ['acrostic'], offset: 0, content: last + text.slice(-1) }
  }
  const sentences = Array.from(text.matchAll(/[.!?:]["')]?\s+(\p{L})/gu), ([, letter = '']) => letter)
  if (sentences.length >= 10) yield { steps: ['acrostic'], offset: 0, content: text.slice(0, 1) + sentences.join('') }
  const capitals = text.match(/[A-Z]/g)
  if (capitals !== null && capitals.length >= 10) yield { steps: ['marked'], offset: 0, content: capitals.join('') }
  for (const mark of marks) {
    let parts = ''
    for (const [, part = ''] of text.matchAll(mark)) parts += part
    if (parts.length >= 10) yield { steps: ['marked'], offset: 0, content: parts }
  }
}

// Set apart by brackets, quotes, emphasis, tags of HTML, and marks of a topic or a person.
const marks = [
  /\[([^\]\n]{1,40})\]/g,
  /\(([^)\n]{1,40})\)/g,
  /"([^"\n]{1,40})"/g,
  /'([^'\n]{1,40})'/g,
  /`([^`\n]{1,40})`/g,
  /\*([^*\n\s]{1,40})\*/g,
  /_([^_\n\s]{1,40})_/g,
  /<(?:b|i|em|strong|u|mark|code)>([^<]{1,40})/g,
  /[#@]([\w-]{1,40})/g,
]

// The first or last letter, number or sign that can be seen.
function findFirst(text: string, step: 1 | -1): string {
  const near = Array.from(step === 1 ? text.slice(0, 64) : text.slice(-64))
  const found = (character: string) => /[\p{L}\p{N}\p{So}]/u.test(character)
  return (step === 1 ? near.find(found) : near.findLast(found)) ?? ''
}

// What all begin or end with tells nothing: "Part 1 of 4: …".
function dropCommon(texts: readonly string[]): readonly string[] {
  const bare = texts.map((text) => text.slice(0, 4096).replaceAll(/\d+/g, ''))
  const [model = ''] = bare
  let head = model.length
  let tail = model.length
  for (const text of bare) {
    let same = 0
    while (same < head && same < text.length && text.charCodeAt(same) === model.charCodeAt(same)) same++
    head = same
    same = 0
    while (same < tail && same < text.length && text.at(-1 - same) === model.at(-1 - same)) same++
    tail = same
  }
  return bare.map((text) => text.slice(head, Math.max(head, text.length - tail)))
}
